using System.Text;
using Quartier.Raster.Fonts;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>Which characters the screens' fonts hold, asked of the font files once.</summary>
public static class ScreenFonts
{
    private static readonly Lazy<HashSet<string>> Missing = new(() =>
        [.. FontCoverage.Missing(string.Concat(Enumerable.Range(0x20, 0xD7E0).Select(code => (char)code)))]);

    public static bool CanDraw(Rune rune) => rune.IsBmp && rune.Value >= 0x20 && !Missing.Value.Contains(rune.ToString());
}
