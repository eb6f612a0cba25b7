namespace Quartier.Gateway.Domain.Offers.Import.ICal;

/// <summary>A whole calendar file: its structure is checked strictly, its events one by one.</summary>
internal static class CalendarReader
{
    public static Reading Read(byte[] bytes, ImportSettings settings)
    {
        var lines = ContentLines.Read(bytes);
        var calendars = Build(lines);
        var warnings = new List<string>();
        var items = new List<OfferItem>();
        var skipped = new List<Skipped>();
        var calledOff = new List<CalledOff>();
        foreach (var calendar in calendars)
        {
            var zones = new CalendarZones(calendar.Parts, warnings);
            var events = new CalendarEvents(settings, zones, warnings, NameOf(calendar));
            foreach (var group in calendar.Parts.Where(part => part.Name == "VEVENT").Select((part, index) => (Part: part, Number: index + 1)).GroupBy(pair => KeyOf(pair.Part, pair.Number)))
            {
                events.Read(group.Key, group.ToList(), items, skipped, calledOff);
            }

            skipped.AddRange(calendar.Parts.Where(part => part.Name is "VTODO" or "VJOURNAL" or "VFREEBUSY").Select((part, index) =>
                new Skipped(KeyOf(part, index + 1), SkipReason.NotAnEvent, CalendarEvents.TitleOf(part))));
        }

        return new Reading("icalendar")
        {
            SourceName = NameOf(calendars[0]),
            Items = items,
            Skipped = skipped,
            CalledOff = calledOff,
            Warnings = warnings.Distinct().ToList(),
            KeepsPast = true,
        };
    }

    private static string? NameOf(CalendarComponent calendar) =>
        FeedText.LineOrNull(ContentLines.Unescape(calendar.Value("X-WR-CALNAME") ?? calendar.Value("NAME") ?? ""));

    /// <summary>R8: without a UID the link, else title, start and place stand in, so that the order in the file does not matter.</summary>
    private static string KeyOf(CalendarComponent part, int number)
    {
        var standIn = FeedText.LineOrNull(part.Value("URL")) ?? FeedText.LineOrNull($"{CalendarEvents.TitleOf(part)} {part.Value("DTSTART")} {part.Value("LOCATION")}".ToLowerInvariant());
        return FeedText.LineOrNull(part.Value("UID")) ?? standIn ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"event {number}");
    }

    private static List<CalendarComponent> Build(IReadOnlyList<ContentLine> lines)
    {
        var calendars = new List<CalendarComponent>();
        var open = new Stack<CalendarComponent>();
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
            else
            {
                open.Peek().Lines.Add(line);
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
