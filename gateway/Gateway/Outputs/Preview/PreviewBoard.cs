using Quartier.Board;

namespace Quartier.Gateway.Outputs.Preview;

/// <summary>A panel the firmware can be drawn for.</summary>
public sealed record PanelKind(int Width, int Height, int PitchMicrometres)
{
    public static readonly PanelKind Small = new(320, 240, 153);
    public static readonly PanelKind Large = new(480, 320, 154);

    /// <param name="name">320x240 or 480x320.</param>
    public static PanelKind? Named(string name) => name switch { "320x240" => Small, "480x320" => Large, _ => null };
}

/// <summary>The board of a screen in memory: flash that forgets, a clock that stands at the wanted moment.</summary>
internal sealed class PreviewBoard(PanelKind panel, long unixSeconds) : IPanel, IKeys, IFlash, IClock, IWatchdog, IPower
{
    private readonly Dictionary<string, byte[]> files = new(StringComparer.Ordinal);

    public int WidthPixels => panel.Width;

    public int HeightPixels => panel.Height;

    public int PitchMicrometres => panel.PitchMicrometres;

    public ResetReason LastReset => ResetReason.PowerOn;

    public KioskBoard With(IMqttLink link) =>
        new() { Panel = this, Keys = this, Link = link, Flash = this, Clock = this, Watchdog = this, Power = this };

    public void SetBacklight(int percent)
    {
    }

    public bool TryRead(out Key key, out int x, out int y)
    {
        (key, x, y) = (Key.None, 0, 0);
        return false;
    }

    public bool TryGetUtc(out long seconds)
    {
        seconds = unixSeconds;
        return true;
    }

    public bool TryGetFreeHeap(out long bytes)
    {
        bytes = 0;
        return false;
    }

    public void Feed()
    {
    }

    public void Restart()
    {
    }

    public FlashStatus Read(string name, byte[] buffer, out int length)
    {
        length = 0;
        if (!files.TryGetValue(name, out var content))
        {
            return FlashStatus.NotFound;
        }

        if (content.Length > buffer.Length)
        {
            return FlashStatus.TooLong;
        }

        content.CopyTo(buffer, 0);
        length = content.Length;
        return FlashStatus.Ok;
    }

    public FlashStatus Write(string name, byte[] buffer, int length)
    {
        files[name] = buffer[..length];
        return FlashStatus.Ok;
    }

    public int TotalBytes => 3 * 1024 * 1024;

    public FlashStatus ReadAt(string name, int offset, byte[] buffer, int length)
    {
        if (!files.TryGetValue(name, out var content) || offset + length > content.Length)
        {
            return FlashStatus.Failed;
        }

        Array.Copy(content, offset, buffer, 0, length);
        return FlashStatus.Ok;
    }

    public FlashStatus Size(string name, out int bytes)
    {
        bytes = files.TryGetValue(name, out var content) ? content.Length : 0;
        return content is null ? FlashStatus.NotFound : FlashStatus.Ok;
    }

    public FlashStatus Append(string name, byte[] buffer, int length)
    {
        files[name] = [.. files.GetValueOrDefault(name, []), .. buffer.AsSpan(0, length)];
        return FlashStatus.Ok;
    }

    public FlashStatus Delete(string name) => files.Remove(name) ? FlashStatus.Ok : FlashStatus.NotFound;

    public bool TryGetName(int index, out string name)
    {
        name = index < files.Count ? files.Keys.ElementAt(index) : "";
        return index < files.Count;
    }
}
