namespace Quartier.Gateway.Domain.Offers.Import.ICal;

/// <summary>A component between BEGIN and END with its lines and the components inside it.</summary>
internal sealed record CalendarComponent(string Name, int Line)
{
    public List<ContentLine> Lines { get; } = [];

    public List<CalendarComponent> Parts { get; } = [];

    /// <summary>Numbers of the lines that could not be read.</summary>
    public List<int> Broken { get; } = [];

    /// <summary>Its own broken lines and those of the components inside it.</summary>
    public IEnumerable<int> AllBroken => Broken.Concat(Parts.SelectMany(part => part.AllBroken));

    public ContentLine? First(string name) => Lines.FirstOrDefault(line => line.Name == name);

    public IEnumerable<ContentLine> All(string name) => Lines.Where(line => line.Name == name);

    public string? Value(string name) => First(name)?.Value;

    /// <summary>This one, and from the other whatever is not said here, but nothing about dates.</summary>
    public CalendarComponent Over(CalendarComponent other)
    {
        var own = Lines.Select(line => line.Name).ToHashSet(StringComparer.Ordinal);
        var merged = new CalendarComponent(Name, Line);
        merged.Lines.AddRange(Lines);
        merged.Lines.AddRange(other.Lines.Where(line => !own.Contains(line.Name) && line.Name is not ("DTSTART" or "DTEND" or "DURATION" or "RRULE" or "RDATE" or "EXDATE" or "EXRULE" or "STATUS" or "CLASS")));
        return merged;
    }
}
