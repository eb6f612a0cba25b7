using System.Diagnostics;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Window;

/// <summary>Runs the world against the wall clock: as fast as life, or many times faster. The world itself does not know.</summary>
public sealed class Pacer : IDisposable
{
    public static readonly IReadOnlyList<int> Speeds = [1, 10, 60, 600];

    /// <summary>A jump is lived through, not skipped: an hour in about a second and a half.</summary>
    private const double JumpSpeed = 2400;
    private const double SliceMs = 5;

    /// <summary>The most of the world's time between two looks at whether the parts outside still keep up: less than a pod's message may
    /// be late without anybody noticing.</summary>
    public const int StrideMaxMs = 30_000;

    private readonly VirtualWorld world;
    private readonly Thread thread;
    private volatile bool stopping;
    private volatile int speed;
    private long jumpUntilMs;
    private long targetMs;

    public Pacer(VirtualWorld world, int speed)
    {
        this.world = world;
        this.speed = speed;
        targetMs = world.NowMs;
        thread = new Thread(Run) { IsBackground = true, Name = "world" };
    }

    public int Speed
    {
        get => speed;
        set => speed = value;
    }

    public bool Jumping => Interlocked.Read(ref jumpUntilMs) > world.NowMs;

    /// <summary>What ended the world's thread, if something did.</summary>
    public Exception? Failure { get; private set; }

    public event Action? Failed;

    /// <summary>A few hundred times a second on the world's thread, whatever the time-lapse.</summary>
    public event Action? Beat;

    /// <summary>A part that lives in the world's time and beside its thread, the gateway behind its sockets, has not taken yet what the
    /// world handed to it. The world's time stands until it has: time-lapse moves every part alike.</summary>
    public Func<bool> Holds { get; init; } = () => false;

    public void Start() => thread.Start();

    public void Jump(long ms) => Interlocked.Exchange(ref jumpUntilMs, world.NowMs + ms);

    /// <summary>Reads or changes the world from another thread, on the world's own.</summary>
    public Task<T> Ask<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Post(() => answer.SetResult(question()));
        return answer.Task;
    }

    public void Dispose()
    {
        stopping = true;
        if (thread.IsAlive)
        {
            thread.Join();
        }
    }

    private void Run()
    {
        try
        {
            var before = Stopwatch.GetTimestamp();
            var fraction = 0.0;
            while (!stopping)
            {
                var now = Stopwatch.GetTimestamp();
                // After a pause of the whole machine the world goes on where it was, instead of rushing.
                var passedMs = Math.Min(Stopwatch.GetElapsedTime(before, now).TotalMilliseconds, 250);
                before = now;
                Beat?.Invoke();
                if (!Holds())
                {
                    var wantedMs = Math.Min((passedMs * (Jumping ? JumpSpeed : speed)) + fraction, StrideMaxMs);
                    targetMs += (long)wantedMs;
                    fraction = wantedMs - (long)wantedMs;
                }

                world.RunUntil(targetMs);
                Thread.Sleep(TimeSpan.FromMilliseconds(SliceMs));
            }
        }
        catch (Exception cause) when (!stopping)
        {
            // The pump of this process: a world that fails is shown as failed, and the process ends with it.
            Failure = cause;
            Failed?.Invoke();
        }
    }
}
