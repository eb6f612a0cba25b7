using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Quartier.Gateway.Store;

/// <summary>The tables that the writer's transaction has changed so far. A row written as it was counts as a change.</summary>
internal sealed class ChangedTables
{
    private readonly HashSet<string> names = [];

    public WriterCaches Caches { get; } = new();

    public int Count => names.Count;

    /// <summary>Whether rows were deleted since somebody last set this to false; it outlives the transaction.</summary>
    public bool HasDeleted { get; set; }

    public void Note(WrittenText written)
    {
        HasDeleted |= written.HasDelete;
        foreach (var table in written.Tables)
        {
            names.Add(table);
            Caches.Forget(table);
        }
    }

    public void ForgetAll() => Caches.ForgetAll();

    public void Clear() => names.Clear();

    public IReadOnlySet<string> ToSet() => new HashSet<string>(names);
}

/// <summary>What a statement says that it writes. Read from its text, once, so that it holds for every store and for a table that is
/// emptied as a whole, of which SQLite's own hook says nothing.</summary>
/// <param name="Tables">Their names in small letters; none for one that only reads.</param>
internal sealed partial record WrittenText(string[] Tables, bool HasDelete)
{
    /// <summary>Lists as parameters make new texts; past this many the known ones are forgotten.</summary>
    private const int TextsMax = 4_096;

    private static readonly ConcurrentDictionary<string, WrittenText> Known = new(StringComparer.Ordinal);

    public static WrittenText Of(string text)
    {
        if (Known.TryGetValue(text, out var known))
        {
            return known;
        }

        if (Known.Count >= TextsMax)
        {
            Known.Clear();
        }

        return Known[text] = Read(text);
    }

    private static WrittenText Read(string text)
    {
        var writes = Writes().Matches(text);
        return new WrittenText(
            [.. writes.Select(write => write.Groups["table"].Value.ToLowerInvariant()).Distinct(StringComparer.Ordinal)],
            writes.Any(write => write.Groups["delete"].Success));
    }

    // "DO UPDATE SET" after ON CONFLICT names no table.
    [GeneratedRegex(@"\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|(?<delete>DELETE\s+FROM)|UPDATE(?!\s+SET\b))\s+(?<table>\w+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Writes();
}
