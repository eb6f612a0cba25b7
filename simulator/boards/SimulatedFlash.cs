using Quartier.Board;

namespace Quartier.Simulator.Boards;

/// <summary>The named files of a board, with the limits and costs of the real one's partition; they outlive the application's
/// restart, as flash does. Power can be cut in the middle of a change; from then on nothing works until it is mended.</summary>
public class SimulatedFlash : IFlash
{
    /// <summary>The partition of a module with 4, 8 and 16 MB of flash.</summary>
    public const int PartitionOf4Mb = 256 * 1024;
    public const int PartitionOf8Mb = 2 * 1024 * 1024;
    public const int PartitionOf16Mb = 3 * 1024 * 1024;
    private readonly SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private string[] listed = [];

    public SimulatedFlash(int bytes = PartitionOf16Mb)
    {
        ClaimedBytes = bytes;
        Blocks = new FlashBlocks(bytes);

        // Wi-Fi, network and certificates are the platform's own files, on the same partition.
        foreach (var (name, length) in new[] { ("con_Network_0.sys", 120), ("con_Wireless_0.sys", 180), ("con_CaRootBundle_0.sys", 2_000) })
        {
            files[name] = new byte[length];
            Blocks.TryStore(name, length, 0);
        }
    }

    public int TotalBytes => ClaimedBytes;

    /// <summary>What the firmware was told; the blocks are as many as there are.</summary>
    public int ClaimedBytes { get; init; }

    public FlashBlocks Blocks { get; }

    /// <summary>Calls of any kind since the start; listing a folder counts each file twice, as the platform reads it.</summary>
    public int Operations { get; private set; }

    /// <summary>Changes since the start.</summary>
    public int Writes { get; private set; }

    /// <summary>The n-th change from now, from 1, is cut; 0 for never.</summary>
    public int CutWrite { get; set; }

    /// <summary>How much of the cut change's bytes remains, in thousandths; negative when all is as before.</summary>
    public int KeptPermille { get; set; }

    public bool IsCut { get; private set; }

    public IEnumerable<string> Names => files.Keys;

    public byte[] this[string name] => files[name];

    public void Mend()
    {
        IsCut = false;
        CutWrite = 0;
    }

    /// <summary>Another flash with the same files.</summary>
    protected void CopyTo(SimulatedFlash other)
    {
        foreach (var (name, content) in files)
        {
            other.Store(name, (byte[])content.Clone(), 0);
        }
    }

    public FlashStatus Read(string name, byte[] buffer, out int length)
    {
        length = 0;
        Operations++;
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

    public FlashStatus ReadAt(string name, int offset, byte[] buffer, int length)
    {
        Operations++;
        if (!files.TryGetValue(name, out var content))
        {
            return FlashStatus.NotFound;
        }

        if (offset + length > content.Length)
        {
            return FlashStatus.Failed;
        }

        Array.Copy(content, offset, buffer, 0, length);
        return FlashStatus.Ok;
    }

    public FlashStatus Size(string name, out int bytes)
    {
        Operations++;
        bytes = files.TryGetValue(name, out var content) ? content.Length : 0;
        return content is null ? FlashStatus.NotFound : FlashStatus.Ok;
    }

    public FlashStatus Write(string name, byte[] buffer, int length) => Change(kept => Store(name, buffer[..Part(length, kept)], 0));

    public FlashStatus Append(string name, byte[] buffer, int length)
    {
        var before = files.GetValueOrDefault(name, []);
        return Change(kept => Store(name, [.. before, .. buffer[..Part(length, kept)]], before.Length));
    }

    public FlashStatus Delete(string name)
    {
        if (!files.ContainsKey(name))
        {
            Operations++;
            return IsCut ? FlashStatus.Failed : FlashStatus.NotFound;
        }

        return Change(kept =>
        {
            if (kept > 0)
            {
                files.Remove(name);
                Blocks.Delete(name);
            }

            return FlashStatus.Ok;
        });
    }

    public bool TryGetName(int index, out string name)
    {
        if (index == 0)
        {
            Operations += 2 * files.Count;
            listed = [.. files.Keys];
        }

        name = index < listed.Length ? listed[index] : "";
        return index < listed.Length;
    }

    private static int Part(int length, int permille) => (int)((long)length * permille / 1000);

    /// <param name="change">Makes the change with so many thousandths of its bytes.</param>
    private FlashStatus Change(Func<int, FlashStatus> change)
    {
        Operations++;
        if (IsCut)
        {
            return FlashStatus.Failed;
        }

        Writes++;
        if (CutWrite > 0 && --CutWrite == 0)
        {
            if (KeptPermille >= 0)
            {
                change(KeptPermille);
            }

            IsCut = true;
            return FlashStatus.Failed;
        }

        return change(1000);
    }

    private FlashStatus Store(string name, byte[] content, int kept)
    {
        if (!Blocks.TryStore(name, content.Length, kept))
        {
            return FlashStatus.Full;
        }

        files[name] = content;
        return FlashStatus.Ok;
    }
}
