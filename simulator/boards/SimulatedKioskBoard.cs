using Quartier.Board;
using Quartier.Kiosk;

namespace Quartier.Simulator.Boards;

/// <summary>An info screen's parts: a 3.5 inch panel of 480 × 320, three keys, touch.</summary>
public sealed class SimulatedKioskBoard : IPanel, IKeys
{
    public const int Width = 480;
    public const int Height = 320;
    private const int QueueMax = 8;
    private const int BytesPerPixel = 2;
    /// <summary>What the platform's allocator was seen to need beside one picture.</summary>
    private const int HeapBooksBytes = 256;

    private readonly Queue<(Key Key, int X, int Y)> presses = new();

    /// <exception cref="InvalidOperationException">The first picture does not fit the graphics' heap, of which the device dies too.</exception>
    public SimulatedKioskBoard(IMqttLink link, SimulatedChip chip, IFlash flash, ISerialLine servicePort, IClock clock)
    {
        if (GraphicsHeap.BytesFor(Width, Height) < (Width * Height * BytesPerPixel) + HeapBooksBytes)
        {
            throw new InvalidOperationException($"A graphics heap of {GraphicsHeap.BytesFor(Width, Height)} bytes has no room for a picture of {Width} × {Height} and its own books.");
        }

        Board = new KioskBoard
        {
            Panel = this, Keys = this, Link = link, Wifi = chip.Wifi, ServicePort = servicePort, Flash = flash, Clock = clock, Watchdog = chip.Machine, Power = chip.Machine,
        };
    }

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
