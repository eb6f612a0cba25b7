using NodaTime;

namespace Quartier.Gateway.Store;

/// <summary>Something that is wrong with the gateway itself, in words for whoever runs it. No word of people or pods.</summary>
/// <param name="Name">Short and in plain ASCII: it stands on /healthz, for programs. "clock", "duty releases".</param>
/// <param name="German">What is wrong: one sentence. Likewise English.</param>
/// <param name="ToDoGerman">What to do. Likewise ToDoEnglish.</param>
/// <param name="Page">Where to see more; null: nowhere.</param>
/// <param name="HoldsBack">While it lasts nothing is deleted or released for good.</param>
public sealed record Fault(
    string Name, string German, string English, string ToDoGerman, string ToDoEnglish, string? Page = null, bool HoldsBack = false);

/// <summary>A fault that lasts.</summary>
/// <param name="Count">How often it showed.</param>
public sealed record RedLine(Fault Fault, Instant Since, Instant LastAt, int Count);

/// <summary>What is red now: /healthz and the start page show it. Kept in memory alone, because the store may be what is wrong;
/// after a start each fault shows itself again.</summary>
public sealed class GatewayHealth(TimeProvider time)
{
    /// <summary>The duties run every second; an import may hold them up for a while.</summary>
    private static readonly TimeSpan StandsStillAfter = TimeSpan.FromMinutes(2);

    private static readonly Fault StandsStill = new(
        "duties",
        "Alarme, Fristen und Kataloge werden seit Minuten nicht bearbeitet.",
        "Alarms, deadlines and catalogues have not been looked after for minutes.",
        "Gateway neu starten; bis dahin hier nachsehen statt auf Nachrichten zu warten.",
        "Restart the gateway; until then look here instead of waiting for messages.");

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, RedLine> lines = new(StringComparer.Ordinal);
    private long steppedAt = time.GetTimestamp();

    /// <summary>A fault came, went or reads differently now. Be quick.</summary>
    public event Action? Changed;

    /// <summary>Nothing may be deleted or released for good at the moment.</summary>
    public bool HoldsBack
    {
        get
        {
            lock (gate)
            {
                return lines.Values.Any(line => line.Fault.HoldsBack);
            }
        }
    }

    /// <summary>The fault shows, for the first time or again.</summary>
    /// <param name="since">Where that is known better than by the first showing.</param>
    /// <returns>The line as it stands now.</returns>
    public RedLine Raise(Fault fault, Instant now, Instant? since = null)
    {
        RedLine line;
        bool isNews;
        lock (gate)
        {
            var before = lines.GetValueOrDefault(fault.Name);
            isNews = before?.Fault != fault;
            line = new RedLine(fault, since ?? before?.Since ?? now, now, (before?.Count ?? 0) + 1);
            lines[fault.Name] = line;
        }

        if (isNews)
        {
            Changed?.Invoke();
        }

        return line;
    }

    /// <summary>The fault is over; nothing happens where there was none.</summary>
    public void Clear(string name)
    {
        bool wasRed;
        lock (gate)
        {
            wasRed = lines.Remove(name);
        }

        if (wasRed)
        {
            Changed?.Invoke();
        }
    }

    public RedLine? Find(string name)
    {
        lock (gate)
        {
            return lines.GetValueOrDefault(name);
        }
    }

    /// <summary>The duties have been round once more.</summary>
    public void Stepped() => Interlocked.Exchange(ref steppedAt, time.GetTimestamp());

    /// <summary>Everything that is red, by name; empty when all is well.</summary>
    public IReadOnlyList<RedLine> Red(Instant now)
    {
        var still = time.GetElapsedTime(Interlocked.Read(ref steppedAt));
        lock (gate)
        {
            var standing = now - Duration.FromTimeSpan(still);
            return still < StandsStillAfter ? [.. lines.Values] : [.. lines.Values, new RedLine(StandsStill, standing, now, 1)];
        }
    }
}
