using System.Data.Common;
using System.Security.Cryptography;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Pages;

namespace Quartier.Simulator.Demo;

public sealed record DemoAccount(string Name, string Password, string Role, string German, string English);

/// <summary>The demo quarter's people and devices, put into a store that has none. Its passwords are printed and known: never for a
/// real installation, which is why the gateway does not carry them.</summary>
public static class DemoQuarter
{
    public const string ApplicationId = "17c82e96-be03-4f38-aef3-f83d48582d97";
    public const string Karlsplatz = "70b3d57ed0000001";
    public const string AlterFriedhof = "70b3d57ed0000002";
    public const string Screen = "eselsberg-1";
    public const string NetworkServer = "chirpstack";

    /// <summary>Broker secrets of the demo's screen and network server, fixed so that the simulator knows them.</summary>
    public const string ScreenSecret = "demo-screen-secret";

    public const string NetworkServerSecret = "demo-network-server-secret";

    public static readonly IReadOnlyList<DemoAccount> Accounts =
    [
        new("street", "street-demo", Roles.Street, "Straßensozialarbeit: Schlafkapseln", "street work: pods"),
        new("facility", "facility-demo", Roles.Facility, "Haustechnik: Geräte", "facility: devices"),
        new("editor", "editor-demo", Roles.Editor, "Redaktion: Angebote", "editor: offers"),
        new("planner", "planner-demo", Roles.Planner, "Planung: Zahlen", "planning: figures"),
        new("admin", "admin-demo", Roles.Admin, "Verwaltung", "administration"),
    ];

    // Once a process: the passwords are the same in every demo store, and each hash is slow on purpose.
    private static readonly Lazy<string[]> Hashes = new(() => [.. Accounts.Select(account => AccountsTable.Hash(account.Name, account.Password))]);

    /// <summary>A gateway that starts with the quarter in its store and keeps the letters to its team.</summary>
    public static GatewayOptions In(GatewayOptions options) => options with { Seed = Seed, KeepsLetters = true };

    public static void Seed(DbConnection db, Instant now)
    {
        if (AccountsTable.Count(db) > 0)
        {
            return;
        }

        foreach (var (account, hash) in Accounts.Zip(Hashes.Value))
        {
            AccountsTable.PutHash(db, account.Name, hash, [account.Role], RandomNumberGenerator.GetHexString(16));
        }

        SeedDevices(db, now);
        DemoNights.Seed(db, now);
    }

    /// <summary>The devices and the offers alone, without chance: the simulator's runs must repeat exactly.</summary>
    public static void SeedDevices(DbConnection db, Instant now)
    {
        RegistryTable.Add(db, Device.New(Karlsplatz, DeviceKind.Shelter, "Karlsplatz", "Karlsplatz, Ostseite", "Mitte", now));
        RegistryTable.Add(db, Device.New(AlterFriedhof, DeviceKind.Shelter, "Alter Friedhof", "Alter Friedhof, Eingang Frauenstraße", "Mitte", now));
        RegistryTable.Add(db, Device.New(Screen, DeviceKind.Screen, "Quartierszentrale Alter Eselsberg", "Alter Eselsberg", "Eselsberg", now));
        Credentials.Put(db, Screen, MqttRights.Screen, ScreenSecret);
        Credentials.Put(db, NetworkServer, MqttRights.NetworkServer, NetworkServerSecret);
        DemoOffers.Seed(db, now);
    }
}
