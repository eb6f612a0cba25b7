using NodaTime;

namespace Quartier.Gateway.Domain.Registry;

public enum Health
{
    /// <summary>Heard within its kind's time.</summary>
    Well,

    /// <summary>Silent for longer than its kind may be.</summary>
    Silent,

    /// <summary>Registered, and never heard.</summary>
    NeverHeard,

    Revoked,
}

/// <summary>When silence means that somebody should look.</summary>
public static class FleetRules
{
    /// <summary>A screen reports every minute; three may be lost.</summary>
    public static readonly Duration ScreenSilence = Duration.FromMinutes(4);

    /// <summary>Nothing is known about a foreign sensor's rhythm; a day is long for any.</summary>
    public static readonly Duration ForeignSilence = Duration.FromHours(25);

    /// <summary>When a device was heard last, as facility staff may know it. A pod speaks at each heartbeat and whenever somebody comes
    /// or goes: the exact moment would tell, so it is a pod's last full heartbeat of the day. So for everything but a screen: what
    /// another sensor hangs on is not known here.</summary>
    public static Instant? ContactShown(Device device, Duration shelterHeartbeat) =>
        device.Kind != DeviceKind.Screen && device.LastContact is { } last
            ? Instant.FromUnixTimeSeconds(last.ToUnixTimeSeconds() / Seconds(shelterHeartbeat) * Seconds(shelterHeartbeat))
            : device.LastContact;

    /// <summary>Whether a device that was just set up has called. A pod counts by its join, which nobody in it causes.</summary>
    /// <param name="joined">The network server told of a join since then.</param>
    public static bool HasCalled(Device device, Instant since, bool joined, Duration shelterHeartbeat) =>
        joined || ContactShown(device, shelterHeartbeat) >= since;

    public static Health HealthOf(Device device, Instant now, Duration shelterHeartbeat)
    {
        if (device.Revoked)
        {
            return Health.Revoked;
        }

        if (device.LastContact is not { } last)
        {
            return Health.NeverHeard;
        }

        var allowed = device.Kind switch
        {
            DeviceKind.Shelter => shelterHeartbeat * 2,
            DeviceKind.Screen => ScreenSilence,
            _ => ForeignSilence,
        };
        return now - last < allowed ? Health.Well : Health.Silent;
    }

    private static long Seconds(Duration heartbeat) => Math.Max(1, (long)heartbeat.TotalSeconds);
}
