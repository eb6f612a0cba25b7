using Quartier.Tests.Support;

namespace Quartier.Tests.Fuzz;

/// <summary>Says what is wrong with one input; null when nothing is.</summary>
public delegate string? Target(byte[] input);

/// <summary>Mutates known inputs under a seed, so that a finding is a seed and a round, and shrinks what it finds.</summary>
public static class Fuzzer
{
    private const int BytesMax = 5000;
    private static readonly byte[] Lively = [0x00, 0x01, 0x17, 0x18, 0x19, 0x1A, 0x1B, 0x1F, 0x20, 0x40, 0x58, 0x60, 0x7F, 0x80, 0x9B, 0xA0, 0xBF, 0xC1, 0xF4, 0xF9, 0xFB, 0xFF];

    /// <returns>A finding ready to be read, or null.</returns>
    public static string? Run(ulong seed, int rounds, IReadOnlyList<byte[]> corpus, Target target)
    {
        var gen = new Gen(seed);
        for (var round = 0; round < rounds; round++)
        {
            var input = Mutated(gen, corpus);
            if (Judge(target, input) is not null)
            {
                var small = Shrunk(target, input);
                return $"seed {seed}, round {round}: {Judge(target, small)}\n{Convert.ToHexString(small)}";
            }
        }

        return null;
    }

    // A target that throws is a finding, whatever it throws: that is the whole question here.
    private static string? Judge(Target target, byte[] input)
    {
        try
        {
            return target((byte[])input.Clone());
        }
        catch (Exception thrown) when (thrown is not OutOfMemoryException)
        {
            return $"threw {thrown.GetType().Name}: {thrown.Message}";
        }
    }

    private static byte[] Mutated(Gen gen, IReadOnlyList<byte[]> corpus)
    {
        var input = gen.Pick(corpus).ToList();
        for (var change = 1 + gen.Next(4); change > 0; change--)
        {
            var at = gen.Next(input.Count + 1);
            switch (gen.Next(7))
            {
                case 0 when at < input.Count:
                    input[at] ^= (byte)(1 << gen.Next(8));
                    break;
                case 1 when at < input.Count:
                    input[at] = gen.Pick(Lively);
                    break;
                case 2:
                    input.Insert(at, gen.Chance(500) ? gen.Pick(Lively) : (byte)gen.NextUInt64());
                    break;
                case 3 when at < input.Count:
                    input.RemoveRange(at, 1 + gen.Next(Math.Min(8, input.Count - at)));
                    break;
                case 4:
                    input.RemoveRange(at, input.Count - at);
                    break;
                case 5:
                    var other = gen.Pick(corpus);
                    var from = gen.Next(other.Length + 1);
                    input.InsertRange(at, other.AsSpan(from, gen.Next(Math.Min(40, other.Length - from) + 1)).ToArray());
                    break;
                case 6 when at < input.Count:
                    input[at]++;
                    break;
                default:
                    break;
            }
        }

        return [.. input.Take(BytesMax)];
    }

    private static byte[] Shrunk(Target target, byte[] input)
    {
        for (var length = Math.Max(1, input.Length / 2); length >= 1; length /= 2)
        {
            for (var at = 0; at + length <= input.Length;)
            {
                byte[] less = [.. input[..at], .. input[(at + length)..]];
                if (Judge(target, less) is not null)
                {
                    input = less;
                }
                else
                {
                    at += length;
                }
            }
        }

        return input;
    }
}
