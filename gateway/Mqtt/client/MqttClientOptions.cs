using System.Net.Security;

namespace Quartier.Mqtt;

/// <summary>How a client introduces itself, and its limits.</summary>
public sealed record MqttClientOptions
{
    public required string Host { get; init; }

    public int Port { get; init; } = 1883;

    public required string ClientId { get; init; }

    public string? User { get; init; }

    public byte[]? Password { get; init; }

    /// <summary>False resumes the session that the broker and this object remember, and sends again what was not acknowledged.</summary>
    public bool CleanSession { get; init; } = true;

    /// <summary>0 switches keep alive off.</summary>
    public ushort KeepAliveSeconds { get; init; } = 30;

    public MqttWill? Will { get; init; }

    /// <summary>Null speaks plain TCP.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    public TimeSpan ConnectWithin { get; init; } = TimeSpan.FromSeconds(10);

    public int PacketBytesMax { get; init; } = 256 * 1024;

    /// <summary>QoS 1 and 2 publishes under way; a further one waits.</summary>
    public int InFlightMax { get; init; } = 64;
}

/// <summary>A message as the client received it.</summary>
public sealed record MqttMessage(string Topic, byte[] Payload, Qos Qos, bool Retain, bool Duplicate);

/// <summary>The broker refused the connection.</summary>
public sealed class MqttRefusedException(ConnectCode code) : IOException($"The MQTT broker refused the connection: {code}.")
{
    public ConnectCode Code { get; } = code;
}

/// <summary>The connection ended, or was not there, before the broker had answered.</summary>
public sealed class MqttConnectionLostException(string why) : IOException(why);
