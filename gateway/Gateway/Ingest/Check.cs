using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.Registry;

namespace Quartier.Gateway.Ingest;

/// <summary>Fifth step: does the message fit its device, and where does it stand among the device's messages.</summary>
public static class Check
{
    public static Step<Checked> Take(DbConnection db, Decoded decoded, Instant now)
    {
        var (received, device, message) = decoded;
        var isScreen = device.Kind == DeviceKind.Screen;
        if (isScreen != (received.Source == Source.Screen))
        {
            return new Verdict(Outcome.Refused, RefusalReason.WrongKind, device.Id, received, message, $"the device is registered as {device.Kind.Word()}");
        }

        var (order, at) = OrderRules.Judge(RegistryTable.LastMessage(db, device.Id), received.Session, received.Counter, received.SentAt, now);
        return new Checked(received, device, message, at, order);
    }
}
