using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Quartier.Gateway.Domain.Registry;
using Quartier.Wire;

namespace Quartier.Gateway.Ingest;

/// <summary>First step: which source, which device, which kind of message; the network server's JSON is read here, the device's
/// own bytes later.</summary>
public static class Receive
{
    /// <summary>Stands for a topic when a saved event comes without one: kind and device are told by the content.</summary>
    public const string TopicFromContent = "";

    public const int EventBytesMax = 65_536;
    private const int ScreenBytesMax = 4_096;
    private const int KeyBytes = 16;

    public static Step<Received> Take(Envelope envelope, PipelineOptions options)
    {
        if (envelope.Topic == TopicFromContent)
        {
            return NetworkEvent(envelope, null, null);
        }

        var segments = envelope.Topic.Split('/');
        if (options.TakesScreens && envelope.Topic.StartsWith(ScreenTopics.Prefix, StringComparison.Ordinal) && segments.Length == 4)
        {
            return Screen(envelope, segments[2], segments[3]);
        }

        var prefix = options.TopicPrefix.Length == 0 ? [] : options.TopicPrefix.Split('/');
        if (segments.Length == prefix.Length + 6 && segments.AsSpan().StartsWith(prefix))
        {
            var own = segments.AsSpan(prefix.Length);
            if (own is ["application", _, "device", _, "event", _])
            {
                return NetworkEvent(envelope, own[3], own[5]);
            }

            if (own is ["application", _, "device", _, "command", _])
            {
                return new Verdict(Outcome.Ignored, null, own[3], null);
            }
        }

        return Refuse(RefusalReason.UnknownTopic, null, envelope.Topic);
    }

    private static Step<Received> Screen(Envelope envelope, string device, string leaf)
    {
        if (ScreenTopics.IsDown(leaf) || envelope.Payload.Length == 0)
        {
            return new Verdict(Outcome.Ignored, null, device, null);
        }

        if (!ScreenTopics.IsUp(leaf))
        {
            return Refuse(RefusalReason.UnknownTopic, device, envelope.Topic);
        }

        if (!ScreenTopics.IsDeviceId(device))
        {
            return Refuse(RefusalReason.InvalidDevice, null, $"\"{device}\": a-z, 0-9 and - were expected, at most 32");
        }

        if (envelope.Payload.Length > ScreenBytesMax)
        {
            return Refuse(RefusalReason.TooLarge, device, $"{envelope.Payload.Length} bytes, at most {ScreenBytesMax}");
        }

        // Only counts would be wrong if they came twice; everything else a screen says describes a state.
        var key = leaf == ScreenTopics.Usage ? Digest(envelope.Payload) : "";
        return new Received(envelope, Source.Screen, leaf, device, key, null, 0, envelope.Payload);
    }

    private static Step<Received> NetworkEvent(Envelope envelope, string? topicDevice, string? topicEvent)
    {
        if (envelope.Payload.Length > EventBytesMax)
        {
            return Refuse(RefusalReason.TooLarge, topicDevice, $"more than {EventBytesMax} bytes");
        }

        if (topicEvent is not null && !ChirpStackEvent.Kinds.Contains(topicEvent))
        {
            return Refuse(RefusalReason.UnknownEvent, topicDevice, $"\"{topicEvent}\"");
        }

        try
        {
            var json = ProtoJson.Readable(envelope.Payload);
            return topicEvent is null ? SavedEvent(envelope, json) : NetworkEvent(envelope, json, topicEvent, topicDevice);
        }
        catch (JsonException fault)
        {
            return Refuse(RefusalReason.InvalidJson, topicDevice, $"line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}: not JSON");
        }
    }

    private static Step<Received> SavedEvent(Envelope envelope, byte[] json)
    {
        var saved = JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = ProtoJson.DepthMax });
        if (KindOf(saved) is { } kind)
        {
            return NetworkEvent(envelope, json, kind, null);
        }

        return CommandTo(saved) is { } commanded
            ? new Verdict(Outcome.Ignored, null, commanded, null)
            : Refuse(RefusalReason.UnknownEvent, null, "no event of the network server has these fields");
    }

    private static Step<Received> NetworkEvent(Envelope envelope, byte[] json, string kind, string? topicDevice)
    {
        if (ProtoJson.Read(json).Value is not { } read)
        {
            return Refuse(RefusalReason.InvalidField, topicDevice, "an object was expected");
        }

        var device = read.DeviceInfo.Value?.DevEui.Value?.ToLowerInvariant() ?? "";
        if (read.Fault(kind) is { } fault)
        {
            return Refuse(RefusalReason.InvalidField, DeviceNames.IsDevEui(device) ? device : topicDevice, fault);
        }

        if (device.Length == 0)
        {
            return Refuse(RefusalReason.MissingDevice, topicDevice, "deviceInfo.devEui");
        }

        if (!DeviceNames.IsDevEui(device))
        {
            return Refuse(RefusalReason.InvalidDevice, null, "deviceInfo.devEui: 16 hex digits were expected");
        }

        if (topicDevice is not null && !topicDevice.Equals(device, StringComparison.OrdinalIgnoreCase))
        {
            return Refuse(RefusalReason.DeviceMismatch, device, $"topic names {topicDevice}");
        }

        var received = new Received(envelope with { Payload = KeyMaterial.Strip(envelope.Payload) }, Source.NetworkServer, kind, device, "", read.Time.Value, 0, [])
        {
            DeviceName = read.DeviceInfo.Value!.DeviceName.Value ?? "",
            Application = read.DeviceInfo.Value.ApplicationId.Value ?? "",
            Odd = read.Odd(),
        };
        return kind == "up" ? Uplink(received, read) : received with { Key = Key(received, read.DeduplicationId.Value) };
    }

    private static Step<Received> Uplink(Received received, ChirpStackEvent read)
    {
        if (!ProtoJson.TryBytes(read.Data.Value ?? "", out var payload))
        {
            return Refuse(RefusalReason.InvalidBase64, received.Device, "data: base64 with padding was expected");
        }

        var frame = received with
        {
            Port = read.FPort.Value ?? 0,
            Payload = payload,
            Session = read.DevAddr.Value ?? "",
            Counter = read.FCnt.Value,
            IsSealed = read.IsSealed,
        };
        return frame with { Key = FrameKey(frame, read.DeduplicationId.Value) };
    }

    /// <summary>Which event a saved message is; its file does not say.</summary>
    private static string? KindOf(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        bool Has(params string[] names) => names.Any(name => json.TryGetProperty(name, out _));
        return Has("integrationName", "integration_name") ? "integration"
            : Has("level", "code", "description") ? "log"
            : Has("downlinkId", "downlink_id", "gatewayId", "gateway_id") || (Has("queueItemId", "queue_item_id") && Has("txInfo", "tx_info")) ? "txack"
            : Has("acknowledged", "queueItemId", "queue_item_id") ? "ack"
            : CommandTo(json) is not null ? null
            : Has("rxInfo", "rx_info", "fPort", "f_port", "fCnt", "f_cnt", "data", "dr") ? "up"
            : Has("margin", "externalPowerSource", "external_power_source", "batteryLevel", "battery_level", "batteryLevelUnavailable", "battery_level_unavailable") ? "status"
            : Has("location") ? "location"
            : Has("devAddr", "dev_addr") ? "join"
            : null;
    }

    /// <summary>A saved downlink command names its device itself, where an event has deviceInfo. It is addressed to the network server.</summary>
    private static string? CommandTo(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && !json.TryGetProperty("deviceInfo", out _) && !json.TryGetProperty("device_info", out _)
            && (json.TryGetProperty("devEui", out var device) || json.TryGetProperty("dev_eui", out device)) && device.ValueKind == JsonValueKind.String
            ? device.GetString()!.ToLowerInvariant()
            : null;

    // A frame is itself under whatever id it comes: its number within its session, its port and its bytes tell. Where session or
    // number is not told, the server's id belongs to it too, which alone tells two such frames apart.
    private static string FrameKey(Received frame, string? id)
    {
        var told = frame is { Session.Length: > 0, Counter: not null };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"frame:{frame.Session}:{frame.Counter ?? 0}:{frame.Port}:{Convert.ToBase64String(frame.Payload)}{(told ? "" : ":" + id?.ToLowerInvariant())}");
    }

    // Other events go by the server's id; one with none (log, txack) is the same only when every byte is.
    private static string Key(Received received, string? id) =>
        string.IsNullOrEmpty(id) ? Digest(received.Envelope.Payload) : "id:" + id.ToLowerInvariant();

    private static string Digest(byte[] payload) => "sha:" + Convert.ToHexStringLower(SHA256.HashData(payload).AsSpan(0, KeyBytes));

    private static Verdict Refuse(RefusalReason reason, string? device, string detail) => new(Outcome.Refused, reason, device, null, Detail: detail);
}
