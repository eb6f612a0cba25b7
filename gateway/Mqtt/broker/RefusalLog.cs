using Microsoft.Extensions.Logging;

namespace Quartier.Mqtt;

/// <summary>Connections that ended before they were admitted: the first of a minute is logged as it is, the others as one line with
/// their number, so that a flood of them fills neither the log nor the disk.</summary>
internal sealed class RefusalLog(ILogger log, TimeProvider time)
{
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

    /// <param name="detail">The CONNACK code of a refusal, or what the network said.</param>
    public void Note(string clientId, string from, CloseReason reason, string detail)
    {
        lock (sync)
        {
            if (since is not null)
            {
                var cause = reason == CloseReason.Refused ? detail : reason.ToString();
                unsaid[cause] = unsaid.GetValueOrDefault(cause) + 1;
                return;
            }

            since = time.GetTimestamp();
        }

        log.NotAdmitted(clientId, from, reason, detail);
    }

    /// <summary>Called by the broker's sweep.</summary>
    public void Sweep()
    {
        string causes;
        int count;
        lock (sync)
        {
            if (since is not { } start || time.GetElapsedTime(start) < Period)
            {
                return;
            }

            since = unsaid.Count > 0 ? time.GetTimestamp() : null;
            (count, causes) = (unsaid.Values.Sum(), string.Join(", ", unsaid.OrderByDescending(cause => cause.Value).Select(cause => $"{cause.Key} {cause.Value}")));
            unsaid.Clear();
        }

        if (count > 0)
        {
            log.MoreNotAdmitted(count, causes);
        }
    }
}
