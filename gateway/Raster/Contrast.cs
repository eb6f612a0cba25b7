namespace Quartier.Raster;

/// <summary>Contrast between two colours as WCAG 2.2 defines it, 1..21.</summary>
public static class Contrast
{
    public static double Ratio(int rgb, int otherRgb)
    {
        var (a, b) = (Luminance(rgb), Luminance(otherRgb));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(int rgb) =>
        (0.2126 * Linear(rgb / 65536 % 256)) + (0.7152 * Linear(rgb / 256 % 256)) + (0.0722 * Linear(rgb % 256));

    private static double Linear(int component)
    {
        var share = component / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }
}
