using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Provisioning;
using Quartier.Raster;
using Quartier.Screen;
using Quartier.Simulator.World;
using Quartier.Wire;

namespace Quartier.Simulator.Boards;

/// <summary>A link to the gateway that tells when something arrived.</summary>
public interface IWakingLink : IMqttLink
{
    event Action? Arrived;
}

/// <summary>The info screen in the window of the Quartierszentrale: board, panel and the firmware that runs on it.</summary>
public sealed class QuarterScreen
{
    public const string Device = "eselsberg-1";
    public const string Firmware = "0.1.0-sim";
    private const long TimeServerMs = 700;

    private readonly VirtualWorld world;
    private readonly SimulatedMachine machine;
    private readonly ISerialLine servicePort;
    private readonly IWakingLink link;
    private readonly ICanvas canvas;

    public QuarterScreen(VirtualWorld world, IWakingLink link, SimulatedWifi wifi, ICanvas canvas, ISerialLine? servicePort = null)
    {
        (this.world, this.link, Wifi, this.canvas) = (world, link, wifi, canvas);
        this.servicePort = servicePort ?? new SilentLine();
        machine = new SimulatedMachine(world);
        Board = new SimulatedKioskBoard(link, wifi, Flash, this.servicePort, machine);
        App = new KioskApp(Board.Board, canvas, Device, Firmware);
        Runner = new AppRunner(world, App.Step);
        machine.RestartWanted = Restart;
        link.Arrived += Runner.Wake;
        wifi.Changed += OnWifi;
        Runner.Start();
        wifi.Connect(SimulatedWifi.HouseSsid, SimulatedWifi.HousePassword);
    }

    /// <summary>The screen starts with an identity that a cable has given it: time to call the gateway under it.</summary>
    public event Action<DeviceIdentity>? Provisioned;

    /// <summary>The board starts again.</summary>
    public event Action? Restarted;

    public SimulatedWifi Wifi { get; }

    /// <summary>The reference module's partition.</summary>
    public SimulatedFlash Flash { get; } = new();

    public SimulatedKioskBoard Board { get; private set; }

    /// <summary>The panel's pixels, where somebody looks at them.</summary>
    public PanelCanvas Canvas => (PanelCanvas)canvas;

    /// <summary>The panel's words, where nobody looks.</summary>
    public SketchCanvas Sketch => (SketchCanvas)canvas;

    public KioskApp App { get; private set; }

    public AppRunner Runner { get; }

    public void Press(Key key, int x = 0, int y = 0)
    {
        world.Trace.Write(Device, key == Key.Touch ? "touch" : "key", key == Key.Touch ? $"{x} {y}" : key.ToString());
        Board.Press(key, x, y);
        Runner.Wake();
    }

    /// <summary>A fresh application over the same Flash, as after a watchdog's reset; the clock keeps running.</summary>
    public void Restart()
    {
        world.Trace.Write(Device, "restarts");
        Restarted?.Invoke();
        // First, so that nothing can leave before the radio is back.
        Wifi.Restart();
        machine.LastReset = ResetReason.Software;
        var provisioned = new IdentityFile(Flash).TryLoad(out var identity) ? identity : null;
        if (provisioned is not null)
        {
            Provisioned?.Invoke(provisioned);
        }

        Board = new SimulatedKioskBoard(link, Wifi, Flash, servicePort, machine);
        App = new KioskApp(Board.Board, canvas, provisioned?.DeviceId ?? Device, Firmware);
        Runner.Restart(App.Step);
    }

    private void OnWifi()
    {
        world.Trace.Write(Device, "wifi", Wifi.State.ToString());
        if (Wifi.State == WifiState.Connected)
        {
            world.After(TimeServerMs, () =>
            {
                machine.TimeKnown |= Wifi.State == WifiState.Connected;
                Runner.Wake();
            });
        }

        Runner.Wake();
    }
}
