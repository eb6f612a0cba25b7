using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Wire;

namespace Quartier.Gateway.Ingest;

/// <summary>Sixth step: the message as it came, the device's last contact.</summary>
public static class Record
{
    public static Recorded Take(SqliteConnection db, Checked item, Instant now)
    {
        var (received, device, message, at) = item;
        if (received.Source != Source.Screen || received.Key.Length > 0)
        {
            EventsTable.Add(db, received, at, now);
        }

        OdditiesTable.Note(db, device.Id, received.Odd, now);
        if (device.Kind == DeviceKind.Unassigned && message is ShelterStatusV1 or ShelterAlarmV1)
        {
            // Admitted without a kind, and it speaks our shelter's language.
            device = device with { Kind = DeviceKind.Shelter };
            RegistryTable.SetKind(db, device.Id, DeviceKind.Shelter);
        }

        RegistryTable.Heard(db, device.Id, at);
        return new Recorded(received, device, message, at);
    }
}
