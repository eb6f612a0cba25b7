using NodaTime;

namespace Quartier.Gateway.Domain.Registry;

public enum DeviceKind
{
    /// <summary>Admitted without anybody saying what it is; becomes a shelter when it speaks the shelter's language.</summary>
    Unassigned,

    /// <summary>Our sensor in a pod.</summary>
    Shelter,

    /// <summary>Our info screen.</summary>
    Screen,

    /// <summary>Somebody else's LoRaWAN sensor: its events are recorded, its payload is not read.</summary>
    Sensor,
}

public static class DeviceKinds
{
    /// <summary>The form in the store, in commands' output and in addresses.</summary>
    public static string Word(this DeviceKind kind) => kind switch
    {
        DeviceKind.Shelter => "shelter",
        DeviceKind.Screen => "screen",
        DeviceKind.Sensor => "sensor",
        _ => "unassigned",
    };

    public static DeviceKind? FromWord(string word) => word switch
    {
        "shelter" => DeviceKind.Shelter,
        "screen" => DeviceKind.Screen,
        "sensor" => DeviceKind.Sensor,
        "unassigned" => DeviceKind.Unassigned,
        _ => null,
    };
}

/// <summary>A registered device.</summary>
/// <param name="Id">DevEUI in lower case, or a screen's name.</param>
/// <param name="Name">What people call it: the pod's or the screen's name.</param>
/// <param name="Place">Where it hangs or stands.</param>
/// <param name="Area">The quarter that planning figures are summed over.</param>
/// <param name="Firmware">As the device last said; empty until it did.</param>
public sealed record Device(
    string Id, DeviceKind Kind, string Name, string Place, string Area, Instant RegisteredAt, Instant? LastContact, string Firmware, bool Revoked)
{
    public static Device New(string id, DeviceKind kind, string name, string place, string area, Instant now) =>
        new(id, kind, ProvisionRules.Short(name), ProvisionRules.Short(place), ProvisionRules.Short(area), now, null, "", false);
}

/// <summary>What a message has to know about its device.</summary>
public sealed record Registered(string Id, DeviceKind Kind, string Name, bool Revoked);

/// <summary>Where a device's youngest message stands, to order the next by.</summary>
/// <param name="Session">The device's address in its session; empty: not told.</param>
/// <param name="Counter">The frame's number in it; null: not told.</param>
public sealed record LastMessage(string Session, long? Counter, Instant At);

/// <summary>Somebody who speaks on our topics and whom nobody registered.</summary>
public sealed record Stranger(string Id, DeviceKind Kind, string Name, Instant FirstSeen, Instant LastSeen, long Count);
