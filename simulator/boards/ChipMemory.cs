namespace Quartier.Simulator.Boards;

/// <summary>One of the chip's memories, in bytes: what is taken must be given back by whoever took it, and a reset empties it.</summary>
public sealed class ChipMemory
{
    private readonly int bytes;

    /// <param name="bytes">Free after the start, before the firmware connects anywhere.</param>
    public ChipMemory(int bytes) => this.bytes = Free = Least = bytes;

    public int Free { get; private set; }

    /// <summary>The least that was ever free.</summary>
    public int Least { get; private set; }

    /// <returns>False when there is not so much left; nothing was taken.</returns>
    public bool TryTake(int wanted)
    {
        if (wanted > Free)
        {
            return false;
        }

        Free -= wanted;
        Least = Math.Min(Least, Free);
        return true;
    }

    public void Give(int taken) => Free = Math.Min(bytes, Free + taken);

    public void Reset() => Free = bytes;
}
