using System.Globalization;
using NodaTime;
using NodaTime.Text;
using NodaTime.TimeZones;
using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>The zone of everything people read here, and the two ways in which a time is written for scripts.</summary>
public static class BerlinTime
{
    public const string ZoneId = TimeWords.ZoneId;

    public static readonly DateTimeZone Zone = TimeWords.Berlin;

    private static readonly OffsetDateTimePattern LocalPattern = OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'sso<+HH:mm>");

    public static DateTimeZone ZoneOf(string id) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) ?? Zone;

    /// <summary>R1: a time in the gap of the clock change moves forward by the gap; of two ambiguous times it is the first.</summary>
    public static Instant Resolve(LocalDateTime local, DateTimeZone zone) => zone.ResolveLocal(local, Resolvers.LenientResolver).ToInstant();

    public static Instant Resolve(LocalDateTime local) => Resolve(local, Zone);

    public static bool IsInGap(LocalDateTime local) => Zone.MapLocal(local).Count == 0;

    public static LocalDate DayOf(Instant instant) => instant.InZone(Zone).Date;

    public static Instant StartOf(LocalDate day) => Zone.AtStartOfDay(day).ToInstant();

    public static string Local(Instant instant) => LocalPattern.Format(instant.InZone(Zone).ToOffsetDateTime());

    public static string Utc(Instant instant) => InstantPattern.General.Format(instant);

    /// <summary>
    /// An ISO date or date-time from a command line: with offset or Z an instant, without one Berlin, a date alone its first moment.
    /// Only the years in which days can still be added and taken away.
    /// </summary>
    public static bool TryParse(string text, out Instant instant) =>
        TryRead(text, out instant) && instant > Instant.FromUtc(2, 1, 1, 0, 0) && instant < Instant.FromUtc(9000, 1, 1, 0, 0);

    private static bool TryRead(string text, out Instant instant)
    {
        if (OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } offset)
        {
            instant = offset.Value.ToInstant();
            return true;
        }

        if (LocalDatePattern.Iso.Parse(text) is { Success: true } day)
        {
            instant = StartOf(day.Value);
            return true;
        }

        foreach (var pattern in new[] { "uuuu'-'MM'-'dd'T'HH':'mm", "uuuu'-'MM'-'dd'T'HH':'mm':'ss" })
        {
            if (LocalDateTimePattern.Create(pattern, CultureInfo.InvariantCulture).Parse(text) is { Success: true } local)
            {
                instant = Resolve(local.Value);
                return true;
            }
        }

        foreach (var pattern in new[] { "uuuu'-'MM'-'dd'T'HH':'mm'Z'", "uuuu'-'MM'-'dd'T'HH':'mm':'ss.FFFFFFFFF'Z'" })
        {
            if (InstantPattern.CreateWithInvariantCulture(pattern).Parse(text) is { Success: true } utc)
            {
                instant = utc.Value;
                return true;
            }
        }

        instant = default;
        return false;
    }
}
