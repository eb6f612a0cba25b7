using Quartier.Screen;

namespace Quartier.Raster.Fonts;

/// <summary>Finds a character that no screen can draw before it reaches one: for imports and for the editors' page.</summary>
public static class FontCoverage
{
    private const char SoftHyphen = '\u00AD';

    private static readonly Lazy<HashSet<char>> Drawable = new(() =>
    {
        var common = Enumerable.Range(0, FontCatalogue.Count).Where(i => FontCatalogue.Family(i) != FontFamily.Numerals)
            .Select(i => FontShelf.Get(i).Characters).Aggregate((a, b) => a.Intersect(b));
        return [.. common.Where(c => c != TinyFont.Replacement), '\n', '\r', '\t', SoftHyphen];
    });

    /// <returns>Each character that a screen lacks, once, in order of appearance; empty when all can be drawn.</returns>
    public static IReadOnlyList<string> Missing(string text) =>
        [.. text.EnumerateRunes().Where(rune => !rune.IsBmp || !Drawable.Value.Contains((char)rune.Value)).Select(rune => rune.ToString()).Distinct()];
}
