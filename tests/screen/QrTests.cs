using System.Text;
using QRCoder;
using Quartier.Raster;
using Quartier.Screen;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Screen;

public sealed class QrTests
{
    public static IEnumerable<object[]> Lengths() =>
        new[] { 1, 14, 15, 26, 27, 42, 43, 62, 63, 84, 85, 106, 107, 122, 123, 152, 153, 154, 155, 192 }.Select(length => new object[] { length });

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_phone_reads_the_text_at_the_edge_of_every_version(int length)
    {
        var gen = new Gen((ulong)length);
        const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/?=&%";
        var text = new string([.. Enumerable.Range(0, length).Select(_ => Letters[gen.Next(Letters.Length)])]);
        Assert.Equal(text, ForeignTool.ReadQr(Draw(Encode(text), 3)));
    }

    [Theory]
    [InlineData("https://www.ulm.de/leben/soziales/quartier")]
    [InlineData("https://anmeldung.example.org/ferien/2026?kurs=Bogenschie%C3%9Fen&lang=de")]
    [InlineData("tel:+49731123456")]
    public void Addresses_of_offers_are_read(string text) => Assert.Equal(text, ForeignTool.ReadQr(Draw(Encode(text), 4)));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void The_matrix_equals_that_of_another_encoder_under_the_mask_it_chose(int length)
    {
        var text = new string([.. Enumerable.Range(0, length).Select(i => (char)('a' + (i * 7 % 26)))]);
        var ours = Encode(text);
        var level = ours.Level == QrLevel.Medium ? QRCodeGenerator.ECCLevel.M : QRCodeGenerator.ECCLevel.L;
        using var theirs = new QRCodeGenerator().CreateQrCode(Encoding.ASCII.GetBytes(text), level);
        Assert.Equal(theirs.ModuleMatrix.Count - 8, ours.Size);
        var formatMask = MaskOf((x, y) => theirs.ModuleMatrix[y + 4][x + 4]);
        var matching = true;
        for (var y = 0; y < ours.Size; y++)
        {
            for (var x = 0; x < ours.Size; x++)
            {
                var unmasked = ours.IsDark(x, y) ^ Masked(ours.Mask, x, y);
                var theirUnmasked = theirs.ModuleMatrix[y + 4][x + 4] ^ Masked(formatMask, x, y);
                matching &= IsFunction(ours, x, y) || unmasked == theirUnmasked;
                matching &= !IsFunction(ours, x, y) || IsFormat(ours, x, y) || ours.IsDark(x, y) == theirs.ModuleMatrix[y + 4][x + 4];
            }
        }

        Assert.True(matching, $"length {length}, version {ours.Version}");
    }

    [Fact]
    public void Every_mask_is_chosen_by_some_text_and_its_format_bits_agree()
    {
        var seen = new HashSet<int>();
        for (var i = 0; i < 400 && seen.Count < 8; i++)
        {
            var code = Encode($"https://example.org/{i}/{i * 7919}");
            Assert.Equal(code.Mask, MaskOf(code.IsDark));
            seen.Add(code.Mask);
        }

        Assert.Equal(8, seen.Count);
    }

    [Fact]
    public void A_text_that_is_too_long_or_empty_shows_nothing()
    {
        var code = new QrCode();
        Assert.False(code.Begin(new byte[193], 193));
        Assert.False(code.Begin([], 0));
        Assert.Equal(0, code.Size);
        Assert.False(code.Step());
        Assert.Equal(0, QrPainter.ModulePixels(code, 200));
    }

    [Fact]
    public void Encoding_again_and_again_allocates_nothing()
    {
        var code = new QrCode();
        var text = Encoding.UTF8.GetBytes("https://www.ulm.de/leben/soziales/quartier");
        void Make()
        {
            code.Begin(text, text.Length);
            while (!code.Step())
            {
            }
        }

        Make();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Make();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static QrCode Encode(string text)
    {
        var code = new QrCode();
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(code.Begin(bytes, bytes.Length));
        var steps = 1;
        while (!code.Step())
        {
            steps++;
        }

        Assert.Equal(8, steps);
        return code;
    }

    private static byte[] Draw(QrCode code, int module)
    {
        var side = (code.Size + 8) * module;
        var canvas = new PanelCanvas(side, side);
        QrPainter.Draw(canvas, code, 0, 0, module);
        return canvas.ToPng();
    }

    private static int MaskOf(Func<int, int, bool> isDark)
    {
        int[] bits = [isDark(2, 8) ? 1 : 0, isDark(3, 8) ? 1 : 0, isDark(4, 8) ? 1 : 0];
        return ((bits[0] * 4) + (bits[1] * 2) + bits[2]) ^ 0b101;
    }

    private static bool IsFormat(QrCode code, int x, int y) =>
        (x == 8 && (y < 9 || y >= code.Size - 8)) || (y == 8 && (x < 9 || x >= code.Size - 8));

    private static bool IsFunction(QrCode code, int x, int y)
    {
        var (size, last) = (code.Size, code.Size - 7);
        if (x == 6 || y == 6 || (x < 9 && y < 9) || (x >= size - 8 && y < 9) || (x < 9 && y >= size - 8))
        {
            return true;
        }

        if (code.Version >= 7 && ((x >= size - 11 && x < size - 8 && y < 6) || (y >= size - 11 && y < size - 8 && x < 6)))
        {
            return true;
        }

        int[] centres = code.Version == 1 ? [] : code.Version < 7 ? [6, last] : [6, (6 + last) / 2, last];
        return centres.Any(cx => centres.Any(cy => Math.Abs(x - cx) <= 2 && Math.Abs(y - cy) <= 2 && !(cx == 6 && cy is 6) && !(cx == 6 && cy == last) && !(cx == last && cy == 6)));
    }

    private static bool Masked(int mask, int x, int y) => mask switch
    {
        0 => (x + y) % 2 == 0,
        1 => y % 2 == 0,
        2 => x % 3 == 0,
        3 => (x + y) % 3 == 0,
        4 => ((y / 2) + (x / 3)) % 2 == 0,
        5 => (x * y % 2) + (x * y % 3) == 0,
        6 => ((x * y % 2) + (x * y % 3)) % 2 == 0,
        _ => (((x + y) % 2) + (x * y % 3)) % 2 == 0,
    };
}
