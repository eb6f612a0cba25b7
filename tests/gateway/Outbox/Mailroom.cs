using NodaTime;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Tests.Gateway.Outbox;

/// <summary>A store in a folder of its own, a clock that stands still, and a channel that answers as it is told.</summary>
internal sealed class Mailroom : IDisposable
{
    private readonly DirectoryInfo folder = StoreFolder.Create("outbox");

    public Mailroom() => Store = Database.Open(folder.FullName, Tables.All, Durability.None);

    public Database Store { get; private set; }

    public StandingClock Clock { get; } = new(Instant.FromUtc(2026, 11, 21, 22, 0));

    public ScriptedChannel Channel { get; } = new("mail");

    public OutboxPump Pump(Action<PumpStep, OutboxMessage>? passed = null) => new(Store, [Channel], Clock, passed);

    public bool Add(string key, string subject = "s", string channel = "mail", bool urgent = false) =>
        Store.Write(db => OutboxTable.Add(db, new NewMessage(channel, subject, key, $"payload {key}", Clock.Now, IsUrgent: urgent), Clock.Now));

    public OutboxMessage Find(string key) => Store.Read(db => OutboxTable.Latest(db, 1000)).Single(message => message.Key == key);

    /// <summary>What the next process finds: the file, and nothing that was in memory.</summary>
    public void Restart()
    {
        Store.Dispose();
        Store = Database.Open(folder.FullName, Tables.All, Durability.None);
    }

    public void Dispose()
    {
        Store.Dispose();
        folder.Delete(recursive: true);
    }
}

internal sealed class StandingClock(Instant start) : TimeProvider
{
    public Instant Now { get; private set; } = start;

    public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();

    public void Pass(Duration time) => Now += time;

    /// <summary>Monotonic time passes with the clock: the test's time is not set, it passes.</summary>
    public override long GetTimestamp() => Now.ToUnixTimeTicks();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
}

/// <summary>Keeps what it was given; a key seen before is the receiver's duplicate.</summary>
internal sealed class ScriptedChannel(string name) : IDeliveryChannel
{
    public string Name => name;

    public List<string> Received { get; } = [];

    public Func<OutboxMessage, SendResult> Answer { get; set; } = _ => new SendResult(SendOutcome.Accepted, "ok");

    public Task<SendResult> SendAsync(OutboxMessage message, CancellationToken stop)
    {
        var result = Answer(message);
        if (result.Outcome == SendOutcome.Accepted)
        {
            Received.Add(message.Key);
        }

        return Task.FromResult(result);
    }
}
