using System.Buffers;

namespace Quartier.Mqtt;

/// <summary>What the next bytes of a stream are.</summary>
public enum FrameStatus
{
    /// <summary>A whole packet.</summary>
    Complete,

    /// <summary>The beginning of a packet; more bytes are needed.</summary>
    Incomplete,

    /// <summary>The remaining length takes more than four bytes.</summary>
    Malformed,

    /// <summary>The packet states more bytes than the limit.</summary>
    TooLarge,
}

/// <summary>One packet as it lies in the receive buffer; valid until the buffer is advanced.</summary>
public readonly ref struct Frame(byte header, ReadOnlySpan<byte> body)
{
    /// <summary>First byte: type and flags.</summary>
    public byte Header { get; } = header;

    /// <summary>Everything after the remaining length.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    public PacketType Type => (PacketType)(Header >> 4);

    public int Flags => Header & 0x0F;
}

/// <summary>Cuts a receive buffer into packets (§2.2) without copying, but where a packet crosses two segments.</summary>
public ref struct FrameReader(ReadOnlySequence<byte> buffer, int bytesMax)
{
    private ReadOnlySequence<byte> rest = buffer;
    private ReadOnlySpan<byte> first = buffer.FirstSpan;
    private int offset;

    /// <summary>Position behind the last complete packet.</summary>
    public readonly SequencePosition Consumed => rest.GetPosition(offset);

    public FrameStatus Next(out Frame frame)
    {
        if (offset == first.Length && !rest.IsSingleSegment)
        {
            Reslice();
        }

        var span = first[offset..];
        var status = Measure(span, bytesMax, out var headerLength, out var bodyLength);
        if (status == FrameStatus.Complete && span.Length >= headerLength + bodyLength)
        {
            frame = new Frame(span[0], span.Slice(headerLength, bodyLength));
            offset += headerLength + bodyLength;
            return FrameStatus.Complete;
        }

        if (status is FrameStatus.Malformed or FrameStatus.TooLarge || rest.IsSingleSegment)
        {
            frame = default;
            return status == FrameStatus.Complete ? FrameStatus.Incomplete : status;
        }

        return NextAcrossSegments(out frame);
    }

    private FrameStatus NextAcrossSegments(out Frame frame)
    {
        frame = default;
        Reslice();
        Span<byte> start = stackalloc byte[5];
        var startLength = (int)Math.Min(5, rest.Length);
        rest.Slice(0, startLength).CopyTo(start);
        var status = Measure(start[..startLength], bytesMax, out var headerLength, out var bodyLength);
        if (status != FrameStatus.Complete)
        {
            return status;
        }

        if (rest.Length < headerLength + bodyLength)
        {
            return FrameStatus.Incomplete;
        }

        frame = new Frame(start[0], rest.Slice(headerLength, bodyLength).ToArray());
        rest = rest.Slice(headerLength + bodyLength);
        first = rest.FirstSpan;
        return FrameStatus.Complete;
    }

    private void Reslice()
    {
        rest = rest.Slice(offset);
        first = rest.FirstSpan;
        offset = 0;
    }

    /// <summary>Reads type byte and remaining length; Complete says only that these are readable and within the limit.</summary>
    public static FrameStatus Measure(ReadOnlySpan<byte> span, int bytesMax, out int headerLength, out int bodyLength)
    {
        headerLength = 0;
        bodyLength = 0;
        var multiplier = 1;
        for (var i = 1; i <= 4; i++)
        {
            if (i >= span.Length)
            {
                return FrameStatus.Incomplete;
            }

            bodyLength += (span[i] & 0x7F) * multiplier;
            multiplier *= 128;
            if ((span[i] & 0x80) == 0)
            {
                headerLength = i + 1;
                return headerLength + bodyLength > bytesMax ? FrameStatus.TooLarge : FrameStatus.Complete;
            }
        }

        return FrameStatus.Malformed;
    }
}
