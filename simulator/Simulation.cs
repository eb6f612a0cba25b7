using NodaTime;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Checks;
using Quartier.Simulator.Faults;
using Quartier.Simulator.World;

namespace Quartier.Simulator;

/// <summary>One run of the demo quarter in virtual time, with people in it and checkers watching.</summary>
public sealed class Simulation : IDisposable
{
    private TeamPost? post;

    public Simulation(ulong seed, Instant start, TextWriter? trace = null, RadioConditions? radio = null, bool people = true, GatewayConditions? gateway = null)
    {
        var world = new VirtualWorld(seed, start, trace);
        WorldLink? direct = null;
        Quarter = new Quarter(world, radio, chip => (direct = new WorldLink(world, chip)).Lines, new SketchCanvas(SimulatedKioskBoard.Width, SimulatedKioskBoard.Height));
        Gateway = new GatewayInProcess(Quarter, gateway);
        Link = direct!;
        Quarter.Screen.Provisioned += Link.Use;
        Link.Attach(Gateway);
        Tally = new OccupancyTally();
        var offers = new NoExpiredOffer();
        var page = new WholeTruePage();
        Gateway.Published += offers.Hear;
        Gateway.Published += page.Hear;
        Checkers = [new NeverFreeWhileOccupied(), new AlarmsArrive(Gateway), offers, page, Tally];
        foreach (var checker in Checkers)
        {
            checker.Watch(Quarter);
        }

        foreach (var pod in Quarter.Pods)
        {
            pod.Guests.Active = people;
            pod.Guests.Begin();
        }
    }

    public Quarter Quarter { get; }

    public GatewayInProcess Gateway { get; }

    /// <summary>The screen's way to the gateway.</summary>
    public WorldLink Link { get; }

    /// <summary>What leaves the gateway for people outside; nothing does until it is opened.</summary>
    /// <exception cref="InvalidOperationException">It was not.</exception>
    public TeamPost Post => post ?? throw new InvalidOperationException("Nobody outside takes this gateway's letters: the scenario has no post.");

    public OccupancyTally Tally { get; }

    public IReadOnlyList<Checker> Checkers { get; }

    /// <summary>Mail server, chat and planning backend are there from now on.</summary>
    public void OpenPost() => post = new TeamPost(this);

    /// <summary>Lets the world live that long and then asks every checker for its last word.</summary>
    public void Run(Duration duration)
    {
        Advance(duration);
        foreach (var checker in Checkers)
        {
            checker.Conclude(Quarter);
        }

        Gateway.TraceStore();
    }

    public void Advance(Duration duration) => Quarter.World.RunUntil(Quarter.World.NowMs + (long)duration.TotalMilliseconds);

    public string Summary() => $"{Quarter.Pods.Sum(p => p.Modem.FramesSent)} frames, {Quarter.Pods.Sum(p => p.Runner.StepsRun)} firmware steps, {Gateway.Recorded} recorded, {Gateway.Refused} refused";

    public void Dispose() => Gateway.Dispose();
}
