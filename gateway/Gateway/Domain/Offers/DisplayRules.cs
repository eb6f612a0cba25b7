using NodaTime;
using Quartier.Gateway.Domain.Registry;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>What may be said of a screen's content.</summary>
public enum Display
{
    /// <summary>It is connected and confirmed the current catalogue lately: the only proof there is.</summary>
    Current,

    /// <summary>It is connected, and the current catalogue is on its way.</summary>
    Updating,

    /// <summary>It is connected, was offered the current catalogue several times and keeps the one before.</summary>
    Refusing,

    /// <summary>It says that it is connected and has not confirmed anything for longer than it may.</summary>
    Silent,

    Disconnected,

    NeverConfirmed,

    /// <summary>The gateway hears it no more.</summary>
    Blocked,
}

/// <param name="ConfirmedAt">When it last said what it shows.</param>
/// <param name="Catalogue">Null until it said what it shows.</param>
public sealed record ScreenDisplay(string Device, Display Display, Instant? ConfirmedAt, ScreenCatalogue? Catalogue);

/// <summary>Proof of display or nothing. Pure.</summary>
public static class DisplayRules
{
    /// <summary>A screen says every five minutes what it shows; one of these reports may be lost.</summary>
    public static readonly Duration ProofHolds = Duration.FromMinutes(12);

    /// <summary>Every screen that is registered or ever confirmed a catalogue.</summary>
    public static IReadOnlyList<ScreenDisplay> Of(
        IReadOnlyList<Device> devices, IReadOnlyList<ScreenState> states, IReadOnlyList<ScreenCatalogue> confirmed, CatalogueState catalogue, Instant now)
    {
        var registered = devices.Where(device => device.Kind == DeviceKind.Screen && !device.Revoked).Select(device => device.Id).ToHashSet(StringComparer.Ordinal);
        var online = states.Where(state => state.Online).Select(state => state.Device).ToHashSet(StringComparer.Ordinal);
        var words = confirmed.ToDictionary(screen => screen.Device, StringComparer.Ordinal);
        return [.. devices.Where(device => device.Kind == DeviceKind.Screen).Select(device => device.Id).Union(words.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(device => new ScreenDisplay(
                device,
                Of(registered.Contains(device), online.Contains(device), words.GetValueOrDefault(device), catalogue, now),
                words.GetValueOrDefault(device)?.ShownAt,
                words.GetValueOrDefault(device)))];
    }

    private static Display Of(bool isRegistered, bool isOnline, ScreenCatalogue? confirmed, CatalogueState catalogue, Instant now) =>
        !isRegistered ? Display.Blocked
        : confirmed is null ? Display.NeverConfirmed
        : !isOnline ? Display.Disconnected
        : now - confirmed.ShownAt > ProofHolds ? Display.Silent
        : RetryRules.IsRefusing(confirmed) ? Display.Refusing
        : confirmed.Target.Length > 0 && confirmed.Shown == confirmed.Target && catalogue.Changes == 0 ? Display.Current
        : Display.Updating;
}
