using System.Globalization;
using NodaTime;

namespace Quartier.Gateway.Domain.Offers.Import.ICal;

/// <summary>One UID with its changed dates becomes one offer item (RFC 5545 §3.8.4.4).</summary>
internal sealed class CalendarEvents(ImportSettings settings, CalendarZones zones, List<string> warnings, string? calendarName)
{
    private const int TimesADayMax = 24;

    private readonly CountingLimit counting = new(settings);

    internal sealed record Dates(CalendarTime Start, SeriesLength? Length);

    public void Read(string key, List<(CalendarComponent Part, int Number)> parts, List<OfferItem> items, List<Skipped> skipped, List<CalledOff> calledOff)
    {
        var masters = parts.Where(pair => pair.Part.First("RECURRENCE-ID") is null).OrderByDescending(pair => SequenceOf(pair.Part)).ThenByDescending(pair => ChangedOf(pair.Part)).ToList();
        foreach (var older in masters.Skip(1))
        {
            skipped.Add(new Skipped(key, SkipReason.Duplicate, TitleOf(older.Part)) { Of = key });
        }

        // A calendar may list only the changed dates of a series; then each stands for itself.
        var overrides = parts.Where(pair => pair.Part.First("RECURRENCE-ID") is not null)
            .GroupBy(pair => $"{pair.Part.First("RECURRENCE-ID")!.Parameter("TZID")}|{pair.Part.Value("RECURRENCE-ID")}")
            .Select(group => group.MaxBy(pair => (SequenceOf(pair.Part), ChangedOf(pair.Part))).Part).ToList();
        var lead = masters.Count > 0 ? masters[0].Part : overrides.FirstOrDefault(part => !IsCancelled(part)) ?? overrides[0];
        var reason = Examine(key, lead, masters.Count > 0, overrides, out var item);
        if (reason is null)
        {
            items.Add(item!);
            counting.Take(item!);
            return;
        }

        skipped.Add(new Skipped(key, reason, TitleOf(lead)));
        if (reason == SkipReason.Cancelled)
        {
            calledOff.Add(new CalledOff(key, TitleOf(lead)));
        }
    }

    private static int SequenceOf(CalendarComponent part) => int.TryParse(part.Value("SEQUENCE"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>LAST-MODIFIED, else DTSTAMP: both are in UTC and sort as they are written.</summary>
    private static string ChangedOf(CalendarComponent part) => (part.Value("LAST-MODIFIED") ?? part.Value("DTSTAMP") ?? "").Trim();

    internal static bool IsCancelled(CalendarComponent part) => string.Equals(part.Value("STATUS")?.Trim(), "CANCELLED", StringComparison.OrdinalIgnoreCase);

    /// <summary>A SUMMARY may carry line breaks (RFC 5545 §3.8.1.12); they are kept here and become spaces where it is shown.</summary>
    internal static string TitleOf(CalendarComponent part) => FeedText.Clean(ContentLines.Unescape(part.Value("SUMMARY") ?? ""));

    private string? Examine(string key, CalendarComponent lead, bool hasMaster, List<CalendarComponent> overrides, out OfferItem? item)
    {
        item = null;
        if (hasMaster ? IsCancelled(lead) : overrides.All(IsCancelled))
        {
            return SkipReason.Cancelled;
        }

        if (TitleOf(lead).Length == 0)
        {
            return SkipReason.NoTitle;
        }

        if (lead.First("DTSTART") is null)
        {
            return SkipReason.NoDate;
        }

        var schedule = hasMaster ? SeriesOf(key, lead, overrides) : ChangedOnly(key, overrides);
        if (schedule is null)
        {
            return SkipReason.MalformedDate;
        }

        item = Describe(key, lead, schedule);
        return null;
    }

    private Schedule? SeriesOf(string key, CalendarComponent master, List<CalendarComponent> overrides)
    {
        if (DatesOf(key, master) is not { } dates)
        {
            return null;
        }

        var (start, length) = dates;
        var changed = new ChangedDates(key, master, start, this);
        foreach (var part in overrides)
        {
            changed.Take(part);
        }

        var rule = RuleOf(key, master, start.Local, changed.CutFrom);
        var extra = master.All("RDATE").SelectMany(line => Times(key, line)).ToList();
        var periods = extra.Where(time => time.Length is not null).Select(time => Single(time.Start, time.Length)).ToList();
        var removed = master.All("EXDATE").SelectMany(line => Times(key, line)).ToList();
        if (rule is null && extra.Count == 0 && changed.IsEmpty && removed.Count == 0)
        {
            return Schedule.Single(Single(start, length));
        }

        var series = new Series(start.Zone, start.Local, start.IsDay, length, rule)
        {
            ExtraDates = extra.Where(time => time.Length is null).Select(time => LocalIn(time.Start, start)).ToList(),
            RemovedDates = removed.Select(time => LocalIn(time.Start, start)).ToList(),
            Shifts = changed.Shifts,
        };
        return new Schedule(periods, [series], changed.Changes);
    }

    /// <summary>A date that only names a day means that day's date of the series.</summary>
    internal static LocalDateTime LocalIn(CalendarTime time, CalendarTime series) =>
        time.IsDay && !series.IsDay ? time.Local.Date.At(series.Local.TimeOfDay) : time.In(series.Zone);

    private Schedule? ChangedOnly(string key, List<CalendarComponent> overrides)
    {
        var once = overrides.Where(part => !IsCancelled(part)).Select(part => DatesOf(key, part)).OfType<Dates>().Select(dates => Single(dates.Start, dates.Length)).ToList();
        return once.Count == 0 ? null : new Schedule(once, [], []);
    }

    internal static Occurrence Single(CalendarTime start, SeriesLength? length) =>
        ScheduleRules.Between(new Schedule([], [new Series(start.Zone, start.Local, start.IsDay, length, null)], []), Instant.MinValue, Instant.MaxValue)[0];

    internal void Warn(string warning) => warnings.Add(warning);

    internal bool TryTime(ContentLine line, out CalendarTime time) => CalendarTime.TryParse(line.Value, line.Parameter("TZID"), zones, out time);

    internal Dates? DatesOf(string key, CalendarComponent part)
    {
        var startLine = part.First("DTSTART");
        if (startLine is null || !CalendarTime.TryParse(startLine.Value, startLine.Parameter("TZID"), zones, out var start))
        {
            return null;
        }

        if (!start.IsDay && start.Zone == BerlinTime.ZoneId && BerlinTime.IsInGap(start.Local))
        {
            warnings.Add($"time-in-clock-change: {key}");
        }

        return new Dates(start, LengthOf(key, part, start));
    }

    /// <summary>RFC 5545 §3.6.1: DTEND, else DURATION, else a day for dates and nothing for times.</summary>
    private SeriesLength? LengthOf(string key, CalendarComponent part, CalendarTime start)
    {
        var whole = start.IsDay ? new SeriesLength(Days: 1) : null;
        if (part.First("DTEND") is { } endLine)
        {
            if (!CalendarTime.TryParse(endLine.Value, endLine.Parameter("TZID"), zones, out var end))
            {
                warnings.Add($"end-malformed: {key}");
                return whole;
            }

            if (start.IsDay)
            {
                var days = Period.DaysBetween(start.Local.Date, end.Local.Date) + (end.IsDay ? 0 : 1);
                if (days < 0)
                {
                    warnings.Add($"end-before-start: {key}");
                }

                return days > 0 ? new SeriesLength(Days: days) : whole;
            }

            var endsAt = end.IsDay ? BerlinTime.StartOf(end.Local.Date) : end.At;
            if (endsAt < start.At)
            {
                warnings.Add($"end-before-start: {key}");
                return null;
            }

            return new SeriesLength(ExactSeconds: (long)(endsAt - start.At).TotalSeconds);
        }

        if (part.Value("DURATION") is not { } written)
        {
            return whole;
        }

        if (CalendarDuration.TryParse(written, out var length) && length is { Days: >= 0, ExactSeconds: >= 0 })
        {
            return length;
        }

        warnings.Add($"duration-malformed: {key}");
        return whole;
    }

    /// <summary>Null: the first date alone. What cannot be expanded rightly is not expanded, and a warning says so.</summary>
    private string? RuleOf(string key, CalendarComponent master, LocalDateTime start, LocalDateTime? cutFrom)
    {
        var lines = master.All("RRULE").ToList();
        if (lines.Count == 0)
        {
            return null;
        }

        if (lines.Count > 1)
        {
            warnings.Add($"second-rule-ignored: {key}");
        }

        var written = lines[0].Value.Trim();
        if (!Recurrence.TryParse(written, out var rule, out var fault))
        {
            warnings.Add($"rule-malformed: {key} ({fault})");
            return null;
        }

        var timesADay = Math.Max(1, rule.ByHour.Count) * Math.Max(1, rule.ByMinute.Count) * Math.Max(1, rule.BySecond.Count);
        if (rule.Frequency < RecurrenceFrequency.Daily || timesADay > TimesADayMax)
        {
            warnings.Add($"rule-too-fine: {key}");
            return null;
        }

        if (RecurrenceRules.StepsBefore(rule, start, BerlinTime.DayOf(settings.Now)) > RecurrenceRules.StepsBeforeMax)
        {
            warnings.Add($"rule-too-long: {key}");
            return null;
        }

        if (master.First("EXRULE") is not null)
        {
            warnings.Add($"rule-with-exrule: {key}");
            return null;
        }

        return cutFrom is { } cut ? $"{written};UNTIL={CalendarTime.Write(cut.PlusSeconds(-1))}" : written;
    }

    /// <summary>The dates of an RDATE or EXDATE line; a PERIOD value also has a length of its own.</summary>
    private IEnumerable<Dates> Times(string key, ContentLine line)
    {
        foreach (var value in line.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = value.Split('/');
            SeriesLength? length = null;
            if (CalendarTime.TryParse(parts[0], line.Parameter("TZID"), zones, out var time) && (parts.Length == 1 || TryPeriod(time, parts[1], line, out length)))
            {
                yield return new Dates(time, length);
            }
            else
            {
                warnings.Add($"{line.Name.ToLowerInvariant()}-malformed: {key}");
            }
        }
    }

    private bool TryPeriod(CalendarTime start, string written, ContentLine line, out SeriesLength? length)
    {
        length = null;
        if (CalendarTime.TryParse(written, line.Parameter("TZID"), zones, out var end) && end.At >= start.At)
        {
            length = new SeriesLength(ExactSeconds: (long)(end.At - start.At).TotalSeconds);
        }
        else if (CalendarDuration.TryParse(written, out var lasting) && lasting is { Days: >= 0, ExactSeconds: >= 0 })
        {
            length = lasting;
        }

        return length is not null;
    }

    private OfferItem Describe(string key, CalendarComponent part, Schedule schedule)
    {
        var summaries = part.All("SUMMARY").ToList();
        var descriptions = part.All("DESCRIPTION").ToList();
        var language = FeedLinks.FirstSubtag(summaries[0].Parameter("LANGUAGE")) ?? settings.Language;
        var text = FeedText.Clean(ContentLines.Unescape(descriptions.Count > 0 ? descriptions[0].Value : ""));
        var translations = new SortedDictionary<string, OfferText>(StringComparer.Ordinal);
        foreach (var summary in summaries.Skip(1))
        {
            var tag = FeedLinks.FirstSubtag(summary.Parameter("LANGUAGE"));
            if (tag is not null && tag != language)
            {
                var translated = descriptions.FirstOrDefault(line => FeedLinks.FirstSubtag(line.Parameter("LANGUAGE")) == tag)?.Value;
                translations[tag] = new OfferText(FeedText.Line(ContentLines.Unescape(summary.Value)), FeedText.Clean(ContentLines.Unescape(translated ?? "")));
            }
        }

        return new OfferItem(key, key, settings.Kind ?? OfferKind.Event, language, TitleOf(part), text, schedule)
        {
            KeyIsGiven = part.First("UID") is not null,
            Url = FeedLinks.Resolve(part.Value("URL"), settings.SourceUrl),
            Place = FeedText.LineOrNull(ContentLines.Unescape(part.Value("LOCATION") ?? "")),
            Provider = FeedText.LineOrNull(part.First("ORGANIZER")?.Parameter("CN")) ?? calendarName,
            Phone = PhoneOf(part),
            Categories = Rss.RssReader.Distinct(part.All("CATEGORIES").SelectMany(line => ContentLines.List(line.Value))),
            Attachments = Rss.RssReader.Distinct(part.All("ATTACH").Where(line => line.Parameter("VALUE") is null or "URI").Select(line => FeedLinks.Resolve(line.Value, settings.SourceUrl))),
            Point = PointOf(key, part.Value("GEO")),
            Translations = translations,
            Flags = CategoryRules.FlagsOf(TitleOf(part) + "\n" + text),
            Updated = part.First("LAST-MODIFIED") is { } modified && CalendarTime.TryParse(modified.Value, null, zones, out var at) ? at.At : null,
        };
    }

    private static string? PhoneOf(CalendarComponent part)
    {
        var contact = FeedText.Line(ContentLines.Unescape(part.Value("CONTACT") ?? ""));
        var match = System.Text.RegularExpressions.Regex.Match(contact, @"[+(]?\d[\d\s()/.-]{4,24}\d");
        return match.Success ? match.Value : null;
    }

    private GeoPoint? PointOf(string key, string? written)
    {
        var parts = (written ?? "").Split(';');
        if (parts.Length != 2
            || !double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
            || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude))
        {
            return null;
        }

        if (new GeoPoint(latitude, longitude) is { IsReal: true } point)
        {
            return point;
        }

        warnings.Add($"point-out-of-range: {key}");
        return null;
    }
}
