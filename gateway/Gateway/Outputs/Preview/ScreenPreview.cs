using NodaTime;
using Quartier.Kiosk;
using Quartier.Raster;
using Quartier.Wire;

namespace Quartier.Gateway.Outputs.Preview;

/// <summary>What a screen would show: drawn by the firmware itself, pixel for pixel.</summary>
/// <param name="Text">The words on it, line by line.</param>
public sealed record ScreenPicture(byte[] Png, string Text);

/// <summary>Runs the screen's firmware on a board in memory until the wanted page is on the panel.</summary>
public static class ScreenPreview
{
    public static readonly IReadOnlyList<string> PageNames = ["now", "categories", "list", "detail", "code", "emergency"];
    public static readonly IReadOnlyList<string> Languages = ["de", "en"];
    private const string Device = "preview";

    /// <summary>Firmware time after which even a thousand entries have arrived.</summary>
    private const long PatienceMs = 3_600_000;

    /// <summary>A screen with nothing left to load asks to be woken after this pause, not sooner.</summary>
    private const long AtRestMs = 1000;

    /// <param name="entries">Encoded catalogue entries, for example of CatalogueRules.Build.</param>
    /// <param name="page">One of <see cref="PageNames"/>; list:4 is a category, detail:ID and code:ID an offer whose id begins so.</param>
    /// <returns>Null when the page names an offer or category that is not there.</returns>
    public static ScreenPicture? Draw(IReadOnlyCollection<byte[]> entries, string page, string language, long unixSeconds, PanelKind panel, ScreenSettings? settings = null)
    {
        var canvas = new PanelCanvas(panel.Width, panel.Height);
        var link = new PreviewLink(Device, entries, settings, unixSeconds);
        var app = new KioskApp(new PreviewBoard(panel, unixSeconds).With(link), canvas, Device, "preview");
        var uptimeMs = Settle(app);
        app.Words.Language = language;
        var (name, argument) = page.Split(':', 2) is [var before, var after] ? (before, after) : (page, "");
        if (!Open(app, name, argument, uptimeMs))
        {
            return null;
        }

        // The mask of a QR code is chosen in eight steps; the last draws it.
        for (var step = 0; step < 10; step++)
        {
            app.Step(uptimeMs);
        }

        return new ScreenPicture(canvas.ToPng(), canvas.ToText());
    }

    /// <summary>One offer's page on the smaller panel.</summary>
    /// <returns>PNG; null: no screen would show it, or not in this language.</returns>
    public static byte[]? DrawOffer(byte[] entry, string id, string language, Instant now) =>
        Languages.Contains(language) ? Draw([entry], $"detail:{id}", language, now.ToUnixTimeSeconds(), PanelKind.Small)?.Png : null;

    /// <summary>The catalogue has arrived, is read from flash and known to the pages.</summary>
    /// <returns>The uptime reached.</returns>
    private static long Settle(KioskApp app)
    {
        var uptimeMs = 0L;
        long pauseMs;
        do
        {
            var nextMs = app.Step(uptimeMs);
            pauseMs = nextMs - uptimeMs;
            uptimeMs = nextMs;
        }
        while (uptimeMs < PatienceMs && (app.Catalogue.Digest.Length == 0 || pauseMs < AtRestMs));
        app.Step(uptimeMs);
        return uptimeMs;
    }

    private static bool Open(KioskApp app, string name, string argument, long uptimeMs)
    {
        switch (name)
        {
            case "now":
                app.View.Open(Page.Now);
                break;
            case "categories":
                app.View.Open(Page.Categories);
                break;
            case "emergency":
                app.View.Open(Page.Emergency);
                break;
            case "list":
                if (!TryCategory(app.Catalogue, argument, out var category))
                {
                    return false;
                }

                app.View.Category = category;
                app.View.Open(Page.List);
                break;
            case "detail" or "code":
                if (!app.OpenOffer(argument, uptimeMs))
                {
                    return false;
                }

                if (name == "code")
                {
                    app.View.Open(Page.Code);
                }

                break;
            default:
                return false;
        }

        app.Refresh();
        return true;
    }

    private static bool TryCategory(Catalogue catalogue, string argument, out int category)
    {
        if (argument.Length > 0)
        {
            return int.TryParse(argument, out category) && category is >= 0 and < Categories.Count;
        }

        category = catalogue.Count > 0 ? catalogue.Category(0) : 0;
        return true;
    }
}
