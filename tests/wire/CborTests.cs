using System.Globalization;
using System.Text;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Wire;

public sealed class CborTests
{
    [Fact]
    public void Every_vector_is_accepted_or_refused_as_one_deterministic_item()
    {
        foreach (var vector in Vectors.Of("cbor"))
        {
            var reader = new CborReader(vector.Bytes, vector.Bytes.Length);
            var accepted = reader.TrySkip() && reader.AtEnd;
            Assert.True(accepted == vector.Fields is not null, $"{vector}: {(accepted ? "accepted" : "refused")}");
        }
    }

    [Fact]
    public void Every_accepted_vector_reads_as_its_value()
    {
        var seen = 0;
        foreach (var vector in Vectors.Of("cbor").Where(vector => vector.Fields is not null))
        {
            var diagnostic = (string)vector.Fields!["diagnostic"]!;
            var reader = new CborReader(vector.Bytes, vector.Bytes.Length);
            if (Scalar(reader) is { } text)
            {
                Assert.Equal(Normal(diagnostic), Normal(text));
                Assert.True(reader.AtEnd, vector.ToString());
                seen++;
            }
        }

        Assert.True(seen >= 45, $"only {seen} scalars were compared");
    }

    [Fact]
    public void The_writer_gives_the_bytes_of_the_specification()
    {
        Assert.Equal("1bffffffffffffffff", Written(writer => writer.WriteUnsigned(ulong.MaxValue)));
        Assert.Equal("3bffffffffffffffff", Written(writer => writer.WriteNegative(ulong.MaxValue)));
        Assert.Equal("3903e7", Written(writer => writer.WriteInt(-1000)));
        Assert.Equal("3b7fffffffffffffff", Written(writer => writer.WriteInt(long.MinValue)));
        Assert.Equal("1903e8", Written(writer => writer.WriteInt(1000)));
        Assert.Equal("62c3bc", Written(writer => writer.WriteText("ü", 0, 9)));
        Assert.Equal("4401020304", Written(writer => writer.WriteBytes([0, 1, 2, 3, 4], 1, 4)));
        Assert.Equal("f4f5f6", Written(writer =>
        {
            writer.WriteBool(false);
            writer.WriteBool(true);
            writer.WriteNull();
        }));
        Assert.Equal("a26161016162820203", Written(writer =>
        {
            writer.WriteMap(2);
            writer.WriteText("a", 1, 1);
            writer.WriteInt(1);
            writer.WriteText("b", 1, 1);
            writer.WriteArray(2);
            writer.WriteInt(2);
            writer.WriteInt(3);
        }));
    }

    [Fact]
    public void What_does_not_fit_makes_the_length_minus_one_for_good()
    {
        var writer = new CborWriter(new byte[3]);
        writer.WriteInt(1000);
        Assert.Equal(3, writer.Length);
        writer.WriteInt(0);
        Assert.Equal(-1, writer.Length);
        writer.Reset(new byte[9]);
        writer.WriteInt(5, 6, 7);
        writer.WriteInt(0);
        Assert.Equal(-1, writer.Length);
        Action<CborWriter>[] refused =
        [
            w => w.WriteText("abc", 0, 2), w => w.WriteText("", 1, 2), w => w.WriteText(null!, 0, 2), w => w.WriteText("a\0", 0, 9), w => w.WriteBytes(null!, 0, 0),
            w => w.WriteBytes([1], 1, 1), w => w.WriteBytes([1], -1, 1), w => w.WriteArray(-1), w => w.WriteMap(-1),
        ];
        foreach (var write in refused)
        {
            writer.Reset(new byte[9]);
            write(writer);
            Assert.Equal(-1, writer.Length);
        }

        writer.Reset(null!);
        writer.WriteNull();
        Assert.Equal(-1, writer.Length);
    }

    [Fact]
    public void Integers_of_every_size_survive_the_way_there_and_back()
    {
        var gen = new Gen(8949);
        var buffer = new byte[9];
        for (var i = 0; i < 50_000; i++)
        {
            var value = (long)(gen.NextUInt64() >> gen.Next(64));
            value = gen.Chance(500) ? value : -1 - value;
            var writer = new CborWriter(buffer);
            writer.WriteInt(value);
            var reader = new CborReader(buffer, writer.Length);
            Assert.True(reader.TryReadLong(long.MinValue, long.MaxValue, out var back));
            Assert.Equal(value, back);
            Assert.True(reader.AtEnd);
        }
    }

    [Fact]
    public void A_refused_read_leaves_the_position()
    {
        byte[] bytes = [0x65, (byte)'h', (byte)'e', (byte)'l', (byte)'l', (byte)'o'];
        var reader = new CborReader(bytes, bytes.Length);
        Assert.False(reader.TryReadText(0, 4, out _));
        Assert.False(reader.TryReadBytes(0, 9, out _));
        Assert.False(reader.TryReadInt(0, 9, out _));
        Assert.False(reader.TryReadKey(0));
        Assert.False(reader.TryReadNull());
        Assert.False(reader.TryReadBool(out _));
        Assert.False(reader.TryReadArray(0, 9, out _));
        Assert.False(reader.TryReadMap(0, 9, out _));
        Assert.False(reader.TryReadFloatBits(out _, out _));
        Assert.Equal(0, reader.Position);
        Assert.True(reader.TryReadText(5, 5, out var text));
        Assert.Equal("hello", text);
    }

    [Fact]
    public void Every_two_byte_float_is_shortest_and_no_longer_form_of_it_is_taken()
    {
        for (var bits = 0; bits < 65536; bits++)
        {
            var half = BitConverter.UInt16BitsToHalf((ushort)bits);
            Assert.Equal(!Half.IsNaN(half) || bits == 0x7E00, CborFloat.IsShortest(2, (ulong)bits));
            Assert.False(CborFloat.IsShortest(4, BitConverter.SingleToUInt32Bits((float)half)));
            Assert.False(CborFloat.IsShortest(8, BitConverter.DoubleToUInt64Bits((double)half)));
        }
    }

    [Fact]
    public void Floats_are_judged_as_the_desktop_converts_them()
    {
        var gen = new Gen(754);
        for (var i = 0; i < 100_000; i++)
        {
            var single = BitConverter.UInt32BitsToSingle((uint)gen.NextUInt64() & (uint.MaxValue << gen.Next(24)));
            var fitsHalf = float.IsNaN(single) || (float)(Half)single == single;
            Assert.Equal(!fitsHalf, CborFloat.IsShortest(4, BitConverter.SingleToUInt32Bits(single)));
            var wide = BitConverter.UInt64BitsToDouble(gen.NextUInt64() & (ulong.MaxValue << gen.Next(53)));
            var number = gen.Chance(500) ? wide : single * Math.Pow(2, gen.Next(-40, 40));
            var fitsSingle = double.IsNaN(number) || (double)(float)number == number;
            Assert.Equal(!fitsSingle, CborFloat.IsShortest(8, BitConverter.DoubleToUInt64Bits(number)));
        }
    }

    [Fact]
    public void Utf8_is_judged_as_the_desktop_judges_it()
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var gen = new Gen(3629);
        byte[] lively = [0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF];
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = new byte[gen.Next(6)];
            for (var at = 0; at < bytes.Length; at++)
            {
                bytes[at] = gen.Pick(lively);
            }

            Assert.Equal(Desktop(strict, bytes), Utf8.IsValid(bytes, 0, bytes.Length));
            Assert.Equal(Desktop(strict, bytes) && !bytes.Contains((byte)0), Utf8.IsText(bytes, 0, bytes.Length));
        }
    }

    private static bool Desktop(UTF8Encoding strict, byte[] bytes)
    {
        try
        {
            strict.GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static string Written(Action<CborWriter> write)
    {
        var buffer = new byte[64];
        var writer = new CborWriter(buffer);
        write(writer);
        return Convert.ToHexStringLower(buffer, 0, writer.Length);
    }

    /// <summary>Diagnostic notation of one scalar; null for what the reader only passes over.</summary>
    private static string? Scalar(CborReader reader)
    {
        switch (reader.Peek())
        {
            case CborKind.Unsigned:
                return reader.TryReadUnsigned(out var number) ? number.ToString(CultureInfo.InvariantCulture) : "refused";
            case CborKind.Negative:
                return reader.TryReadNegative(out var magnitude) ? (-1 - (System.Numerics.BigInteger)magnitude).ToString(CultureInfo.InvariantCulture) : "refused";
            case CborKind.Bytes:
                return reader.TryReadBytes(0, 100, out var bytes) ? $"h'{Convert.ToHexStringLower(bytes)}'" : "refused";
            case CborKind.Text:
                return reader.TryReadText(0, 100, out var text) ? $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"" : "refused";
            case CborKind.Bool:
                return reader.TryReadBool(out var flag) ? flag ? "true" : "false" : "refused";
            case CborKind.Null:
                return reader.TryReadNull() ? "null" : "refused";
            case CborKind.Float:
                return reader.TryReadFloatBits(out var width, out var bits) ? Float(width, bits) : "refused";
            default:
                return null;
        }
    }

    private static string Float(int width, ulong bits)
    {
        var value = width switch
        {
            2 => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
            4 => BitConverter.UInt32BitsToSingle((uint)bits),
            _ => BitConverter.UInt64BitsToDouble(bits),
        };
        return value.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Floats in the desktop's own notation; everything else as it stands.</summary>
    private static string Normal(string diagnostic) =>
        diagnostic.AsSpan().ContainsAny(".eIN") && double.TryParse(diagnostic, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : diagnostic;
}
