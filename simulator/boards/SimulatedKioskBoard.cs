using Quartier.Board;

namespace Quartier.Simulator.Boards;

/// <summary>An info screen's parts: a 3.5 inch panel of 480 × 320, three keys, touch.</summary>
public sealed class SimulatedKioskBoard : IPanel, IKeys
{
    public const int Width = 480;
    public const int Height = 320;
    private const int QueueMax = 8;

    private readonly Queue<(Key Key, int X, int Y)> presses = new();

    public SimulatedKioskBoard(IMqttLink link, IWifi wifi, IFlash flash, ISerialLine servicePort, SimulatedMachine machine) => Board = new KioskBoard
    {
        Panel = this, Keys = this, Link = link, Wifi = wifi, ServicePort = servicePort, Flash = flash, Clock = machine, Watchdog = machine, Power = machine,
    };

    public KioskBoard Board { get; }

    public int BacklightPercent { get; private set; }

    int IPanel.WidthPixels => Width;

    int IPanel.HeightPixels => Height;

    int IPanel.PitchMicrometres => 153;

    public void Press(Key key, int x = 0, int y = 0)
    {
        if (presses.Count < QueueMax)
        {
            presses.Enqueue((key, x, y));
        }
    }

    void IPanel.SetBacklight(int percent) => BacklightPercent = percent;

    bool IKeys.TryRead(out Key key, out int x, out int y)
    {
        var any = presses.TryDequeue(out var first);
        (key, x, y) = first;
        return any;
    }
}
