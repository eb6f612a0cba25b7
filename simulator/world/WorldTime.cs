namespace Quartier.Simulator.World;

/// <summary>The world's clock as the platform's TimeProvider: a gateway hosted in the world lives in its time, timers included.
/// Timers fire on the thread pool, because their owners do not expect the world's thread.</summary>
public sealed class WorldTime(VirtualWorld world) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    private long wallOffsetMs;

    /// <summary>The same clock, with timers that fire on the world's own thread, as its events do.</summary>
    public TimeProvider OnWorldThread => field ??= new Own(this, world);

    /// <summary>Somebody set the wall clock.</summary>
    public event Action? WallSet;

    /// <summary>How far the wall clock was set apart from the world's time. Monotonic time and timers never notice.</summary>
    public NodaTime.Duration WallOffset
    {
        get => NodaTime.Duration.FromMilliseconds(Interlocked.Read(ref wallOffsetMs));
        set
        {
            Interlocked.Exchange(ref wallOffsetMs, (long)value.TotalMilliseconds);
            WallSet?.Invoke();
        }
    }

    public override DateTimeOffset GetUtcNow() => (world.Now + WallOffset).ToDateTimeOffset();

    public override long GetTimestamp() => world.NowMs * TimeSpan.TicksPerMillisecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WorldTimer(world, () => ThreadPool.QueueUserWorkItem(_ => callback(state)));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Own(WorldTime shared, VirtualWorld world) : TimeProvider
    {
        public override long TimestampFrequency => shared.TimestampFrequency;

        public override TimeZoneInfo LocalTimeZone => shared.LocalTimeZone;

        public override DateTimeOffset GetUtcNow() => shared.GetUtcNow();

        public override long GetTimestamp() => shared.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new WorldTimer(world, () => callback(state));
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class WorldTimer(VirtualWorld world, Action fire) : ITimer
    {
        private readonly Lock changing = new();
        private int version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            int mine;
            lock (changing)
            {
                mine = ++version;
            }

            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                var dueMs = (long)Math.Ceiling(dueTime.TotalMilliseconds);
                world.Post(() => world.After(dueMs, () => Fire(mine, period)));
            }

            return true;
        }

        public void Dispose()
        {
            lock (changing)
            {
                version++;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(int mine, TimeSpan period)
        {
            lock (changing)
            {
                if (mine != version)
                {
                    return;
                }
            }

            if (period != Timeout.InfiniteTimeSpan && period > TimeSpan.Zero)
            {
                world.After((long)Math.Max(1, period.TotalMilliseconds), () => Fire(mine, period));
            }

            fire();
        }
    }
}
