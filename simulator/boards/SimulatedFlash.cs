using Quartier.Board;

namespace Quartier.Simulator.Boards;

/// <summary>Named files in memory; they outlive the application's restart, as flash does.</summary>
public sealed class SimulatedFlash : IFlash
{
    private const int BytesMax = 512 * 1024;
    private readonly SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);

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
        if (files.Where(f => f.Key != name).Sum(f => f.Value.Length) + length > BytesMax)
        {
            return FlashStatus.Full;
        }

        files[name] = buffer[..length];
        return FlashStatus.Ok;
    }

    public FlashStatus Delete(string name) => files.Remove(name) ? FlashStatus.Ok : FlashStatus.NotFound;

    public bool TryGetName(int index, out string name)
    {
        name = files.Keys.ElementAtOrDefault(index) ?? "";
        return name.Length > 0;
    }
}
