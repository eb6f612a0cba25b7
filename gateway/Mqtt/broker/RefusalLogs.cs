using Microsoft.Extensions.Logging;

namespace Quartier.Mqtt;

/// <summary>Everything that a client can make the broker refuse again and again, kind by kind.</summary>
internal sealed class RefusalLogs(ILogger log, TimeProvider time)
{
    public RefusalLog Connections { get; } = new("connections were not admitted", log, time);

    public RefusalLog Publishes { get; } = new("topics were published to without the right to", log, time);

    public RefusalLog Subscriptions { get; } = new("subscriptions were not granted", log, time);

    public RefusalLog Retained { get; } = new("messages were not retained", log, time);

    public void Sweep()
    {
        foreach (var kind in (RefusalLog[])[Connections, Publishes, Subscriptions, Retained])
        {
            kind.Sweep();
        }
    }
}
