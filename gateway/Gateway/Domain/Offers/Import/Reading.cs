using NodaTime;

namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>Why a whole file is refused; the words are part of the command's contract (docs/offers.md).</summary>
public static class RefusalClass
{
    public const string NotXml = "not-xml";
    public const string Truncated = "truncated";
    public const string NotWellFormed = "not-well-formed";
    public const string ExternalEntity = "external-entity";
    public const string EntityExpansion = "entity-expansion";
    public const string WrongFormat = "wrong-format";
    public const string Encoding = "encoding";
    public const string TooLarge = "too-large";
    public const string MalformedDate = "malformed-date";
    public const string MissingField = "missing-field";
    public const string SchemaViolation = "schema-violation";
    public const string NotJson = "not-json";
    public const string TooRepetitive = "too-repetitive";

    /// <summary>The file or address could not be read at all; nothing is known about its content.</summary>
    public const string Unreachable = "unreachable";
}

/// <summary>Why one item of a good file is left out; the words are part of the command's contract (docs/offers.md).</summary>
public static class SkipReason
{
    public const string Past = "past";
    public const string NoDate = "no-date";
    public const string MalformedDate = "malformed-date";
    public const string NoTitle = "no-title";
    public const string Duplicate = "duplicate";
    public const string Cancelled = "cancelled";
    public const string Postponed = "postponed";
    public const string Draft = "draft";
    public const string Deleted = "deleted";
    public const string TemporarilyClosed = "temporarily-closed";
    public const string Defunct = "defunct";
    public const string Inactive = "inactive";
    public const string NotAnEvent = "not-an-event";

    /// <summary>The source marks it as not for everybody (CLASS:PRIVATE, CONFIDENTIAL); nothing of it is published or kept.</summary>
    public const string Private = "private";

    /// <summary>It was here and its source, which lists everything it has, names it no more.</summary>
    public const string Vanished = "vanished";
}

/// <summary>A file that is not taken over. Place is a line or a path inside it.</summary>
public sealed record Refusal(string Class, string Place, string WhatGerman, string WhatEnglish, string RemedyGerman, string RemedyEnglish);

/// <summary>An item that is left out. Title is empty where there is none. Of names the item it repeats.</summary>
public sealed record Skipped(string Item, string Reason, string Title)
{
    public string? Of { get; init; }
}

/// <summary>A date that its source called off: the item's own key, and what tells it where the source gave it a new one.</summary>
public sealed record CalledOff(string Key, string Title)
{
    public string Reason { get; init; } = SkipReason.Cancelled;

    /// <summary>Only these dates of the entry are called off; empty: all of it.</summary>
    public IReadOnlyList<Instant> Dates { get; init; } = [];

    public string? Link { get; init; }

    public string? Place { get; init; }

    public Instant? Start { get; init; }

    /// <summary>When the source said so; an entry that it dated later stays (R8).</summary>
    public Instant? Updated { get; init; }
}

/// <summary>What reading a file gave: either a refusal, or items, skipped items and warnings.</summary>
public sealed record Reading(string Format)
{
    public Refusal? Refusal { get; init; }

    /// <summary>What the file calls itself (channel link, calendar name); names the source where the person gave no name.</summary>
    public string? SourceName { get; init; }

    public IReadOnlyList<OfferItem> Items { get; init; } = [];

    public IReadOnlyList<Skipped> Skipped { get; init; } = [];

    public IReadOnlyList<CalledOff> CalledOff { get; init; } = [];

    /// <summary>Items that are left out because they are over. Where such an entry is here with another date, it has that date no more.</summary>
    public IReadOnlyList<OfferItem> Over { get; init; } = [];

    /// <summary>R10: the file lists all that its source has, so that an entry which it names no more is withdrawn.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Keys of all entries that the file names, also of those that are left out.</summary>
    public IReadOnlyList<string> Named { get; init; } = [];

    /// <summary>Keys of entries that the source deleted (Atom tombstones).</summary>
    public IReadOnlyList<string> Deleted { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public string? NextPage { get; init; }

    /// <summary>Past dates are kept as history (calendars), not skipped (feeds, R7).</summary>
    public bool KeepsPast { get; init; }

    public static Reading Refused(string format, Refusal refusal) => new(format) { Refusal = refusal };
}

/// <summary>What the person or the source's settings say about a file.</summary>
public sealed record ImportSettings(Instant Now)
{
    /// <summary>Null: what the format and the feed's name suggest.</summary>
    public OfferKind? Kind { get; init; }

    /// <summary>Address the file came from; the last base of relative links (R12).</summary>
    public Uri? SourceUrl { get; init; }

    public string FileName { get; init; } = "";

    public bool PubDateIsStart { get; init; }

    public string Language { get; init; } = "de";

    public bool KeepPast { get; init; }

    /// <summary>First moment of the window: the day of the fetch in Berlin (R7).</summary>
    public Instant WindowStart => BerlinTime.StartOf(BerlinTime.DayOf(Now));
}

/// <summary>Carries a refusal out of nested reading code to the one place that returns it; never leaves this folder.</summary>
internal sealed class RefusedException(Refusal refusal) : Exception(refusal.WhatEnglish)
{
    public Refusal Refusal { get; } = refusal;
}
