using System.Text.Json;

namespace Quartier.Gateway.Ingest;

/// <summary>All that a message carries, for people and scripts. The pipeline does without.</summary>
public static class MessageFields
{
    /// <summary>Levels of a field that are shown; one that is deeper is left out as a whole.</summary>
    private const int LevelsMax = 32;

    /// <param name="message">The decoded payload, or null.</param>
    public static IReadOnlyDictionary<string, object?> Of(Received received, object? message)
    {
        if (received.Source == Source.Screen)
        {
            return message is null ? new Dictionary<string, object?>() : ScreenMessages.Fields(message);
        }

        var fields = Of(received);
        if (message is not null)
        {
            fields["payload"] = ShelterFields.Of(message);
        }

        return fields;
    }

    /// <summary>The network server's own fields as they came; of an uplink those that name the frame as they were understood.</summary>
    private static Dictionary<string, object?> Of(Received received)
    {
        var json = JsonElement.Parse(ProtoJson.Readable(received.Envelope.Payload), new JsonDocumentOptions { MaxDepth = ProtoJson.DepthMax });
        var fields = new Dictionary<string, object?>();
        foreach (var field in json.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null && Fits(field.Value, LevelsMax)))
        {
            fields[field.Name] = field.Value;
        }

        if (received.Kind == "up")
        {
            fields["fCnt"] = received.Counter ?? 0;
            fields["fPort"] = received.Port;
            fields["data"] = Convert.ToBase64String(received.Payload);
        }

        return fields;
    }

    private static bool Fits(JsonElement value, int levels) => value.ValueKind switch
    {
        JsonValueKind.Object => levels > 0 && value.EnumerateObject().All(field => Fits(field.Value, levels - 1)),
        JsonValueKind.Array => levels > 0 && value.EnumerateArray().All(item => Fits(item, levels - 1)),
        _ => true,
    };
}
