using MQTTnet.Formatter;
using NodaTime;

namespace Quartier.Gateway.Broker;

/// <summary>How it stands with one outside broker, for the page of connections.</summary>
/// <param name="Address">Host and port.</param>
/// <param name="ConnectedSince">Null: it is not connected.</param>
/// <param name="Version">Of MQTT, as found at the last connection; null before the first.</param>
/// <param name="Messages">Stored or refused since the gateway's start.</param>
/// <param name="Trouble">The last one, also where it is over; null: none yet.</param>
/// <param name="Waiting">Commands to devices that wait for the connection.</param>
/// <param name="NotSent">Commands to devices that the broker did not get or that nobody there heard, since the gateway's start.</param>
/// <param name="IsAtMostOnce">The broker keeps nothing for us while we are away.</param>
public sealed record OutsideStatus(
    string Name,
    string Address,
    bool IsSecure,
    Instant? ConnectedSince = null,
    string? Version = null,
    long Messages = 0,
    Instant? LastMessageAt = null,
    OutsideTrouble? Trouble = null,
    Instant? TroubleAt = null,
    int Waiting = 0,
    long NotSent = 0,
    bool IsAtMostOnce = false)
{
    internal static string Word(MqttProtocolVersion version) => version == MqttProtocolVersion.V500 ? "MQTT 5" : "MQTT 3.1.1";
}
