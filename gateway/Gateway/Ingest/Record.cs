using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Domain.Shelters;

namespace Quartier.Gateway.Ingest;

/// <summary>Sixth step: the message as it came, the device's last contact.</summary>
public static class Record
{
    public static Recorded Take(DbConnection db, Checked item, Instant now)
    {
        var (received, device, message, at, order) = item;
        if (received.Source != Source.Screen || received.Key.Length > 0)
        {
            EventsTable.Add(db, received, at, now);
        }

        OdditiesTable.Note(db, device.Id, received.Odd, now);
        if (device.Kind == DeviceKind.Unassigned && message is PodStatus or PodAlarm)
        {
            // Admitted without a kind, and it speaks our shelter's language.
            device = device with { Kind = DeviceKind.Shelter };
            RegistryTable.SetKind(db, device.Id, DeviceKind.Shelter);
        }

        if (received.Kind == "up" && order != Order.Older)
        {
            // A doubtful one too: if a clock is wrong for good, the next message is in order with this one.
            RegistryTable.Heard(db, device.Id, now, new LastMessage(received.Session, received.Counter, order == Order.Doubtful ? received.SentAt ?? at : at));
        }
        else if (Speaks(received))
        {
            RegistryTable.Heard(db, device.Id, now);
        }

        return new Recorded(received, device, message, at, order);
    }

    /// <summary>Whether the device itself is behind the message. What the network server says of it (log, txack) is no sign of life.</summary>
    private static bool Speaks(Received received) => received.Source == Source.Screen || received.Kind is "up" or "join" or "ack" or "status";
}
