using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Tests.Kiosk;

/// <summary>The device interprets: what a frame costs there is how often it asks the display for something.</summary>
public sealed class FrameCostTests
{
    private const string Sentence = "Die Nachbarschaftsversammlung bespricht Straßenbahnhaltestellenbeleuchtung, Kinderspielplatzerneuerung und Hausaufgabenbetreuung. ";

    public static IEnumerable<object[]> Everywhere() =>
        from page in new[] { "now", "categories", "list", "detail", "code", "emergency" }
        from panel in new[] { "320x240", "480x320" }
        select new object[] { page, panel };

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void A_frame_draws_little_and_measures_each_letter_about_once(string page, string panel)
    {
        var screen = GoldenScreens.Show(page, "de", "normal", panel);
        var (calls, measures, letters) = OneFrame(screen);
        Assert.InRange(calls, 1, page is "code" or "detail" ? 700 : 90);
        Assert.InRange(measures, 1, (letters * 3) + 40);
    }

    /// <summary>1,200 bytes of compounds: each line's end is looked at for a seam, and nothing is measured from the line's start again.</summary>
    [Theory]
    [InlineData("320x240")]
    [InlineData("480x320")]
    public void The_longest_text_is_measured_less_than_twice(string panel)
    {
        var text = string.Concat(Enumerable.Repeat(Sentence, 9));
        var screen = Open(panel, "Nachbarschaftsversammlung", text);
        screen.App.Words.Language = "en";
        var (_, measures, _) = OneFrame(screen);
        Assert.InRange(measures, text.Length, (text.Length * 3 / 2) + 250);
    }

    /// <summary>A minute passes, a part is turned, the QR code is ready: the text stands as it stood, and on the device it was most of the frame.</summary>
    [Theory]
    [InlineData("320x240")]
    [InlineData("480x320")]
    public void The_next_frame_of_an_offer_does_not_break_its_text_again(string panel)
    {
        var screen = Open(panel, "Nachbarschaftsversammlung", string.Concat(Enumerable.Repeat(Sentence, 9)));
        Assert.InRange(OneFrame(screen).Measures, 1, 400);
        screen.App.View.Part = 1;
        Assert.InRange(OneFrame(screen).Measures, 1, 400);
    }

    [Fact]
    public void The_kept_lines_of_an_offer_follow_its_language_and_the_next_offer()
    {
        var screen = new DeskScreen(Samples.Wednesday, "480x320");
        screen.Gateway.Publish(Samples.Quarter());
        screen.Settle();
        Assert.True(screen.App.OpenOffer("cafe", screen.UptimeMs));
        Assert.Contains("Kaffee, Kuchen", screen.Run(TimeSpan.FromSeconds(1)).Text, StringComparison.Ordinal);
        screen.App.Words.Language = "en";
        screen.App.Refresh();
        Assert.Contains("Coffee, cake", screen.Run(TimeSpan.FromSeconds(1)).Text, StringComparison.Ordinal);
        Assert.True(screen.App.OpenOffer("digital", screen.UptimeMs));
        Assert.Contains("Help with phones", screen.Run(TimeSpan.FromSeconds(1)).Text, StringComparison.Ordinal);
    }

    /// <summary>160 bytes are what a title may have; a reader can see its end, on the first part or on the next.</summary>
    [Theory]
    [InlineData("320x240", false)]
    [InlineData("480x320", false)]
    [InlineData("320x240", true)]
    [InlineData("480x320", true)]
    public void A_long_title_can_be_read_to_its_end(string panel, bool notice)
    {
        const string Title = "Offener Begegnungsnachmittag mit Kaffee und Kuchen, Vortrag zur Wohnungssicherung, Fragestunde der Sozialberatung und gemeinsamem Singen im großen Saal unten";
        var screen = Open(panel, Title, "Alle sind willkommen.");
        if (notice)
        {
            screen.Gateway.Send(ScreenTopics.Notice, new ScreenNotice
            {
                Id = 1, UntilUnixSeconds = Samples.Wednesday.ToUnixTimeSeconds() + 7200, Priority = 2, Languages = ["de"],
                Texts = ["Unwetterwarnung: Bitte bleiben Sie im Haus und halten Sie Türen und Fenster geschlossen."],
            }.Encode);
            screen.Run(TimeSpan.FromSeconds(2));
        }

        var seen = "";
        for (var part = 0; part < screen.App.View.PartCount; part++)
        {
            screen.App.View.Part = part;
            screen.App.Refresh();
            screen.StepOnce();
            seen += screen.Text;
        }

        Assert.Equal(0, screen.Canvas.TextsCutOff);
        Assert.Contains(" unten", seen, StringComparison.Ordinal);
    }

    /// <summary>A digest compared only in part would take another catalogue for the one on show, and the screen would keep the old.</summary>
    [Fact]
    public void A_catalogue_whose_digest_differs_in_the_eighth_byte_only_is_another()
    {
        var screen = ScreenTests.Connected();
        var other = screen.App.Catalogue.Digest.ToArray();
        other[7] ^= 1;
        Assert.False(DigestList.AreEqual(screen.App.Catalogue.Digest, 0, other, 0));
        var list = new DigestList(1);
        list.TryAdd(other, 0);
        Assert.Equal(-1, list.IndexOf(screen.App.Catalogue.Digest, 0));
        var heard = screen.Gateway.Heard.Count(message => message.Leaf == ScreenTopics.Hello);
        screen.Gateway.Send(ScreenTopics.Manifest, new CatalogueManifest
        {
            Digest = other, Base = other, EntryCount = screen.App.Catalogue.Count, IssuedUnixSeconds = 1, Part = 1, Parts = 1,
        }.Encode);
        screen.Run(TimeSpan.FromMinutes(2));
        Assert.True(screen.Gateway.Heard.Count(message => message.Leaf == ScreenTopics.Hello) > heard, "the screen takes the change for one of its own catalogue");
    }

    private static (long Calls, long Measures, int Letters) OneFrame(DeskScreen screen)
    {
        var (calls, measures) = (screen.Canvas.Calls, screen.Canvas.Measures);
        screen.App.Refresh();
        screen.App.Step(screen.UptimeMs);
        return (screen.Canvas.Calls - calls, screen.Canvas.Measures - measures, screen.Text.Length);
    }

    private static DeskScreen Open(string panel, string title, string text)
    {
        var screen = new DeskScreen(Samples.Wednesday, panel);
        screen.Gateway.Publish([Samples.Entry("lang", 9, title, "", text, "", "Bürgerhaus", "https://quartier.example.org/angebote/lang", "0731 123456", 1, ("2026-11-26T14:00+01:00", 90))]);
        screen.Settle();
        Assert.True(screen.App.OpenOffer("lang", screen.UptimeMs));
        return screen.Run(TimeSpan.FromSeconds(2));
    }
}
