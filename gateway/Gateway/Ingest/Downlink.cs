using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Gateway.Ingest;

/// <summary>Commands to the network server, ChirpStack v4's form: the topic of the uplink with command/down instead of event/…, over the broker
/// that the uplink came over.</summary>
public static class Downlink
{
    /// <summary>Longer than a heartbeat: whatever a device sends next fetches it, where the answer came too late for the alarm's own
    /// windows. An alarm that is over is told again only after half an hour.</summary>
    private static readonly Duration ConfirmationHolds = Duration.FromMinutes(20);

    /// <summary>A time of a message beyond this is no time.</summary>
    private static readonly Instant Unbelievable = Instant.FromUtc(9999, 1, 1, 0, 0);

    /// <summary>The network server drops by its own clock what has expired, and where ours is a day slow it would drop every confirmation:
    /// the uplink's time stands for that clock.</summary>
    public static Publication Confirm(Received uplink, int sequence, Instant now)
    {
        var frame = new byte[AlarmConfirmationV1.Bytes];
        new AlarmConfirmationV1 { Sequence = sequence }.Encode(frame);
        var theirs = uplink.SentAt is { } sent && sent < Unbelievable ? sent : now;
        return Command(uplink, Ports.AlarmConfirmation, frame, Instant.Max(now, theirs) + ConfirmationHolds);
    }

    private static Publication Command(Received uplink, int port, byte[] frame, Instant expires)
    {
        var topic = uplink.Envelope.Topic == Receive.TopicFromContent
            ? $"application/{uplink.Application}/device/{uplink.Device}/command/down"
            : string.Join('/', [.. uplink.Envelope.Topic.Split('/')[..^2], "command", "down"]);

        // The server compares devEui with the topic's as text, so it is spelt as there.
        var devEui = topic.Split('/')[^3];
        var command = new { devEui, confirmed = false, fPort = port, data = Convert.ToBase64String(frame), expiresAt = InstantPattern.General.Format(expires) };
        return new Publication(topic, JsonSerializer.SerializeToUtf8Bytes(command), Retain: false) { Over = uplink.Envelope.Over };
    }
}
