using NodaTime;
using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>What people read of a screen that cannot keep everything.</summary>
public static class CapacityWords
{
    private const int NamesMax = 3;

    /// <summary>Of one screen; empty while there is nothing to say.</summary>
    /// <param name="total">Offers that are to be seen.</param>
    public static string Fill(ReaderLanguage say, ScreenCatalogue screen, int total)
    {
        if (screen.Target.Length == 0 || total == 0)
        {
            return "";
        }

        var isThere = screen.Shown == screen.Target;
        if (screen.TargetCount >= total)
        {
            return isThere ? say.Text($"zeigt alle {total} Angebote", $"shows all {total} offers") : "";
        }

        var fill = isThere
            ? say.Text($"zeigt {screen.TargetCount} von {total} Angeboten", $"shows {screen.TargetCount} of {total} offers")
            : say.Text($"bekommt {screen.TargetCount} von {total} Angeboten", $"is getting {screen.TargetCount} of {total} offers");
        return fill + (screen.SaysCapacity
            ? say.Text(", Speicher voll: die spätesten fehlen", ", memory full: the latest are missing")
            : say.Text(", die spätesten fehlen: seine Firmware nennt seinen Speicher nicht, darum bekommt er, was sicher hineinpasst", ", the latest are missing: its firmware does not say how much it can keep, so it gets what is sure to fit"));
    }

    /// <summary>Of a screen that refuses; empty for any other.</summary>
    public static string Refusal(ReaderLanguage say, ScreenCatalogue screen, Instant now)
    {
        if (!RetryRules.IsRefusing(screen))
        {
            return "";
        }

        var next = RetryRules.NextOffer(screen) is { } at && at > now ? say.Moment(at, now) : say.Text("gleich", "at once");
        return say.Text(
            $"Hat die neuen Angebote {screen.Refusals}-mal nicht angenommen und zeigt die davor. Nächster Versuch: {next}. Hilft es nicht, das Gerät vom Strom zu nehmen, ist sein Speicher defekt oder zu klein.",
            $"Has not taken the new offers {screen.Refusals} times and shows those before. Next try: {next}. If unplugging it does not help, its memory is broken or too small.");
    }

    /// <summary>Of one offer; empty where every screen has room for it.</summary>
    public static string Places(ReaderLanguage say, OfferPlaces? places)
    {
        if (places is not { TooFull.Count: > 0 })
        {
            return "";
        }

        var on = places.On == 0
            ? say.Text("steht auf keinem Bildschirm", "on no screen")
            : say.Text($"steht auf {places.On} von {places.Of} Bildschirmen", $"on {places.On} of {places.Of} screens");
        return on + say.Text("; zu voll: ", "; too full: ") + Names(say, places.TooFull);
    }

    /// <summary>The first of them, and how many more.</summary>
    public static string Names(ReaderLanguage say, IReadOnlyList<string> names)
    {
        var first = string.Join(", ", names.Take(NamesMax));
        return names.Count > NamesMax ? first + say.Text($" und {names.Count - NamesMax} weitere", $" and {names.Count - NamesMax} more") : first;
    }
}
