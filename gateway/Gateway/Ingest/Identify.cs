using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.Registry;

namespace Quartier.Gateway.Ingest;

/// <summary>Second step: the registered device. A stranger is refused, and listed so that staff can admit it.</summary>
public static class Identify
{
    public static Step<Identified> Take(DbConnection db, Received received, PipelineOptions options, Instant now)
    {
        var device = RegistryTable.Registration(db, received.Device);
        if (device is null && options.AdmitUnknown)
        {
            var kind = received.Source == Source.Screen ? DeviceKind.Screen : DeviceKind.Unassigned;
            RegistryTable.Add(db, Device.New(received.Device, kind, NameOf(received), "", "", now));
            device = RegistryTable.Registration(db, received.Device);
        }

        if (device is null)
        {
            RegistryTable.NoteStranger(db, received.Device, received.Source == Source.Screen ? DeviceKind.Screen : DeviceKind.Unassigned, NameOf(received), now);
            return new Verdict(Outcome.Refused, RefusalReason.UnknownDevice, received.Device, received, Detail: NameOf(received));
        }

        return device.Revoked
            ? new Verdict(Outcome.Refused, RefusalReason.RevokedDevice, received.Device, received, Detail: device.Name)
            : new Identified(received, device);
    }

    private static string NameOf(Received received) =>
        received.DeviceName.Length > 0 ? received.DeviceName : received.Device;
}
