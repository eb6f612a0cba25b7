namespace Quartier.Tests.Fuzz;

/// <summary>A second reader of deterministic CBOR, written from RFC 8949 for clarity: it builds every item, encodes it again in
/// the one allowed way and compares. Slow, and shares no line with the firmware's.</summary>
public static class NaiveCbor
{
    /// <returns>True when the bytes are one deterministic item within the nesting that the firmware allows.</returns>
    public static bool IsOneItem(byte[] bytes)
    {
        var at = 0;
        try
        {
            return Item(bytes, ref at, 8) is { } encoded && at == bytes.Length && encoded.AsSpan().SequenceEqual(bytes);
        }
        catch (IndexOutOfRangeException)
        {
            return false;
        }
    }

    /// <returns>The item encoded anew; null when it is not well-formed.</returns>
    private static byte[]? Item(byte[] bytes, ref int at, int depth)
    {
        var major = bytes[at] / 32;
        var info = bytes[at] % 32;
        at++;
        if (info is > 27)
        {
            return null;
        }

        ulong value = (ulong)info;
        if (info >= 24)
        {
            value = 0;
            for (var i = 0; i < 1 << (info - 24); i++)
            {
                value = (value * 256) + bytes[at++];
            }
        }

        switch (major)
        {
            case 0:
            case 1:
                return Head(major, value);
            case 2:
            case 3:
                return Chars(bytes, ref at, major, value);
            case 4:
            case 5:
            case 6:
                return depth == 0 ? null : Members(bytes, ref at, depth - 1, major, value);
            default:
                return Simple(info, value);
        }
    }

    private static byte[]? Chars(byte[] bytes, ref int at, int major, ulong length)
    {
        if (length > (ulong)(bytes.Length - at))
        {
            return null;
        }

        var text = bytes[at..(at + (int)length)];
        at += (int)length;
        return major == 3 && !IsUtf8(text) ? null : [.. Head(major, length), .. text];
    }

    private static byte[]? Members(byte[] bytes, ref int at, int depth, int major, ulong count)
    {
        if (major != 6 && count > (ulong)(bytes.Length - at))
        {
            return null;
        }

        List<byte> all = [.. Head(major, count)];
        byte[]? keyBefore = null;
        var items = major == 4 ? count : major == 5 ? count * 2 : 1;
        for (ulong i = 0; i < items; i++)
        {
            if (Item(bytes, ref at, depth) is not { } member)
            {
                return null;
            }

            if (major == 5 && i % 2 == 0)
            {
                if (keyBefore is not null && keyBefore.AsSpan().SequenceCompareTo(member) >= 0)
                {
                    return null;
                }

                keyBefore = member;
            }

            all.AddRange(member);
        }

        return [.. all];
    }

    private static byte[]? Simple(int info, ulong value)
    {
        switch (info)
        {
            case < 24:
                return [(byte)(0xE0 + info)];
            case 24:
                return value < 32 ? null : [0xF8, (byte)value];
            default:
                var number = info == 25 ? (double)BitConverter.UInt16BitsToHalf((ushort)value)
                    : info == 26 ? BitConverter.UInt32BitsToSingle((uint)value)
                    : BitConverter.UInt64BitsToDouble(value);
                return Shortest(number);
        }
    }

    private static byte[] Shortest(double number)
    {
        if (double.IsNaN(number))
        {
            return [0xF9, 0x7E, 0x00];
        }

        if ((double)(Half)number == number)
        {
            return [0xF9, .. BigEndian(BitConverter.HalfToUInt16Bits((Half)number), 2)];
        }

        return (double)(float)number == number
            ? [0xFA, .. BigEndian(BitConverter.SingleToUInt32Bits((float)number), 4)]
            : [0xFB, .. BigEndian(BitConverter.DoubleToUInt64Bits(number), 8)];
    }

    private static byte[] Head(int major, ulong value) => value switch
    {
        < 24 => [(byte)((major * 32) + (int)value)],
        <= byte.MaxValue => [(byte)((major * 32) + 24), (byte)value],
        <= ushort.MaxValue => [(byte)((major * 32) + 25), .. BigEndian(value, 2)],
        <= uint.MaxValue => [(byte)((major * 32) + 26), .. BigEndian(value, 4)],
        _ => [(byte)((major * 32) + 27), .. BigEndian(value, 8)],
    };

    private static byte[] BigEndian(ulong value, int count)
    {
        var bytes = new byte[count];
        for (var i = count - 1; i >= 0; i--)
        {
            bytes[i] = (byte)(value % 256);
            value /= 256;
        }

        return bytes;
    }

    private static bool IsUtf8(byte[] bytes)
    {
        try
        {
            new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(bytes);
            return true;
        }
        catch (System.Text.DecoderFallbackException)
        {
            return false;
        }
    }
}
