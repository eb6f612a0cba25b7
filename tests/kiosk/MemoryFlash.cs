using Quartier.Board;

namespace Quartier.Tests.Kiosk;

/// <summary>Flash on the desk. A power cut is a write that stops after some bytes; from then on nothing works until it is mended.</summary>
internal sealed class MemoryFlash : IFlash
{
    private readonly SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);

    public int Writes { get; private set; }

    /// <summary>The n-th write from now, from 1, is cut; 0 for never.</summary>
    public int CutWrite { get; set; }

    /// <summary>How much of the cut write's content remains, in thousandths.</summary>
    public int KeptPermille { get; set; }

    public bool IsCut { get; private set; }

    public IEnumerable<string> Names => files.Keys;

    public byte[] this[string name] => files[name];

    public void Mend()
    {
        IsCut = false;
        CutWrite = 0;
    }

    public MemoryFlash Copy()
    {
        var copy = new MemoryFlash();
        foreach (var (name, content) in files)
        {
            copy.files[name] = (byte[])content.Clone();
        }

        return copy;
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
        if (IsCut)
        {
            return FlashStatus.Failed;
        }

        Writes++;
        if (CutWrite > 0 && --CutWrite == 0)
        {
            files[name] = buffer[..(int)((long)length * KeptPermille / 1000)];
            IsCut = true;
            return FlashStatus.Failed;
        }

        files[name] = buffer[..length];
        return FlashStatus.Ok;
    }

    public FlashStatus Delete(string name)
    {
        if (IsCut)
        {
            return FlashStatus.Failed;
        }

        return files.Remove(name) ? FlashStatus.Ok : FlashStatus.NotFound;
    }

    public bool TryGetName(int index, out string name)
    {
        name = index < files.Count ? files.Keys.ElementAt(index) : "";
        return index < files.Count;
    }
}
