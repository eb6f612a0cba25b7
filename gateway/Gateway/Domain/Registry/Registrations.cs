using System.Data.Common;
using NodaTime;

namespace Quartier.Gateway.Domain.Registry;

/// <summary>Takes devices into the registry. Everybody who registers one comes through here, so that no way in overwrites what
/// another device, a network server or a released figure relies on.</summary>
public static class Registrations
{
    /// <param name="replace">The device takes the place of a registered one.</param>
    /// <param name="secret">A screen's fresh secret at the broker; null keeps the one it has.</param>
    public static Registering Register(DbConnection db, AskedDevice asked, bool replace, string? secret, Instant now)
    {
        var decided = ProvisionRules.Decide(RegistryTable.Find(db, asked.Id), asked, replace, now);
        if (decided.Device is not { } device)
        {
            return decided;
        }

        if (device.Kind == DeviceKind.Screen && Credentials.RightsOf(db, device.Id) is not (null or MqttRights.Screen))
        {
            return new Registering(null, RegistryRefusal.NameTaken);
        }

        RegistryTable.Add(db, device);
        return secret is null || Credentials.TryPut(db, device.Id, MqttRights.Screen, secret) ? decided : throw new InvalidOperationException("the name was free a moment ago");
    }

    /// <summary>A free id made from the place: no device's, and no name at the broker.</summary>
    public static string FreeScreenId(DbConnection db, string place) =>
        ProvisionRules.FreeScreenId(place, taken => RegistryTable.Find(db, taken) is not null || Credentials.RightsOf(db, taken) is not null);
}
