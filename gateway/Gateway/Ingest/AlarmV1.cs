using Quartier.Gateway.Domain.Shelters;
using Quartier.Wire;

namespace Quartier.Gateway.Ingest;

/// <summary>firmware/wire/formats/shelter-alarm-v1.md in the gateway's words.</summary>
public static class AlarmV1
{
    public static readonly PodFormat Format = PodFormat.Of<PodAlarm>(Ports.ShelterAlarm, "alarm", Read, Write);

    private static PodAlarm? Read(byte[] frame) =>
        ShelterAlarmV1.TryDecode(frame, frame.Length, out var read) ? new(read.Kind, read.Sequence, read.Active, read.Value) : null;

    private static int Write(PodAlarm alarm, byte[] frame) => new ShelterAlarmV1
    {
        Kind = alarm.Kind,
        Sequence = alarm.Sequence,
        Active = alarm.Active,
        Value = alarm.Value,
    }.Encode(frame);
}
