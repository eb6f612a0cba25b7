using System.Data.Common;
using NodaTime;
using NodaTime.Extensions;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>The gateway's time. It is the system's while that agrees with monotonic time; when somebody sets the clock, it goes on as if
/// nobody had, until a person or an hour of synchronised system time confirms the new one. So every rule of the gateway, of silence,
/// freshness, repetition or retention, may read this clock and needs to know nothing of steps.</summary>
/// <param name="isSynchronised">Whether the operating system says that its clock is synchronised.</param>
public sealed class ClockWatch(TimeProvider system, Func<bool> isSynchronised) : TimeProvider
{
    /// <summary>Stands for the hour of synchronised time in the audit log.</summary>
    public const string Synchronisation = "clock";

    public static readonly Fault Fault = new(
        "clock",
        "Die Uhr dieses Rechners wurde verstellt, oder das Gateway war lange aus. Alarme laufen weiter; gelöscht und freigegeben wird nichts.",
        "This machine's clock was set, or the gateway was off for long. Alarms go on; nothing is deleted or released.",
        "Die Verwaltung prüft die Uhrzeit und bestätigt sie. Ist die Systemzeit eine Stunde lang synchronisiert, geschieht das von selbst.",
        "An administrator checks the time and confirms it. After an hour of synchronised system time that happens by itself.",
        Page: "/clock", HoldsBack: true);

    private readonly Lock gate = new();
    private Instant anchor = system.GetUtcNow().ToInstant();
    private long anchoredAt = system.GetTimestamp();
    private long? synchronisedSince;

    public override long TimestampFrequency => system.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => system.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();

    public override long GetTimestamp() => system.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        system.CreateTimer(callback, state, dueTime, period);

    /// <summary>The gateway's time now.</summary>
    public Instant Now
    {
        get
        {
            lock (gate)
            {
                var (wall, steady) = Read();
                return ClockRules.Step(wall, steady) is null ? wall : steady;
            }
        }
    }

    /// <summary>The system's time now, whatever the gateway thinks of it.</summary>
    public Instant Wall => system.GetUtcNow().ToInstant();

    /// <summary>Compares with what the store received last. A step that was not confirmed before the restart stays one.</summary>
    public void Begin(DbConnection db)
    {
        var wall = Wall;
        var (now, step) = ClockRules.Begin(wall, ClockTable.NewestReceipt(db));
        SetTo(now);
        if ((step ?? ClockTable.Find(db)?.By) is { } by)
        {
            ClockTable.Put(db, new ClockStep(now, by, AtStart: true));
        }
    }

    /// <summary>Called every second, before anything that is due by time.</summary>
    public void Step(Database store, GatewayHealth health)
    {
        var watched = store.Attempt(Watch);
        if (watched.IsFaulted)
        {
            // A store that cannot be written says so itself; what was red stays red.
            return;
        }

        if (watched.Result is { } step)
        {
            health.Raise(Fault, Now, step.NoticedAt);
        }
        else
        {
            health.Clear(Fault.Name);
        }
    }

    /// <returns>The step that nobody has confirmed; null: none.</returns>
    public ClockStep? Watch(DbConnection db)
    {
        var (wall, steady) = Read();
        var step = ClockRules.Step(wall, steady);
        var known = ClockTable.Find(db);
        if (step is null && known is { AtStart: false })
        {
            // The clock came back: it was never right in between, and nothing was done by it.
            ClockTable.Clear(db);
            known = null;
        }

        if (step is { } by && (known is null || Duration.Max(by - known.By, known.By - by) > ClockRules.Tolerance))
        {
            known = new ClockStep(steady, by, known?.AtStart ?? false);
            ClockTable.Put(db, known);
            synchronisedSince = null;
        }

        if (known is null || !isSynchronised())
        {
            synchronisedSince = null;
            return known;
        }

        synchronisedSince ??= system.GetTimestamp();
        if (system.GetElapsedTime(synchronisedSince.Value) < ClockRules.SynchronisedFor.ToTimeSpan())
        {
            return known;
        }

        Confirm(db, Synchronisation);
        return null;
    }

    /// <summary>The system's time is right: it becomes the gateway's, and what was stored under the other is healed.</summary>
    public void Confirm(DbConnection db, string who)
    {
        if (ClockTable.Find(db) is null)
        {
            return;
        }

        var (wall, steady) = Read();
        Healing.Heal(db, ClockRules.Step(wall, steady) ?? Duration.Zero, wall);
        SheltersTable.HealNights(db, wall);
        OccupancyTable.HealNights(db, Night.Containing(wall));
        ClockTable.Clear(db);
        AuditTable.Add(db, wall, who, "clock.confirmed", "");
        SetTo(wall);
        synchronisedSince = null;
    }

    private (Instant Wall, Instant Steady) Read() => (Wall, anchor + Duration.FromTimeSpan(system.GetElapsedTime(anchoredAt)));

    private void SetTo(Instant now)
    {
        lock (gate)
        {
            (anchor, anchoredAt) = (now, system.GetTimestamp());
        }
    }
}
