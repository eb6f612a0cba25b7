using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Store;

namespace Quartier.Tests.Gateway;

/// <summary>Devices that are in the registry, as everything is that says something: of nobody else the store takes a row.</summary>
internal static class Registered
{
    public static void Pods(Database store, params IEnumerable<string> ids) => Add(store, DeviceKind.Shelter, ids);

    public static void Screens(Database store, params IEnumerable<string> ids) => Add(store, DeviceKind.Screen, ids);

    private static void Add(Database store, DeviceKind kind, IEnumerable<string> ids) => store.Write(db =>
    {
        foreach (var id in ids.Where(id => RegistryTable.Find(db, id) is null))
        {
            RegistryTable.Add(db, Device.New(id, kind, id, "", "Mitte", Instant.FromUtc(2026, 11, 1, 0, 0)));
        }
    });
}
