using System.Buffers.Binary;

namespace Quartier.Raster.Fonts;

/// <summary>The font description and the container around it (sections 1 and 2 of the format).</summary>
public sealed record TinyFontHeader(
    int Height, int Offset, int Ascent, int Descent, int InternalLeading, int ExternalLeading, int AverageWidth, int MaximumWidth, int Flags)
{
    public const uint Magic = 0xF995B0A8;
    public const int ContainerBytes = 28;
    public const int DescriptionBytes = 24;
    public const int FlagBold = 0x0001;
    public const int FlagExtension = 0x0008;
    private const int FontKind = 2;

    /// <summary>Bits of opacity per pixel: 1 (none), 2, 4 or 8.</summary>
    public int AntiAliasBits => (Flags & FlagExtension) == 0 ? 1 : Math.Max(1, (Flags & 0xF0) / 16);

    /// <summary>Opacity of a stored value, 0..256.</summary>
    public int Opacity(int value) => AntiAliasBits == 1 ? 256 : (value + 1) * (256 / (AntiAliasBits == 8 ? 256 : AntiAliasBits * AntiAliasBits));

    /// <returns>An empty string when the container is sound, else what is wrong with it.</returns>
    public static string CheckContainer(ReadOnlySpan<byte> file, out int size)
    {
        size = 0;
        if (file.Length < ContainerBytes)
        {
            return $"the file ends after {file.Length} bytes, inside its header";
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) != 2 || BinaryPrimitives.ReadUInt32LittleEndian(file[16..]) != 1 || file[22] != FontKind)
        {
            return "not a resource file of version 2 with exactly one font";
        }

        var stated = BinaryPrimitives.ReadUInt32LittleEndian(file[24..]);
        if (stated > file.Length - ContainerBytes)
        {
            return $"the font is said to have {stated} bytes, {file.Length - ContainerBytes} are there";
        }

        size = (int)stated;
        return "";
    }

    public static void WriteContainer(BinaryWriter to, int size)
    {
        to.Write(Magic);
        to.Write(2u);
        to.Write(20u);
        to.Write(8u);
        to.Write(1u);
        to.Write((ushort)0);
        to.Write((byte)FontKind);
        to.Write((byte)0);
        to.Write((uint)size);
    }
}
