using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;

namespace Quartier.Gateway.Ingest;

/// <summary>The fields that the gateway uses of ChirpStack v4's events, whichever event it is: api/proto/integration of the server's
/// definitions has the others.</summary>
public sealed record ChirpStackEvent
{
    /// <summary>The last segment of an event's topic.</summary>
    public static readonly FrozenSet<string> Kinds = ["up", "join", "ack", "txack", "log", "status", "location", "integration"];

    /// <summary>The server's own id of the message.</summary>
    public Field<string> DeduplicationId { get; init; }

    public Field<Instant?> Time { get; init; }

    public Field<DeviceInfo> DeviceInfo { get; init; }

    /// <summary>The device's address in its present session.</summary>
    public Field<string> DevAddr { get; init; }

    /// <summary>The frame's number in its session.</summary>
    public Field<uint?> FCnt { get; init; }

    public Field<byte?> FPort { get; init; }

    /// <summary>The frame's payload in base64.</summary>
    public Field<string> Data { get; init; }

    /// <summary>Where the join server's context holds anything, the payload is ciphertext to the network server and to us. Its content
    /// is a key: never read, gathered or kept. Stays true where a later repetition holds nothing.</summary>
    [JsonPropertyName("joinServerContext")]
    [JsonConverter(typeof(HoldsSomething))]
    public bool IsSealed { get; init => field |= value; }

    /// <summary>The first fault in what is needed to know who speaks and, of an uplink, which of their frames this is and what it says.
    /// A message is refused for nothing else: an alarm must not fall with what stands beside it.</summary>
    public string? Fault(string kind) =>
        DeviceInfo.Fault("deviceInfo") ?? DeviceInfo.Value?.DevEui.Fault("deviceInfo.devEui")
        ?? (kind == "up" ? FCnt.Fault("fCnt") ?? FPort.Fault("fPort") ?? Data.Fault("data") : null);

    /// <summary>Faults in what is used where it fits and not missed where it does not.</summary>
    public IReadOnlyList<string> Odd()
    {
        string?[] faults =
        [
            DeduplicationId.Fault("deduplicationId"), Time.Fault("time"), DevAddr.Fault("devAddr"),
            DeviceInfo.Value?.ApplicationId.Fault("deviceInfo.applicationId"), DeviceInfo.Value?.DeviceName.Fault("deviceInfo.deviceName"),
        ];
        return [.. faults.OfType<string>()];
    }

    private sealed class HoldsSomething : JsonConverter<bool>
    {
        public override bool Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var first = reader;
            reader.Skip();
            return first.TokenType switch
            {
                JsonTokenType.Null => false,
                JsonTokenType.StartObject => first.Read() && first.TokenType != JsonTokenType.EndObject,
                _ => true,
            };
        }

        public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => throw new NotSupportedException();
    }
}

public sealed record DeviceInfo
{
    public Field<string> ApplicationId { get; init; }

    public Field<string> DeviceName { get; init; }

    /// <summary>16 hex digits, in either case.</summary>
    public Field<string> DevEui { get; init; }
}
