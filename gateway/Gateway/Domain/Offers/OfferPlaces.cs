using System.Data.Common;
using Quartier.Gateway.Domain.Registry;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>Where one offer stands.</summary>
/// <param name="On">Screens that said that they show it as it is now.</param>
/// <param name="Of">Screens in service that ever said what they show.</param>
/// <param name="TooFull">Names of those that have no room for it.</param>
public sealed record OfferPlaces(int On, int Of, IReadOnlyList<string> TooFull);

/// <summary>One screen's part of the catalogue, by the digests of the entries: what it shows, and what it should.</summary>
public sealed record ScreenContent(string Name, IReadOnlyCollection<string> Shown, IReadOnlyCollection<string> Target);

/// <summary>What lies on which screen, to answer for every offer of a page.</summary>
/// <param name="Entries">Which entry each offer is.</param>
/// <param name="IsWhole">No offer was left out of what is kept ready for the largest screen.</param>
public sealed record ScreenContents(IReadOnlyList<ScreenContent> Screens, IReadOnlyDictionary<string, string> Entries, bool IsWhole)
{
    public static readonly ScreenContents None = new([], new Dictionary<string, string>(), true);

    public static ScreenContents Read(DbConnection db)
    {
        var editions = new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal);
        IReadOnlyCollection<string> Edition(string digest) => editions.TryGetValue(digest, out var known) ? known : editions[digest] = CatalogueTable.Edition(db, digest) ?? [];

        var names = RegistryTable.All(db).Where(device => device is { Kind: DeviceKind.Screen, Revoked: false }).ToDictionary(device => device.Id, device => device.Name, StringComparer.Ordinal);
        var screens = CatalogueTable.Screens(db).Where(screen => names.ContainsKey(screen.Device) && screen.Target.Length > 0)
            .Select(screen => new ScreenContent(names[screen.Device], Edition(screen.Shown), Edition(screen.Target)))
            .OrderBy(screen => screen.Name, StringComparer.Ordinal).ToList();
        var entries = CatalogueTable.Digests(db);
        return new ScreenContents(screens, entries, CatalogueTable.State(db).Total <= entries.Count);
    }

    /// <returns>Null: nothing can be said, because no screen is there or none could draw it.</returns>
    public OfferPlaces? Of(string offer)
    {
        if (Screens.Count == 0 || (!Entries.ContainsKey(offer) && IsWhole))
        {
            return null;
        }

        var digest = Entries.GetValueOrDefault(offer, "");
        return new OfferPlaces(
            Screens.Count(screen => screen.Shown.Contains(digest)),
            Screens.Count,
            [.. Screens.Where(screen => !screen.Target.Contains(digest)).Select(screen => screen.Name)]);
    }
}
