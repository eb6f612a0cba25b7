namespace Quartier.Simulator.Boards;

/// <summary>What littlefs costs on the device's partition: which blocks a file takes, how often each block is erased, and when
/// there is none left. Blocks of 4 kB; a file of up to 512 bytes lies in its folder; a longer one is a list of whole blocks whose
/// later ones begin with pointers back; bytes that are added rewrite its last block unless that is full. A folder is a chain of
/// pairs of blocks, each a log of changes that is written anew into its partner when full. The figures are littlefs 2.11 as the
/// platform configures it: programs of 128 bytes, wear spread over the blocks in turn.</summary>
public sealed class FlashBlocks
{
    public const int BlockBytes = 4096;
    public const int InlineBytesMax = 512;
    private const int ProgramBytes = 128;
    /// <summary>Tags of a change, its time and its checksum.</summary>
    private const int ChangeBytes = 40;
    private const int EntryBytes = 28;

    private readonly int[] erases;
    private readonly bool[] used;
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly List<Pair> folder = [];
    private int next;

    public FlashBlocks(int bytes)
    {
        erases = new int[bytes / BlockBytes];
        used = new bool[erases.Length];
        folder.Add(TakePair()!);
    }

    public int Count => erases.Length;

    public int Used => used.Count(taken => taken);

    public long Erases => erases.Sum(count => (long)count);

    public int ErasesOfWorst => erases.Max();

    /// <summary>Reads of the folder's blocks that finding one name costs.</summary>
    public int FolderBlocks => folder.Count;

    /// <summary>Blocks of a file's content; none while it lies in the folder.</summary>
    public static int BlocksOf(int bytes)
    {
        var blocks = 0;
        for (var left = bytes <= InlineBytesMax ? 0 : bytes; left > 0; blocks++)
        {
            left -= BlockBytes - PointersOf(blocks);
        }

        return blocks;
    }

    /// <summary>Gives a file its new length.</summary>
    /// <param name="kept">Bytes at its beginning that stay as they are; 0 when it is written anew.</param>
    /// <returns>False when the blocks do not suffice; nothing has changed then but the erases.</returns>
    public bool TryStore(string name, int bytes, int kept)
    {
        var entry = entries.GetValueOrDefault(name);
        var whole = entry is null ? 0 : WholeBlocks(entry, kept);
        var taken = new List<int>();
        for (var missing = BlocksOf(bytes) - whole; missing > 0; missing--)
        {
            var block = Take();
            if (block < 0)
            {
                taken.ForEach(Free);
                return false;
            }

            taken.Add(block);
        }

        if (entry is null)
        {
            entries[name] = entry = new Entry(name) { Pair = folder[^1] };
            Change(entry.Pair, ChangeBytes + name.Length);
        }

        entry.Blocks.Skip(whole).ToList().ForEach(Free);
        entry.Blocks = [.. entry.Blocks.Take(whole), .. taken];
        entry.InlineBytes = entry.Blocks.Count > 0 ? 0 : bytes;
        Change(entry.Pair, ChangeBytes + entry.InlineBytes);
        return true;
    }

    public void Delete(string name)
    {
        if (entries.Remove(name, out var entry))
        {
            entry.Blocks.ForEach(Free);
            Change(entry.Pair, ChangeBytes);
        }
    }

    private static int PointersOf(int block) => block == 0 ? 0 : 4 * (System.Numerics.BitOperations.TrailingZeroCount(block) + 1);

    private static int WholeBlocks(Entry entry, int kept)
    {
        var blocks = 0;
        for (var left = kept; blocks < entry.Blocks.Count && left >= BlockBytes - PointersOf(blocks); blocks++)
        {
            left -= BlockBytes - PointersOf(blocks);
        }

        return blocks;
    }

    private void Change(Pair pair, int bytes)
    {
        var programmed = (bytes + ProgramBytes - 1) / ProgramBytes * ProgramBytes;
        if (pair.LogBytes + programmed <= BlockBytes)
        {
            pair.LogBytes += programmed;
            return;
        }

        // Too long: what still holds is written into the partner, half of it into a new pair when it fills more than half a block.
        var held = entries.Values.Where(entry => entry.Pair == pair).ToList();
        if (held.Sum(entry => entry.FolderBytes) > BlockBytes / 2 && held.Count > 1 && TakePair() is { } other)
        {
            folder.Add(other);
            held.Skip(held.Count / 2).ToList().ForEach(entry => entry.Pair = other);
            other.LogBytes = held.Skip(held.Count / 2).Sum(entry => entry.FolderBytes) + ProgramBytes;
            held = [.. held.Take(held.Count / 2)];
        }

        pair.LogBytes = held.Sum(entry => entry.FolderBytes) + ProgramBytes;
        (pair.First, pair.Second) = (pair.Second, pair.First);
        erases[pair.First]++;
    }

    private Pair? TakePair()
    {
        var first = Take();
        var second = first < 0 ? -1 : Take();
        if (second >= 0)
        {
            return new Pair { First = first, Second = second };
        }

        if (first >= 0)
        {
            Free(first);
        }

        return null;
    }

    private int Take()
    {
        for (var tried = 0; tried < used.Length; tried++)
        {
            var block = next;
            next = (next + 1) % used.Length;
            if (!used[block])
            {
                used[block] = true;
                erases[block]++;
                return block;
            }
        }

        return -1;
    }

    private void Free(int block) => used[block] = false;

    private sealed class Pair
    {
        public int First { get; set; }

        public int Second { get; set; }

        public int LogBytes { get; set; }
    }

    private sealed class Entry(string name)
    {
        public List<int> Blocks { get; set; } = [];

        public int InlineBytes { get; set; }

        public required Pair Pair { get; set; }

        public int FolderBytes => EntryBytes + name.Length + InlineBytes;
    }
}
