using Quartier.Simulator.World;

namespace Quartier.Simulator.Boards;

/// <summary>Runs an application's Step at the times it asks for, and earlier when an input changed, as the device's loop does; and not
/// while native code has the interpreter.</summary>
public sealed class AppRunner
{
    /// <summary>From a pin's edge to the application's first line: the wake-up of the board.</summary>
    private const long WakeMs = 3;

    private readonly VirtualWorld world;
    private readonly Interpreter interpreter;
    private long bootMs;
    private Func<long, long> step;
    private Appointment? next;
    private bool wakePending;

    /// <param name="step">Takes the uptime in milliseconds, returns the next.</param>
    public AppRunner(VirtualWorld world, Interpreter interpreter, Func<long, long> step)
    {
        this.world = world;
        this.interpreter = interpreter;
        this.step = step;
        bootMs = world.NowMs;
    }

    /// <summary>After each step, for whoever watches.</summary>
    public event Action? Stepped;

    public long StepsRun { get; private set; }

    public void Start() => next = world.After(0, Run);

    public void Wake()
    {
        if (!wakePending && next is not null)
        {
            wakePending = true;
            next.Cancel();
            next = world.After(WakeMs, Run);
        }
    }

    /// <summary>The board restarts with a fresh application, whose uptime begins again. The one before may ask for it in its own step.</summary>
    public void Restart(Func<long, long> freshStep)
    {
        step = freshStep;
        bootMs = world.NowMs;
        Wake();
    }

    private void Run()
    {
        wakePending = false;
        if (interpreter.IsStopped)
        {
            next = world.At(Math.Min(interpreter.FreeAtMs, long.MaxValue / 2), Run);
            return;
        }

        StepsRun++;
        var nextMs = step(world.NowMs - bootMs);
        if (!wakePending)
        {
            next = world.At(Math.Max(world.NowMs + 1, bootMs + Math.Min(nextMs, long.MaxValue / 2)), Run);
        }

        Stepped?.Invoke();
    }
}
