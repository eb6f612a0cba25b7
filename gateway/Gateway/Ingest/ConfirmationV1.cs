using Quartier.Wire;

namespace Quartier.Gateway.Ingest;

/// <summary>What a downlink tells a pod: the alarm of this number is committed.</summary>
public sealed record Confirmation(int Sequence);

/// <summary>firmware/wire/formats/alarm-confirmation-v1.md.</summary>
public static class ConfirmationV1
{
    public static readonly PodFormat Format = PodFormat.Of<Confirmation>(Ports.AlarmConfirmation, "alarm confirmation", Read, Write);

    private static Confirmation? Read(byte[] frame) => AlarmConfirmationV1.TryDecode(frame, frame.Length, out var read) ? new(read.Sequence) : null;

    private static int Write(Confirmation confirmation, byte[] frame) => new AlarmConfirmationV1 { Sequence = confirmation.Sequence }.Encode(frame);
}
