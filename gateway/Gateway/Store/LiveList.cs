using System.Text;

namespace Quartier.Gateway.Store;

/// <summary>What a page gets that has seen a list at a version.</summary>
/// <param name="Html">Null: nothing changed. Else the whole list, or with <paramref name="IsChange"/> the changed parts, after the
/// frame in a div with data-frame where that changed.</param>
public sealed record LiveAnswer(long Version, string? Html, bool IsChange);

/// <summary>
/// A list that many pages keep open: rendered once for all of one language, cut into parts, each with the version of its last change,
/// so that a page that names what it has seen gets what changed since. What a list shows must be the same for all who may see it: no
/// form's token, no name of the reader.
/// </summary>
public class LiveList : IDisposable
{
    /// <summary>Freshness ends without a table changing; in time-lapse, or when the clock is set, also without time passing.</summary>
    private static readonly TimeSpan RenderedHolds = TimeSpan.FromSeconds(10);

    private readonly Database database;
    private readonly TimeProvider time;
    private readonly HashSet<string> tables;
    private readonly SemaphoreSlim turn = new(1);
    private readonly Dictionary<string, Rendering> byLanguage = new(StringComparer.Ordinal);
    private int changes;

    // Higher than any version of a former process.
    private long version;

    /// <param name="tables">What the list is read from.</param>
    public LiveList(Database database, TimeProvider time, params string[] tables)
    {
        this.database = database;
        this.time = time;
        this.tables = [.. tables];
        version = time.GetUtcNow().ToUnixTimeMilliseconds();
        database.Changed += OnChanged;
    }

    public void Dispose()
    {
        database.Changed -= OnChanged;
        turn.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <param name="seen">The version of an earlier answer; 0: none.</param>
    public async Task<LiveAnswer> Since(string language, long seen, Func<Task<string>> render)
    {
        await turn.WaitAsync();
        try
        {
            var known = byLanguage.GetValueOrDefault(language);
            var now = Volatile.Read(ref changes);
            if (known is null || known.Changes != now || (time.GetUtcNow() - known.RenderedAt).Duration() > RenderedHolds)
            {
                byLanguage[language] = known = Merge(known, await render(), now);
            }

            return known.Since(seen);
        }
        finally
        {
            turn.Release();
        }
    }

    private Rendering Merge(Rendering? before, string html, int now)
    {
        var cut = LivePartRules.Cut(html);
        var next = version + 1;
        var earlier = before?.Parts.ToDictionary(part => part.Key, StringComparer.Ordinal) ?? [];
        var parts = cut.Parts.Select(part =>
        {
            var face = LivePartRules.Face(part.Html);
            return new Part(part.Key, part.Html, face, earlier.TryGetValue(part.Key, out var old) && old.Face == face ? old.Version : next);
        }).ToList();
        var frame = before is not null && before.Frame == cut.Frame ? before.FrameVersion : next;
        if (frame == next || parts.Any(part => part.Version == next))
        {
            version = next;
        }

        return new Rendering(html, parts, cut.Frame, frame, before?.First ?? next, before is null || version == next ? next : before.Version, now, time.GetUtcNow());
    }

    private void OnChanged(IReadOnlySet<string> changed)
    {
        if (tables.Overlaps(changed))
        {
            Interlocked.Increment(ref changes);
        }
    }

    private sealed record Part(string Key, string Html, string Face, long Version);

    /// <param name="First">A page that saw an earlier version knows nothing of this.</param>
    private sealed record Rendering(string Html, IReadOnlyList<Part> Parts, string Frame, long FrameVersion, long First, long Version, int Changes, DateTimeOffset RenderedAt)
    {
        public LiveAnswer Since(long seen)
        {
            if (seen < First || seen > Version)
            {
                return new LiveAnswer(Version, Html, false);
            }

            var change = new StringBuilder();
            if (FrameVersion > seen)
            {
                change.Append("<div data-frame>").Append(Frame).Append("</div>");
            }

            foreach (var part in Parts.Where(part => part.Version > seen))
            {
                change.Append(part.Html);
            }

            return new LiveAnswer(Version, change.Length == 0 ? null : change.ToString(), true);
        }
    }
}
