using Quartier.Provisioning;
using Quartier.Shelter;
using Quartier.Simulator.Radio;
using Quartier.Simulator.World;
using Quartier.Wire;

namespace Quartier.Simulator.Boards;

/// <summary>One pod of the quarter: the place, its board and the firmware that runs on it.</summary>
public sealed class Pod
{
    private readonly SimulatedFlash flash = new(SimulatedFlash.PartitionOf4Mb);
    private Occupancy seen = Occupancy.Unknown;
    private OccupancyReason seenReason = OccupancyReason.Starting;

    public Pod(VirtualWorld world, Weather weather, NetworkServer server, PodIdentity identity, Quartier.Board.ISerialLine? servicePort = null)
    {
        Identity = identity;
        Scene = new PodScene(world, weather, identity.Name);
        Modem = new SimulatedModem(world, server, identity.DevEui, identity.Name);
        var machine = new SimulatedMachine(world, new Interpreter(world));
        Board = new SimulatedShelterBoard(world, Scene, Modem, flash, servicePort ?? new SilentLine(), machine);
        App = new ShelterApp(Board.Board, new ShelterSettings());
        Runner = new AppRunner(world, machine.Interpreter, App.Step);
        machine.RestartWanted = () => Restart(world);
        Scene.InputChanged += Runner.Wake;
        Modem.Received += Runner.Wake;
        Runner.Stepped += () => NoteConclusion(world);
        Runner.Start();
        Guests = new People(world, Scene) { Active = false };
    }

    public PodIdentity Identity { get; }

    public PodScene Scene { get; }

    public SimulatedShelterBoard Board { get; }

    public SimulatedModem Modem { get; }

    public ShelterApp App { get; private set; }

    public AppRunner Runner { get; }

    public People Guests { get; }

    /// <summary>What the firmware concludes changed.</summary>
    public event Action? Concluded;

    /// <summary>A fresh application over the same board and flash, as after a reset. The modem joins under the identity on flash.</summary>
    public void Restart(VirtualWorld world)
    {
        world.Trace.Write(Identity.Name, "restarts");
        var provisioned = new IdentityFile(flash).TryLoad(out var identity);
        Modem.Join(provisioned ? Convert.ToHexStringLower(identity.DevEui) : Identity.DevEui);
        App = new ShelterApp(Board.Board, new ShelterSettings());
        Runner.Restart(App.Step);
    }

    private void NoteConclusion(VirtualWorld world)
    {
        var (state, reason) = (App.Occupancy.State, App.Occupancy.Reason);
        if (state == seen && reason == seenReason)
        {
            return;
        }

        (seen, seenReason) = (state, reason);
        world.Trace.Write(Identity.Name, "concludes", $"{state} because {reason}, confidence {App.Occupancy.Confidence}");
        Concluded?.Invoke();
    }
}

/// <param name="DevEui">16 lower-case hex digits.</param>
public sealed record PodIdentity(string DevEui, string Name)
{
    /// <summary>The demo quarter's two pods, named like the real ones.</summary>
    public static readonly IReadOnlyList<PodIdentity> Demo =
    [
        new("70b3d57ed0000001", "Karlsplatz"),
        new("70b3d57ed0000002", "Alter Friedhof"),
    ];
}
