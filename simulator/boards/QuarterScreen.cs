using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Provisioning;
using Quartier.Raster;
using Quartier.Screen;
using Quartier.Simulator.World;
using Quartier.Wire;

namespace Quartier.Simulator.Boards;

/// <summary>The info screen in the window of the Quartierszentrale: board, panel and the firmware that runs on it.</summary>
public sealed class QuarterScreen
{
    public const string Device = "eselsberg-1";
    public const string Firmware = "0.1.0-sim";
    /// <summary>The firmware was written before any simulated day.</summary>
    private const long BuiltDaysBefore = 30;

    private readonly VirtualWorld world;
    private readonly SimulatedChip chip;
    private readonly ScreenLines lines;
    private readonly ISerialLine servicePort;
    private readonly ICanvas canvas;
    private readonly Chance chance;
    private ScreenClock clock = null!;
    private TlsSwitch way = null!;

    public QuarterScreen(VirtualWorld world, SimulatedChip chip, ScreenLines lines, ICanvas canvas, ISerialLine? servicePort = null)
    {
        (this.world, this.chip, this.lines, this.canvas) = (world, chip, lines, canvas);
        this.servicePort = servicePort ?? new SilentLine();
        chance = world.Stream("screen chip");
        Find(ResetReason.PowerOn);
        (Board, App) = Boot();
        Runner = new AppRunner(world, chip.Interpreter, Step);
        chip.Machine.RestartWanted = Restart;
        lines.Link.Arrived += Runner.Wake;
        Wifi.Changed += OnWifi;
        Runner.Start();
        Wifi.Connect(SimulatedWifi.HouseSsid, SimulatedWifi.HousePassword);
    }

    /// <summary>The screen starts with an identity that a cable has given it: time to call the gateway under it.</summary>
    public event Action<DeviceIdentity>? Provisioned;

    /// <summary>The board starts again.</summary>
    public event Action? Restarted;

    public SimulatedChip Chip => chip;

    public SimulatedWifi Wifi => chip.Wifi;

    /// <summary>The reference module's partition.</summary>
    public SimulatedFlash Flash { get; } = new();

    public SimulatedKioskBoard Board { get; private set; }

    /// <summary>The panel's pixels, where somebody looks at them.</summary>
    public PanelCanvas Canvas => (PanelCanvas)canvas;

    /// <summary>The panel's words, where nobody looks.</summary>
    public SketchCanvas Sketch => (SketchCanvas)canvas;

    public KioskApp App { get; private set; }

    public AppRunner Runner { get; }

    /// <summary>How this start reaches the gateway.</summary>
    public TlsSwitch Way => way;

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
        chip.Reset();
        Find(chip.Machine.LastReset);
        if (way.InForce is { } provisioned)
        {
            Provisioned?.Invoke(provisioned);
        }

        (Board, App) = Boot();
        Runner.Restart(Step);
    }

    /// <summary>As the device's start does before anything else: TLS reads its roots at boot, so that another one costs a second start.</summary>
    private void Find(ResetReason reason)
    {
        var identity = new IdentityFile(Flash).TryLoad(out var known) ? known : null;
        way = new TlsSwitch(Flash, identity, reason);
        if (way.InForce is { } inForce && TrustedRoot.Install(Flash, chip.Roots, inForce))
        {
            chip.Roots.Reset();
            way = new TlsSwitch(Flash, identity, ResetReason.Software);
        }

        way.Begin();
    }

    private (SimulatedKioskBoard Board, KioskApp App) Boot()
    {
        var identity = way.InForce;
        var built = world.Start.ToUnixTimeSeconds() - (BuiltDaysBefore * 24 * 3600);
        clock = new ScreenClock(chip.Time, lines.Time, chip.Time, Math.Max(built, identity?.IssuedAt ?? 0), chance.Next(int.MaxValue));
        var board = new SimulatedKioskBoard(lines.Link, chip, Flash, servicePort, clock);
        return (board, new KioskApp(board.Board, canvas, identity?.DeviceId ?? Device, Firmware, way));
    }

    private long Step(long uptimeMs)
    {
        clock.Step(uptimeMs, Wifi.State == WifiState.Connected);
        return App.Step(uptimeMs);
    }

    private void OnWifi()
    {
        world.Trace.Write(Device, "wifi", Wifi.State.ToString());
        Runner.Wake();
    }
}
