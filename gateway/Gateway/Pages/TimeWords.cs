using System.Globalization;
using NodaTime;

namespace Quartier.Gateway.Pages;

/// <summary>Times as people read them: Europe/Berlin, in the reader's language.</summary>
public static class TimeWords
{
    /// <summary>The zone of nights, weeks and offers as well: the one place that names it.</summary>
    public const string ZoneId = "Europe/Berlin";

    public static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb[ZoneId];

    public static LocalDateTime InBerlin(this Instant instant) => instant.InZone(Berlin).LocalDateTime;

    /// <summary>18:02</summary>
    public static string Clock(this Instant instant) => instant.InBerlin().ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>18:02 today, gestern 18:02, 21.11. 18:02</summary>
    public static string Moment(this ReaderLanguage say, Instant instant, Instant now)
    {
        var (at, today) = (instant.InBerlin(), now.InBerlin().Date);
        if (at.Date == today)
        {
            return say.Text("heute ", "today ") + Clock(instant);
        }

        if (at.Date == today.PlusDays(-1))
        {
            return say.Text("gestern ", "yesterday ") + Clock(instant);
        }

        return say.Text($"{at.Day}.{at.Month}.", $"{at.Day}/{at.Month}") + (at.Year == today.Year ? " " : $"{say.Text("", "/")}{at.Year} ") + Clock(instant);
    }

    /// <summary>today, gestern, 21.11., 21.11.2025</summary>
    public static string Day(this ReaderLanguage say, Instant instant, Instant now)
    {
        var (date, today) = (instant.InBerlin().Date, now.InBerlin().Date);
        return date == today ? say.Text("heute", "today")
            : date == today.PlusDays(-1) ? say.Text("gestern", "yesterday")
            : say.Text($"{date.Day}.{date.Month}.", $"{date.Day}/{date.Month}") + (date.Year == today.Year ? "" : $"{say.Text("", "/")}{date.Year}");
    }

    /// <summary>How long ago, in one unit: gerade eben, vor 5 Minuten, vor 3 Stunden, vor 2 Tagen.</summary>
    public static string Ago(this ReaderLanguage say, Duration age)
    {
        if (age < Duration.FromMinutes(1))
        {
            return say.Text("gerade eben", "just now");
        }

        var (count, german, english) = age switch
        {
            _ when age < Duration.FromHours(1) => ((int)age.TotalMinutes, ("Minute", "Minuten"), ("minute", "minutes")),
            _ when age < Duration.FromDays(1) => ((int)age.TotalHours, ("Stunde", "Stunden"), ("hour", "hours")),
            _ => ((int)age.TotalDays, ("Tag", "Tagen"), ("day", "days")),
        };
        return say.IsGerman
            ? $"vor {count} {(count == 1 ? german.Item1 : german.Item2)}"
            : $"{count} {(count == 1 ? english.Item1 : english.Item2)} ago";
    }
}
