namespace Quartier.Gateway.Domain.Offers.Import.ICal;

/// <summary>What becomes of the events of one file.</summary>
internal sealed class CalendarOutcomes
{
    public List<OfferItem> Items { get; } = [];

    public List<Skipped> Skipped { get; } = [];

    public List<CalledOff> CalledOff { get; } = [];

    public List<string> Named { get; } = [];

    public List<string> Warnings { get; } = [];
}

/// <summary>A whole calendar file: its structure is checked strictly, its events one by one.</summary>
internal static class CalendarReader
{
    /// <summary>So many lines that cannot be read are no slips any more: this is no calendar.</summary>
    private const int BrokenMax = 200;

    public static Reading Read(byte[] bytes, ImportSettings settings)
    {
        var calendars = Build(ContentLines.Read(bytes));
        var outcomes = new CalendarOutcomes();
        foreach (var calendar in calendars)
        {
            ReadCalendar(calendar, settings, outcomes);
        }

        // iTIP (RFC 5546): REQUEST, ADD, CANCEL and the like speak of single events; a published calendar lists all that it has.
        var isComplete = calendars.All(calendar => MethodOf(calendar) is "" or "PUBLISH");
        if (isComplete && outcomes.Named.Count == 0)
        {
            outcomes.Warnings.Add("calendar-empty");
        }

        return new Reading("icalendar")
        {
            SourceName = NameOf(calendars[0]),
            Items = outcomes.Items,
            Skipped = outcomes.Skipped,
            CalledOff = outcomes.CalledOff,
            Warnings = outcomes.Warnings.Distinct().ToList(),
            KeepsPast = true,
            IsComplete = isComplete && outcomes.Named.Count > 0,
            Named = outcomes.Named,
        };
    }

    private static void ReadCalendar(CalendarComponent calendar, ImportSettings settings, CalendarOutcomes outcomes)
    {
        var dates = new CalendarDates(new CalendarZones(calendar.Parts, outcomes.Warnings), outcomes.Warnings, settings.Now);
        var describe = new CalendarDescription(settings, dates, NameOf(calendar));
        var events = new CalendarEvents(dates, describe, new CountingLimit(settings), outcomes, MethodOf(calendar) == "CANCEL");
        var keyed = calendar.Parts.Where(part => part.Name == "VEVENT").Select((part, index) => (Part: part, Key: KeyOf(part, index + 1))).ToList();
        outcomes.Warnings.AddRange(calendar.Broken.Concat(calendar.Parts.Where(part => part.Name != "VEVENT").SelectMany(part => part.AllBroken)).Select(line => $"line-malformed: line {line}"));
        foreach (var (part, key) in keyed)
        {
            outcomes.Warnings.AddRange(part.AllBroken.Select(line => $"line-malformed: {key} (line {line})"));
        }

        foreach (var group in keyed.GroupBy(pair => pair.Key, pair => pair.Part, StringComparer.Ordinal))
        {
            outcomes.Named.Add(group.Key);
            events.Read(group.Key, group.ToList());
        }

        outcomes.Skipped.AddRange(calendar.Parts.Where(part => part.Name is "VTODO" or "VJOURNAL" or "VFREEBUSY").Select((part, index) =>
            new Skipped(KeyOf(part, index + 1), SkipReason.NotAnEvent, CalendarEvents.IsPrivate(part) ? "" : CalendarDescription.TitleOf(part))));
    }

    private static string MethodOf(CalendarComponent calendar) => (calendar.Value("METHOD") ?? "").Trim().ToUpperInvariant();

    private static string? NameOf(CalendarComponent calendar) => CalendarDescription.LineOrNull(calendar.Value("X-WR-CALNAME") ?? calendar.Value("NAME"));

    /// <summary>R8: without a UID the link, else title, start and place stand in, so that the order in the file does not matter.</summary>
    private static string KeyOf(CalendarComponent part, int number)
    {
        var standIn = FeedText.LineOrNull(part.Value("URL")) ?? FeedText.LineOrNull($"{CalendarDescription.TitleOf(part)} {part.Value("DTSTART")} {part.Value("LOCATION")}".ToLowerInvariant());
        return FeedText.LineOrNull(part.Value("UID")) ?? standIn ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"event {number}");
    }

    private static List<CalendarComponent> Build(IReadOnlyList<ContentLine> lines)
    {
        var calendars = new List<CalendarComponent>();
        var open = new Stack<CalendarComponent>();
        var broken = 0;
        foreach (var line in lines)
        {
            if (line.Name == "BEGIN")
            {
                Open(line, open, calendars);
            }
            else if (open.Count == 0)
            {
                throw new RefusedException(Refusals.NotWellFormed(line.Place, "text outside VCALENDAR"));
            }
            else if (line.Name == "END")
            {
                if (!string.Equals(open.Peek().Name, line.Value.Trim(), StringComparison.OrdinalIgnoreCase))
                {
                    throw new RefusedException(Refusals.NotWellFormed(line.Place, $"END:{line.Value.Trim()} while {open.Peek().Name} of line {open.Peek().Line} is open"));
                }

                open.Pop();
            }
            else if (!line.IsBroken)
            {
                open.Peek().Lines.Add(line);
            }
            else
            {
                open.Peek().Broken.Add(line.Line);
                if (++broken > BrokenMax)
                {
                    throw new RefusedException(Refusals.NotWellFormed(line.Place, $"more than {BrokenMax} lines without name and value"));
                }
            }
        }

        if (open.Count > 0)
        {
            throw new RefusedException(Refusals.Truncated(Refusals.Line(lines[^1].Line, 1)));
        }

        return calendars.Count > 0 ? calendars : throw new RefusedException(Refusals.WrongFormat("line 1", "no VCALENDAR"));
    }

    private static void Open(ContentLine line, Stack<CalendarComponent> open, List<CalendarComponent> calendars)
    {
        var component = new CalendarComponent(line.Value.Trim().ToUpperInvariant(), line.Line);
        if (open.Count == 0)
        {
            if (component.Name != "VCALENDAR")
            {
                throw new RefusedException(Refusals.WrongFormat(line.Place, component.Name));
            }

            calendars.Add(component);
        }
        else
        {
            if (open.Count > 8)
            {
                throw new RefusedException(Refusals.NotWellFormed(line.Place, "nested too deep"));
            }

            open.Peek().Parts.Add(component);
        }

        open.Push(component);
    }
}
