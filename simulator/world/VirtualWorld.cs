using System.Collections.Concurrent;
using NodaTime;

namespace Quartier.Simulator.World;

/// <summary>One event queue, one clock, one seed. Events at the same millisecond run in the order in which they were scheduled.
/// Everything in the world runs on the thread that calls <see cref="RunUntil"/>; other threads hand work in by <see cref="Post"/>.</summary>
public sealed class VirtualWorld
{
    private readonly PriorityQueue<Appointment, (long AtMs, long Number)> queue = new();
    private readonly ConcurrentQueue<Action> inbox = new();
    private long scheduled;
    private long nowMs;

    public VirtualWorld(ulong seed, Instant start, TextWriter? trace = null)
    {
        Seed = seed;
        Start = start;
        Trace = new Trace(this, trace);
        Time = new WorldTime(this);
    }

    public ulong Seed { get; }

    public Instant Start { get; }

    public Trace Trace { get; }

    /// <summary>This world's clock in the form that the platform's libraries take.</summary>
    public WorldTime Time { get; }

    /// <summary>Milliseconds since the start: the uptime of everything that was switched on with the world. Safe to read from any thread.</summary>
    public long NowMs => Interlocked.Read(ref nowMs);

    public Instant Now => Start + Duration.FromMilliseconds(NowMs);

    public long EventsRun { get; private set; }

    public Chance Stream(string name) => new(Seed, name);

    /// <summary>Runs the work after a delay; zero means after everything that is already due now.</summary>
    public Appointment After(long delayMs, Action work) => At(NowMs + Math.Max(0, delayMs), work);

    public Appointment At(long atMs, Action work)
    {
        var appointment = new Appointment(work);
        queue.Enqueue(appointment, (Math.Max(atMs, NowMs), scheduled++));
        return appointment;
    }

    /// <summary>Repeats for ever, first after one period.</summary>
    public void Every(long periodMs, Action work)
    {
        void Run()
        {
            work();
            After(periodMs, Run);
        }

        After(periodMs, Run);
    }

    /// <summary>Hands work to the world from another thread; it runs at the world's present time.</summary>
    public void Post(Action work) => inbox.Enqueue(work);

    /// <summary>Does work of the world's outside its events. A caller's synchronisation context would send what awaits a task in it to other
    /// threads, so there is none meanwhile.</summary>
    public static void OnOneThread(Action work)
    {
        var outside = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            work();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    /// <summary>Lets the world live up to and including this time.</summary>
    public void RunUntil(long untilMs) => OnOneThread(() => Live(untilMs));

    private void Live(long untilMs)
    {
        TakeInbox();
        while (queue.TryPeek(out _, out var key) && key.AtMs <= untilMs)
        {
            var appointment = queue.Dequeue();
            if (appointment.Cancelled)
            {
                continue;
            }

            Interlocked.Exchange(ref nowMs, Math.Max(NowMs, key.AtMs));
            EventsRun++;
            appointment.Run();
            TakeInbox();
        }

        Interlocked.Exchange(ref nowMs, Math.Max(NowMs, untilMs));
    }

    private void TakeInbox()
    {
        while (inbox.TryDequeue(out var work))
        {
            work();
        }
    }
}

/// <summary>One thing that is going to happen, unless it is cancelled before.</summary>
public sealed class Appointment(Action work)
{
    public bool Cancelled { get; private set; }

    public void Cancel() => Cancelled = true;

    internal void Run() => work();
}
