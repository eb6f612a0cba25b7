using NodaTime;
using NodaTime.Extensions;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Raster;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Demo;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Window;

public sealed record DemoOptions
{
    /// <summary>The gateway's store.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Wanted ports; the next free one is taken. 0 takes any.</summary>
    public int HttpPort { get; init; } = 8080;

    public int MqttPort { get; init; } = 1883;

    public int WindowPort { get; init; } = 8081;

    public ulong Seed { get; init; } = 1;

    public int Speed { get; init; } = 1;

    /// <summary>Guests come and go by themselves.</summary>
    public bool People { get; init; }
}

/// <summary>The living quarter on one machine: the gateway as it is shipped, in the world's time; pods and screen as simulated boards that
/// speak to it over real MQTT; and the window to it all. Tests start the very same thing.</summary>
public sealed class Demo : IAsyncDisposable
{
    /// <summary>The quarter has lived a little before anybody looks, so that pods know that they are free.</summary>
    private static readonly Duration Before = Duration.FromMinutes(14);

    private readonly NetworkServerUplink uplink;
    private readonly ScreenUplink screen;
    private readonly WebApplication gateway;
    private readonly WebApplication window;

    private Demo(DemoOptions options, Quarter quarter, Pacer pacer, NetworkServerUplink uplink, ScreenUplink screen, UsbSockets ports, WebApplication gateway, int httpPort, int mqttPort, int windowPort)
    {
        (Options, Quarter, Pacer, this.uplink, this.screen, Ports, this.gateway) = (options, quarter, pacer, uplink, screen, ports, gateway);
        (HttpPort, MqttPort, WindowPort) = (httpPort, mqttPort, windowPort);
        window = WindowHost.Build(this, windowPort);
    }

    public DemoOptions Options { get; }

    public Quarter Quarter { get; }

    public Pacer Pacer { get; }

    /// <summary>Where a USB cable would be plugged in.</summary>
    internal UsbSockets Ports { get; }

    public int HttpPort { get; }

    public int MqttPort { get; }

    public int WindowPort { get; }

    public string GatewayUrl => $"http://localhost:{HttpPort}";

    /// <summary>Path of a device's service port, for example /dev/pts/7; null where pseudo-terminals are not to be had.</summary>
    public string? ServicePortOf(string device) => Ports.PathOf(device);

    public string WindowUrl => $"http://localhost:{WindowPort}";

    /// <summary>The gateway's own parts, for tests that look behind the pages.</summary>
    public IServiceProvider GatewayServices => gateway.Services;

    public static async Task<Demo> StartAsync(DemoOptions options, CancellationToken stop = default)
    {
        var httpPort = FreePort.From(options.HttpPort);
        var mqttPort = FreePort.From(options.MqttPort, httpPort);
        var windowPort = FreePort.From(options.WindowPort, httpPort, mqttPort);

        var world = new VirtualWorld(options.Seed, TimeProvider.System.GetUtcNow().ToInstant() - Before);
        ScreenUplink? screen = null;
        var ports = new UsbSockets(world);
        var quarter = new Quarter(world, null, chip => (screen = new ScreenUplink(world, chip)).Lines, new PanelCanvas(SimulatedKioskBoard.Width, SimulatedKioskBoard.Height), ports.Open);
        quarter.Screen.Provisioned += identity => screen?.Use(identity, quarter.Screen.Flash);
        var uplink = new NetworkServerUplink(quarter.Server);
        LiveBefore(quarter, options);

        var gateway = GatewayHost.Build(
            DemoQuarter.In(new GatewayOptions
            {
                DataDirectory = options.DataDirectory, HttpPort = httpPort, MqttPort = mqttPort,
                Notify = new NotifyOptions { Webhook = TeamChat.At(windowPort) },
            }),
            world.Time);
        var pacer = new Pacer(world, options.Speed) { Holds = () => uplink.IsBehind };
        ports.Wake(quarter);
        pacer.Beat += ports.Look;
        var demo = new Demo(options, quarter, pacer, uplink, screen!, ports, gateway, httpPort, mqttPort, windowPort);
        await gateway.StartAsync(stop);
        pacer.Start();
        uplink.Connect(world, quarter.Server, mqttPort);
        screen!.Connect(mqttPort);
        await demo.window.StartAsync(stop);
        return demo;
    }

    public async ValueTask DisposeAsync()
    {
        await window.StopAsync();
        await uplink.DisposeAsync();
        await screen.DisposeAsync();
        // The gateway's timers live in the world's time: it stops while the world still runs.
        await gateway.StopAsync();
        Pacer.Dispose();
        Ports.Dispose();
        await window.DisposeAsync();
        await gateway.DisposeAsync();
    }

    /// <summary>Every device of the quarter: id and name.</summary>
    public IEnumerable<(string Device, string Name)> Devices =>
        [.. Quarter.Pods.Select(pod => (pod.Identity.DevEui, pod.Identity.Name)), (QuarterScreen.Device, "Quartierszentrale Alter Eselsberg")];

    public Task WaitForShutdownAsync(CancellationToken stop) => window.WaitForShutdownAsync(stop);

    private static void LiveBefore(Quarter quarter, DemoOptions options)
    {
        foreach (var pod in quarter.Pods)
        {
            quarter.World.After(60_000, () => pod.Scene.LookIn(45_000));
            pod.Guests.Active = options.People;
            pod.Guests.Begin();
        }

        quarter.World.RunUntil((long)Before.TotalMilliseconds);
    }
}
