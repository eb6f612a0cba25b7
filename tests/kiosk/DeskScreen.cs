using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Raster;

namespace Quartier.Tests.Kiosk;

/// <summary>A whole screen on the desk in virtual time: the firmware over a board whose every part the test holds.</summary>
internal sealed class DeskScreen : IClock, IPanel, IKeys, IWatchdog, IPower
{
    public const string Device = "eselsberg-1";
    private readonly Queue<(Key Key, int X, int Y)> presses = new();
    private readonly long startUnixSeconds;

    public DeskScreen(DateTimeOffset at, string panel = "320x240", MemoryFlash? flash = null, DeskGateway? gateway = null)
    {
        startUnixSeconds = at.ToUnixTimeSeconds();
        var size = panel.Split('x').Select(int.Parse).ToArray();
        (WidthPixels, HeightPixels, PitchMicrometres) = (size[0], size[1], size[0] == 320 ? 153 : 154);
        Flash = flash ?? new MemoryFlash();
        Gateway = gateway ?? new DeskGateway(Device);
        Canvas = new PanelCanvas(WidthPixels, HeightPixels);
        App = new KioskApp(
            new KioskBoard { Panel = this, Keys = this, Link = Gateway, Flash = Flash, Clock = this, Watchdog = this, Power = this }, Canvas, Device, "0.1.0");
    }

    public MemoryFlash Flash { get; }

    public DeskGateway Gateway { get; }

    public PanelCanvas Canvas { get; }

    public KioskApp App { get; }

    public bool TimeKnown { get; set; } = true;

    public long UptimeMs { get; private set; }

    public long? FreeHeap { get; set; }

    /// <summary>By how much the screen's own clock is wrong.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>The true time.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(startUnixSeconds + (UptimeMs / 1000));

    public int WidthPixels { get; }

    public int HeightPixels { get; }

    public int PitchMicrometres { get; }

    public int Backlight { get; private set; }

    public ResetReason LastReset => ResetReason.PowerOn;

    /// <summary>Steps as a board does: when the firmware asked to be stepped.</summary>
    public DeskScreen Run(TimeSpan time)
    {
        var end = UptimeMs + (long)time.TotalMilliseconds;
        while (UptimeMs < end)
        {
            UptimeMs = Math.Min(end, App.Step(UptimeMs));
        }

        return this;
    }

    public void StepOnce() => UptimeMs = App.Step(UptimeMs);

    public DeskScreen Settle() => Run(TimeSpan.FromSeconds(8));

    public DeskScreen Press(params Key[] keys)
    {
        foreach (var key in keys)
        {
            presses.Enqueue((key, 0, 0));
            App.Step(UptimeMs);
        }

        return Run(TimeSpan.FromSeconds(1));
    }

    public DeskScreen Touch(int x, int y)
    {
        presses.Enqueue((Key.Touch, x, y));
        return Run(TimeSpan.FromSeconds(1));
    }

    public string Text => Canvas.ToText();

    public bool TryGetUtc(out long unixSeconds)
    {
        unixSeconds = TimeKnown ? startUnixSeconds + (UptimeMs / 1000) + (long)Skew.TotalSeconds : 0;
        return TimeKnown;
    }

    public void SetBacklight(int percent) => Backlight = percent;

    public bool TryRead(out Key key, out int x, out int y)
    {
        var any = presses.TryDequeue(out var press);
        (key, x, y) = press;
        return any;
    }

    public bool TryGetFreeHeap(out long bytes)
    {
        bytes = FreeHeap ?? 0;
        return FreeHeap is not null;
    }

    public void Feed()
    {
    }

    public void Restart()
    {
    }
}
