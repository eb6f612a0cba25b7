using System.Text;
using Quartier.Raster.Fonts;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>Which characters the screens' fonts hold, asked of the font files once. What they are not known to hold cannot be drawn.</summary>
public static class ScreenFonts
{
    private static readonly Lazy<HashSet<int>> Held = new(() =>
    {
        var plane = Enumerable.Range(0x20, 0x10000 - 0x20).Where(Rune.IsValid).ToList();
        var missing = FontCoverage.Missing(string.Concat(plane.Select(code => new Rune(code)))).ToHashSet(StringComparer.Ordinal);
        return [.. plane.Where(code => !missing.Contains(new Rune(code).ToString()))];
    });

    public static bool CanDraw(Rune rune) => Held.Value.Contains(rune.Value);
}
