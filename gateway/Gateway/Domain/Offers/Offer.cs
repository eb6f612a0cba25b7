using NodaTime;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>What an entry of the catalogue is; the numbers are those of the screen's wire format.</summary>
public enum OfferKind
{
    Event = 0,
    Service = 1,
    Volunteering = 2,
}

/// <summary>Headings under which the screen lists offers; the numbers are those of the wire format.</summary>
public enum OfferCategory
{
    Advice = 0,
    Learning = 1,
    DigitalHelp = 2,
    RepairAndShare = 3,
    ChildrenAndYouth = 4,
    Family = 5,
    Meals = 6,
    Culture = 7,
    Volunteering = 8,
    HealthAndSport = 9,
    Seniors = 10,
    Other = 11,
}

[Flags]
public enum OfferFlags
{
    None = 0,
    FreeOfCharge = 1,
    StepFree = 2,
    RegistrationNeeded = 4,
}

public sealed record OfferText(string Title, string Text);

public sealed record GeoPoint(double Latitude, double Longitude)
{
    /// <summary>On the globe; anything else is a mistake of the source.</summary>
    public bool IsReal => Math.Abs(Latitude) <= 90 && Math.Abs(Longitude) <= 180;
}

/// <summary>One date of an offer. End is exclusive; null means that no end is known.</summary>
public sealed record Occurrence(Instant Start, Instant? End, bool AllDay)
{
    /// <summary>R7: over is what ended, or began without a known end, before this instant.</summary>
    public bool IsOverAt(Instant instant) => End is { } end ? end <= instant && Start < instant : Start < instant;
}

/// <summary>
/// How long each date of a series lasts. Days and LocalSeconds follow the clock on the wall (a door that closes at 8 closes at 8),
/// ExactSeconds follow elapsed time (RFC 5545 §3.8.5.3 on DTEND).
/// </summary>
public sealed record SeriesLength(int Days = 0, long LocalSeconds = 0, long ExactSeconds = 0);

/// <summary>A repeating date in one zone. Rule is an RFC 5545 RRULE value, or null for Start alone.</summary>
public sealed record Series(string Zone, LocalDateTime Start, bool AllDay, SeriesLength? Length, string? Rule)
{
    /// <summary>RFC 5545 counts DTSTART as the first date even where the rule misses it; HSDS does not.</summary>
    public bool StartCounts { get; init; } = true;

    public IReadOnlyList<LocalDateTime> ExtraDates { get; init; } = [];

    public IReadOnlyList<LocalDateTime> RemovedDates { get; init; } = [];

    /// <summary>Inclusive days, in Berlin, outside which the series is not valid.</summary>
    public LocalDate? FirstDay { get; init; }

    public LocalDate? LastDay { get; init; }

    public bool ClosedOnPublicHolidays { get; init; }

    public bool ClosedInSchoolHolidays { get; init; }

    /// <summary>RANGE=THISANDFUTURE: from this local start on, every date moves by the given local seconds.</summary>
    public IReadOnlyList<SeriesShift> Shifts { get; init; } = [];
}

public sealed record SeriesShift(LocalDateTime From, long LocalSeconds, SeriesLength? Length);

/// <summary>One date of a series that was moved (Replacement) or called off (no Replacement).</summary>
public sealed record DateChange(Instant Original, Occurrence? Replacement)
{
    /// <summary>It takes place, but not as one of this series: it has a title or place of its own, or is not for everybody.</summary>
    public bool Apart { get; init; }
}

public sealed record Schedule(IReadOnlyList<Occurrence> Once, IReadOnlyList<Series> Series, IReadOnlyList<DateChange> Changes)
{
    public static readonly Schedule None = new([], [], []);

    public static Schedule Single(Occurrence occurrence) => new([occurrence], [], []);

    public bool IsEmpty => Once.Count == 0 && Series.Count == 0 && !Changes.Any(change => change.Replacement is not null);
}

/// <summary>
/// One item as a source states it, already cleaned. Several items may make one offer (R9).
/// Key is the source's own identifier, or what R8 says stands in for it; Label is how people find the item in the file.
/// </summary>
public sealed record OfferItem(string Key, string Label, OfferKind Kind, string Language, string Title, string Text, Schedule Schedule)
{
    /// <summary>The key was given by the source and not derived from link or title.</summary>
    public bool KeyIsGiven { get; init; }

    public string? Url { get; init; }

    public string? Place { get; init; }

    public string? Phone { get; init; }

    public string? Provider { get; init; }

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Words that help to choose the heading but are no category of the source (ev:type, dc:subject).</summary>
    public IReadOnlyList<string> Hints { get; init; } = [];

    public IReadOnlyList<string> Attachments { get; init; } = [];

    public GeoPoint? Point { get; init; }

    /// <summary>Languages spoken at the offer, not those of the text.</summary>
    public IReadOnlyList<string> SpokenLanguages { get; init; } = [];

    public IReadOnlyDictionary<string, OfferText> Translations { get; init; } = new SortedDictionary<string, OfferText>(StringComparer.Ordinal);

    public OfferFlags Flags { get; init; }

    /// <summary>When the source says it last changed the item; decides between two states of one item (R8).</summary>
    public Instant? Updated { get; init; }

    /// <summary>R9 joins items of feeds into one offer; calendars and service documents have their own series.</summary>
    public bool MayJoin { get; init; }

    private const string DateMark = " @ ";

    /// <summary>The key of one date of a series that is an entry of its own.</summary>
    public static string DateKey(string series, string start) => series + DateMark + start;

    /// <summary>The series that a date with an entry of its own belongs to; null for any other key.</summary>
    public static string? SeriesKey(string key) => key.LastIndexOf(DateMark, StringComparison.Ordinal) is > 0 and var end ? key[..end] : null;
}

/// <summary>What the editors changed on top of the source; a later import never overwrites it.</summary>
public sealed record OfferEdit
{
    public bool Hidden { get; init; }

    public OfferCategory? Category { get; init; }

    public IReadOnlyDictionary<string, OfferText> Texts { get; init; } = new SortedDictionary<string, OfferText>(StringComparer.Ordinal);

    public static readonly OfferEdit None = new();
}

/// <summary>An entry of the catalogue: the items that make it, what editors changed, and where it came from.</summary>
public sealed record Offer(string Id, string Source, IReadOnlyList<OfferItem> Items, OfferEdit Edit, Instant FirstSeen, Instant LastSeen, Instant LastChanged)
{
    /// <summary>The source withdrew it (cancelled or deleted); kept for the record, shown nowhere.</summary>
    public bool Withdrawn { get; init; }
}
