using System.Text;
using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Raster;
using Quartier.Tests.Support;
using Quartier.Wire;

namespace Quartier.Tests.Kiosk;

/// <summary>Every page in every language and state, to the pixel; the words beside it as text for a reviewer.</summary>
public sealed class GoldenScreens
{
    private static readonly string[] Panels = ["320x240", "480x320"];
    private static readonly string[] Languages = ["de", "en"];

    private static readonly (string Page, string[] States)[] Pages =
    [
        ("now", ["normal", "empty", "longest", "stale", "timeless", "notice", "urgent", "setup"]),
        ("categories", ["normal", "focus"]),
        ("list", ["normal", "longest", "timeless"]),
        ("detail", ["normal", "longest", "timeless"]),
        ("code", ["normal", "longest"]),
        ("emergency", ["normal", "stale"]),
    ];

    public static IEnumerable<object[]> All() =>
        from page in Pages from state in page.States from language in Languages from panel in Panels select new object[] { page.Page, language, state, panel };

    [Theory]
    [MemberData(nameof(All))]
    public void A_screen_looks_as_reviewed(string page, string language, string state, string panel)
    {
        var screen = Show(page, language, state, panel);
        Assert.Equal(0, screen.Canvas.ReplacementsDrawn);
        Assert.Equal(0, screen.Canvas.TextsCutOff);
        var name = $"tests/screen/golden/{page}.{language}.{state}.{panel}";
        Golden.Matches($"{name}.txt", Encoding.UTF8.GetBytes(screen.Text));
        Golden.Matches($"{name}.png", screen.Canvas.ToPng());
    }

    internal static DeskScreen Show(string page, string language, string state, string panel)
    {
        var screen = new DeskScreen(Samples.Wednesday, panel);
        if (state == "setup")
        {
            screen.Gateway.Online = false;
            return Turn(screen.Settle(), language);
        }

        screen.Gateway.Publish(state switch { "empty" => [], "longest" => Samples.LongWords(), _ => Samples.Quarter() });
        screen.Gateway.Send(ScreenTopics.Settings, Settings().Encode);
        screen.Settle();
        if (state is "notice" or "urgent")
        {
            screen.Gateway.Send(ScreenTopics.Notice, Notice(state == "urgent").Encode);
        }

        if (state == "timeless")
        {
            screen.TimeKnown = false;
        }

        if (state == "stale")
        {
            screen.Gateway.Online = false;
            screen.Run(TimeSpan.FromHours(3));
        }

        screen.Run(TimeSpan.FromSeconds(2));
        Turn(screen, language);
        Open(screen, page);
        return state == "focus" ? screen.Press(Key.Next, Key.Next) : screen;
    }

    private static DeskScreen Turn(DeskScreen screen, string language)
    {
        screen.App.Words.Language = language;
        screen.App.Refresh();
        screen.App.Step(screen.UptimeMs);
        return screen;
    }

    private static void Open(DeskScreen screen, string page)
    {
        var view = screen.App.View;
        switch (page)
        {
            case "categories":
                view.Open(Page.Categories);
                break;
            case "list":
                view.Category = screen.App.Catalogue.Category(0);
                view.Open(Page.List);
                break;
            case "detail" or "code":
                Assert.True(screen.App.OpenOffer(screen.App.Catalogue.Count > 5 ? "cafe" : "lang1", screen.UptimeMs));
                break;
            case "emergency":
                view.Open(Page.Emergency);
                break;
        }

        screen.App.Refresh();
        screen.Run(TimeSpan.FromSeconds(1));
        if (page == "code")
        {
            view.Open(Page.Code);
            screen.App.Refresh();
            screen.Run(TimeSpan.FromSeconds(1));
        }
    }

    private static ScreenSettings Settings()
    {
        var settings = ScreenSettings.Usual();
        (settings.Place, settings.StandbyMinutes) = ("Alter Eselsberg", 3);
        return settings;
    }

    private static ScreenNotice Notice(bool urgent) => new()
    {
        Id = 1, UntilUnixSeconds = Samples.Wednesday.ToUnixTimeSeconds() + 7200, Priority = urgent ? 2 : 1, Languages = ["de", "en"],
        Texts = urgent
            ? ["Unwetterwarnung: Bitte bleiben Sie im Haus und halten Sie Türen und Fenster geschlossen.", "Severe weather: please stay inside and keep doors and windows closed."]
            : ["Die Sozialberatung am Donnerstag fällt aus.", "No social advice on Thursday."],
    };
}
