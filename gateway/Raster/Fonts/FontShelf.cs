using Quartier.Screen;

namespace Quartier.Raster.Fonts;

/// <summary>The very font files that the screens carry, as embedded in this assembly.</summary>
public static class FontShelf
{
    private static readonly Lazy<TinyFont[]> Loaded = new(() => [.. Enumerable.Range(0, FontCatalogue.Count).Select(Load)]);

    /// <param name="font">Index into <see cref="FontCatalogue"/>.</param>
    public static TinyFont Get(int font) => Loaded.Value[font];

    public static byte[] File(int font)
    {
        using var stream = typeof(FontShelf).Assembly.GetManifestResourceStream($"fonts/{FontCatalogue.Name(font)}.tinyfnt")
            ?? throw new InvalidOperationException($"The font {FontCatalogue.Name(font)} is not embedded: run ./quartier fonts and build again.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static TinyFont Load(int font) => TinyFont.TryRead(File(font), out var read, out var reason)
        ? read!
        : throw new InvalidOperationException($"The font {FontCatalogue.Name(font)} is damaged: {reason}.");
}
