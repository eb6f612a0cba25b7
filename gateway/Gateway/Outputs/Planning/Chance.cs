using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>Where the noise comes from. Integers only: no rounding error can be used to look behind the noise.
/// Tests put a seeded source or the enumeration of every outcome in its place.</summary>
public interface IChance
{
    /// <returns>0 to bound - 1, all equally likely.</returns>
    long Below(long bound);

    /// <returns>True with probability numerator/denominator exactly.</returns>
    bool Hit(long numerator, long denominator);
}

/// <summary>Uniform integers from random bytes by rejection: a draw outside the largest multiple of the bound is thrown away,
/// because a remainder would favour small values.</summary>
/// <param name="fill">Fills the span with uniform bytes.</param>
public sealed class RejectionChance(RejectionChance.ByteSource fill) : IChance
{
    public delegate void ByteSource(Span<byte> bytes);

    /// <summary>The only source that releases are drawn from: the operating system's cryptographic generator, without a seed of ours.</summary>
    public static RejectionChance Cryptographic { get; } = new(RandomNumberGenerator.Fill);

    public long Below(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (ulong)bound;
        var excess = ((ulong.MaxValue % range) + 1) % range;
        Span<byte> bytes = stackalloc byte[8];
        while (true)
        {
            fill(bytes);
            var draw = BinaryPrimitives.ReadUInt64BigEndian(bytes);
            if (draw <= ulong.MaxValue - excess)
            {
                return (long)(draw % range);
            }
        }
    }

    public bool Hit(long numerator, long denominator) => Below(denominator) < numerator;
}
