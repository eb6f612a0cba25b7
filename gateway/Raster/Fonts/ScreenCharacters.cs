namespace Quartier.Raster.Fonts;

/// <summary>What a screen can show, by group; the coverage report names the same groups.</summary>
public static class ScreenCharacters
{
    public static readonly IReadOnlyList<(string Group, string Characters)> Text =
    [
        ("Basic Latin", Range(0x20, 0x7E)),
        ("Latin-1", Range(0xA0, 0xAC) + Range(0xAE, 0xFF)),
        ("Latin Extended-A", Range(0x100, 0x17F)),
        ("Romanian comma letters, capital sharp s", "ȘșȚțẞ"),
        ("Cyrillic", Range(0x400, 0x45F) + "Ґґ"),
        ("Dashes and quotes", "‐–—―‘’‚‛“”„‟†‡•…‰′″‹›"),
        ("Money, numbers, arithmetic", "€№™−≈≤≥"),
        ("Arrows and triangles", "←↑→↓▲▶▼◀●✓✗"),
        ("Signs of the pages", CategorySigns + PageSigns),
        ("Replacement", "\uFFFD"),
    ];

    public static readonly IReadOnlyList<(string Group, string Characters)> Numerals =
    [
        ("Digits and their punctuation", " \u00A0+-–/:.,()0123456789"),
        ("Replacement", "\uFFFD"),
    ];

    private const string CategorySigns = "✎⌨⚒☺⌂☕♫♥✚❀★ℹ";
    private const string PageSigns = "☎☏⚠♿✉☞⚑";

    private static string Range(int first, int last) => new([.. Enumerable.Range(first, last - first + 1).Select(code => (char)code)]);
}
