namespace Quartier.Raster;

/// <summary>The panel's colours: 5 bits of red, 6 of green, 5 of blue.</summary>
public static class Rgb565
{
    public static ushort FromRgb(int rgb) => (ushort)(((rgb / 65536 % 256 / 8) * 2048) + ((rgb / 256 % 256 / 4) * 32) + (rgb % 256 / 8));

    /// <summary>0xRRGGBB with the low bits filled from the high ones, so that white stays white.</summary>
    public static int ToRgb(ushort native)
    {
        var (red, green, blue) = (native / 2048, native / 32 % 64, native % 32);
        return (((red * 8) + (red / 4)) * 65536) + (((green * 4) + (green / 16)) * 256) + (blue * 8) + (blue / 4);
    }

    /// <param name="opacity">0..256.</param>
    public static ushort Blend(ushort below, ushort above, int opacity)
    {
        int Mix(int a, int b) => ((a * (256 - opacity)) + (b * opacity)) / 256;
        return (ushort)((Mix(below / 2048, above / 2048) * 2048) + (Mix(below / 32 % 64, above / 32 % 64) * 32) + Mix(below % 32, above % 32));
    }
}
