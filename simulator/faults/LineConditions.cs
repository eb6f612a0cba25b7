namespace Quartier.Simulator.Faults;

/// <summary>How the line between a screen and its broker is; may change at any moment of a run.</summary>
public sealed class LineConditions
{
    /// <summary>In each direction; 0 without a limit.</summary>
    public int BytesPerSecond { get; set; }

    public long RoundTripMs { get; set; } = 10;

    /// <summary>Nothing passes any more, and neither end is told: a router that lost its table, a broker's machine without power.</summary>
    public bool IsHalfOpen { get; set; }

    /// <summary>Somebody else has the gateway's address, takes connections and says nothing: a portal, a machine that hangs.</summary>
    public bool IsStranger { get; set; }

    /// <summary>A firewall lets nothing through to the port with TLS.</summary>
    public bool IsTlsBlocked { get; set; }

    /// <summary>The gateway tells no time, and answers nobody whether it is there.</summary>
    public bool IsTimeSilent { get; set; }

    public bool IsNameServerSilent { get; set; }

    /// <summary>Before this time, in milliseconds since 1970, the gateway's certificate does not hold yet.</summary>
    public long CertificateFromUnixMs { get; set; }
}
