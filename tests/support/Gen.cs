namespace Quartier.Tests.Support;

/// <summary>Seeded chance for property tests and fuzzing; equal seeds give equal sequences on every runtime.
/// SplitMix64 (Steele, Lea, Flood 2014).</summary>
public sealed class Gen(ulong seed)
{
    private ulong state = seed;

    public ulong NextUInt64()
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <returns>0 to boundExclusive - 1.</returns>
    public int Next(int boundExclusive) => (int)(NextUInt64() % (ulong)boundExclusive);

    public int Next(int fromInclusive, int toExclusive) => fromInclusive + Next(toExclusive - fromInclusive);

    public bool Chance(int permille) => Next(1000) < permille;

    public byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)NextUInt64();
        }

        return bytes;
    }

    public T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];
}
