using Microsoft.Extensions.Logging;

namespace Quartier.Mqtt;

/// <summary>Refusals of one kind: the first of a minute is logged as it is, the others as one line with their number, so that a flood of
/// them fills neither the log nor the disk.</summary>
/// <param name="what">Ends "3 more …": "connections were not admitted".</param>
internal sealed class RefusalLog(string what, ILogger log, TimeProvider time)
{
    /// <summary>Causes that a line names; the rest is a number.</summary>
    private const int CausesMax = 5;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock sync = new();
    private readonly Dictionary<string, int> unsaid = new(StringComparer.Ordinal);
    private long? since;

    /// <summary>Counted and not yet logged.</summary>
    public int Unsaid
    {
        get
        {
            lock (sync)
            {
                return unsaid.Values.Sum();
            }
        }
    }

    /// <param name="cause">Under which it is counted. There are not more of them than connections.</param>
    /// <param name="say">Logs this one by itself.</param>
    public void Note(string cause, Action<ILogger> say)
    {
        lock (sync)
        {
            if (since is not null)
            {
                unsaid[cause] = unsaid.GetValueOrDefault(cause) + 1;
                return;
            }

            since = time.GetTimestamp();
        }

        say(log);
    }

    /// <summary>Called by the broker's sweep.</summary>
    public void Sweep()
    {
        KeyValuePair<string, int>[] causes;
        lock (sync)
        {
            if (since is not { } start || time.GetElapsedTime(start) < Period)
            {
                return;
            }

            since = unsaid.Count > 0 ? time.GetTimestamp() : null;
            causes = [.. unsaid.OrderByDescending(cause => cause.Value)];
            unsaid.Clear();
        }

        if (causes.Length > 0)
        {
            var others = causes.Skip(CausesMax).Sum(cause => cause.Value);
            var named = causes.Take(CausesMax).Select(cause => $"{cause.Key} {cause.Value}");
            log.MoreRefused(causes.Sum(cause => cause.Value), what, string.Join(", ", others == 0 ? named : named.Append($"others {others}")));
        }
    }
}
