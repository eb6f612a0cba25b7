using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Quartier.Mqtt;

/// <summary>UTF-8 strings of §1.5.3: length as two bytes, well-formed, no U+0000, a leading U+FEFF kept.</summary>
public static class MqttText
{
    /// <summary>Longest string in bytes.</summary>
    public const int BytesMax = 65535;

    public static bool IsWellFormed(ReadOnlySpan<byte> utf8) => utf8.IndexOf((byte)0) < 0 && Utf8.IsValid(utf8);

    /// <summary>True when the text can be sent: no lone surrogate, no U+0000, short enough.</summary>
    public static bool IsSendable(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(text) > BytesMax)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes a two-byte length and that many bytes from the front of <paramref name="rest"/>; false when they are not there.</summary>
    public static bool TryTakeBytes(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (rest.Length < 2)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (rest.Length < 2 + length)
        {
            return false;
        }

        bytes = rest.Slice(2, length);
        rest = rest[(2 + length)..];
        return true;
    }

    /// <summary>Takes a string; false when it is cut short or is not well-formed.</summary>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        if (!TryTakeBytes(ref rest, out var bytes) || !IsWellFormed(bytes))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(bytes);
        return true;
    }
}
