using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Tests.Provisioning;

/// <summary>A line on which a device of version 1 hangs: to requests of a version it does not know it says "malformed".</summary>
public sealed class OldFirmware(ISerialLine line) : ISerialLine
{
    private readonly PortFrames frames = new();
    private readonly Queue<byte> forward = new();

    public int Read(byte[] buffer, int offset, int count)
    {
        var taken = line.Read(buffer, offset, count);
        frames.Append(buffer, offset, taken);
        while (frames.Next() is var kind and not PortFrameKind.None)
        {
            Pass(kind);
        }

        var passed = 0;
        while (passed < count && forward.TryDequeue(out var next))
        {
            buffer[offset + passed++] = next;
        }

        return passed;
    }

    public int Write(byte[] buffer, int offset, int count) => line.Write(buffer, offset, count);

    private void Pass(PortFrameKind kind)
    {
        var frame = new byte[PortFrames.FrameBytesMax];
        if (kind == PortFrameKind.Improv)
        {
            Forward(frame, PortFrames.WriteImprov(frame, 0, frames.Type, frames.Payload, frames.PayloadLength));
        }
        else if (ProvisionRequest.TryDecode(frames.Payload, frames.PayloadLength, out var request) && request.Version == 1)
        {
            Forward(frame, PortFrames.WriteProvision(frame, 0, frames.Type, frames.RequestId, frames.Payload, frames.PayloadLength));
        }
        else
        {
            var payload = new byte[PortFrames.PayloadBytesMax];
            var length = new ProvisionAnswer { Status = ProvisionStatus.Malformed, Firmware = "0.0.9" }.Encode(payload);
            line.Write(frame, 0, PortFrames.WriteProvision(frame, 0, PortFrames.ProvisionAnswerType, frames.RequestId, payload, length));
        }
    }

    private void Forward(byte[] frame, int length)
    {
        foreach (var b in frame.AsSpan(0, length))
        {
            forward.Enqueue(b);
        }
    }
}
