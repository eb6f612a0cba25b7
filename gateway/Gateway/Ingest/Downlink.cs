using System.Text.Json;
using Quartier.Wire;

namespace Quartier.Gateway.Ingest;

/// <summary>Commands to the network server, ChirpStack v4's form: the topic of the uplink with command/down instead of event/….</summary>
public static class Downlink
{
    public static Publication Confirm(Received uplink, int sequence)
    {
        var frame = new byte[AlarmConfirmationV1.Bytes];
        new AlarmConfirmationV1 { Sequence = sequence }.Encode(frame);
        return Command(uplink, Ports.AlarmConfirmation, frame);
    }

    private static Publication Command(Received uplink, int port, byte[] frame)
    {
        var topic = uplink.Envelope.Topic == Receive.TopicFromContent
            ? $"application/{Application(uplink)}/device/{uplink.Device}/command/down"
            : string.Join('/', [.. uplink.Envelope.Topic.Split('/')[..^2], "command", "down"]);

        // The server compares devEui with the topic's as text, so it is spelt as there.
        var devEui = topic.Split('/')[^3];
        var command = new { devEui, confirmed = false, fPort = port, data = Convert.ToBase64String(frame) };
        return new Publication(topic, JsonSerializer.SerializeToUtf8Bytes(command), Retain: false);
    }

    private static string Application(Received uplink) =>
        (uplink.Fields.GetValueOrDefault("deviceInfo") as Dictionary<string, object?>)?.GetValueOrDefault("applicationId") as string ?? "";
}
