using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quartier.Gateway.Ingest;

/// <summary>What a pod says as JSON fields, for people and scripts: the names are those of firmware/wire/formats, which are the
/// properties' own in camelCase, as are the words of an enum.</summary>
public static class ShelterFields
{
    private const int FrameBytesMax = 51;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: true) },
    };

    /// <param name="message">Of the type that its format names.</param>
    public static IReadOnlyDictionary<string, object?> Of(object message) =>
        JsonSerializer.SerializeToElement(message, message.GetType(), Json).EnumerateObject().ToDictionary(field => field.Name, field => Value(field.Value));

    /// <returns>The frame, or null with the fault in words.</returns>
    public static byte[]? Encode(int port, string json, out string fault)
    {
        fault = $"port {port} has no format";
        if (PodFormats.All.At(port) is not { } format)
        {
            return null;
        }

        try
        {
            var message = JsonSerializer.Deserialize(json, format.Message, Json) ?? throw new JsonException("an object was expected");
            var frame = new byte[FrameBytesMax];
            var length = format.Encode(message, frame);
            fault = "a value is out of its range";
            return length > 0 ? frame[..length] : null;
        }
        catch (JsonException thrown)
        {
            fault = $"not the fields of port {port}: {Brief(thrown)}";
            return null;
        }
    }

    /// <summary>The serializer's message without the names of our types.</summary>
    private static string Brief(JsonException thrown) =>
        thrown.Message.Split("including: ") is [_, var missing] ? $"{missing.TrimEnd('.')} missing"
        : thrown.Message.Split('\'') is [var before, var name, ..] && before.EndsWith("property ", StringComparison.Ordinal) ? $"there is no '{name}'"
        : thrown.Path is { Length: > 1 } path ? $"{path[2..]} is not one of its values"
        : "one JSON object was expected";

    private static object? Value(JsonElement field) => field.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True or JsonValueKind.False => field.GetBoolean(),
        JsonValueKind.String => field.GetString(),
        _ => field.GetDouble(),
    };
}
