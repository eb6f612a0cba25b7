namespace Quartier.Simulator.World;

/// <summary>The world's only source of chance. Each part draws from its own stream, named after it, so that one part drawing more
/// does not change another's fate. SplitMix64 (Steele, Lea, Flood 2014).</summary>
public sealed class Chance
{
    private ulong state;

    public Chance(ulong seed, string stream)
    {
        // FNV-1a of the name sets the streams apart.
        var hash = 14695981039346656037UL;
        foreach (var letter in stream)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        state = seed ^ hash;
        NextUInt64();
    }

    public ulong NextUInt64()
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z / 0x40000000UL)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z / 0x8000000UL)) * 0x94D049BB133111EBUL;
        return z ^ (z / 0x80000000UL);
    }

    /// <returns>0 to boundExclusive - 1.</returns>
    public int Next(int boundExclusive) => (int)(NextUInt64() % (ulong)boundExclusive);

    public int Next(int fromInclusive, int toInclusive) => fromInclusive + Next(toInclusive - fromInclusive + 1);

    public bool Happens(int permille) => Next(1000) < permille;

    /// <returns>0 to 1, exclusive.</returns>
    public double Fraction() => (NextUInt64() / 0x800UL) * (1.0 / 0x20000000000000UL);

    public T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];

    public void Fill(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)NextUInt64();
        }
    }
}
