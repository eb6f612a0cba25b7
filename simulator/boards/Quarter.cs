using NodaTime;
using Quartier.Screen;
using Quartier.Simulator.Faults;
using Quartier.Simulator.Radio;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Boards;

/// <summary>The demo quarter: two pods, one screen, the air between them and the gateway, the weather over all.</summary>
public sealed class Quarter
{
    public Quarter(VirtualWorld world, RadioConditions? radio, Func<SimulatedChip, ScreenLines> lines, ICanvas panel, Func<string, Quartier.Board.ISerialLine>? servicePorts = null)
    {
        World = world;
        Weather = new Weather(world);
        Server = new NetworkServer(world, radio ?? new RadioConditions());
        Pods = [.. PodIdentity.Demo.Select(identity => new Pod(world, Weather, Server, identity, servicePorts?.Invoke(identity.DevEui)))];
        var chip = new SimulatedChip(world);
        Screen = new QuarterScreen(world, chip, lines(chip), panel, servicePorts?.Invoke(QuarterScreen.Device));
    }

    public VirtualWorld World { get; }

    public Weather Weather { get; }

    public NetworkServer Server { get; }

    public IReadOnlyList<Pod> Pods { get; }

    public QuarterScreen Screen { get; }

    public Pod PodNamed(string name) => Pods.First(pod => pod.Identity.Name == name);

    /// <summary>A Wednesday noon in the first winter of the reference installation's sensors: where a simulation starts unless told otherwise.</summary>
    public static readonly Instant UsualStart = Instant.FromUtc(2026, 11, 18, 11, 0);
}
