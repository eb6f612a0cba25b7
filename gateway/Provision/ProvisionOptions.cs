using Quartier.Wire;

namespace Quartier.Provision;

/// <summary>What the person asked for.</summary>
public sealed record ProvisionOptions
{
    public required string Port { get; init; }

    public required Uri Gateway { get; init; }

    /// <summary>Null: whatever the device says it is.</summary>
    public IdentityKind? Kind { get; init; }

    /// <summary>Empty: made by the gateway from the place, or for a pod from its DevEUI.</summary>
    public string Id { get; init; } = "";

    public string Place { get; init; } = "";

    public string Area { get; init; } = "";

    public string Language { get; init; } = "de";

    public string? Ssid { get; init; }

    public string WifiPassword { get; init; } = "";

    public string User { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>Empty: the host of the gateway's address.</summary>
    public string MqttHost { get; init; } = "";

    /// <summary>False: as the gateway's own broker does, unless a port is given.</summary>
    public bool MqttTls { get; init; }

    /// <summary>Null: what the gateway says, or 8883 with a root of the person's.</summary>
    public int? MqttPort { get; init; }

    /// <summary>DER of the root that the device verifies against; null: the one that the gateway gives, if it does.</summary>
    public byte[]? Root { get; init; }

    public byte[] DevEui { get; init; } = [];

    public byte[] JoinEui { get; init; } = new byte[8];

    /// <summary>Null: a fresh one is made and shown once.</summary>
    public byte[]? AppKey { get; init; }

    public bool Replace { get; init; }

    /// <summary>0: do not wait for the first contact.</summary>
    public int WaitSeconds { get; init; } = 120;
}
