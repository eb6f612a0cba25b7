namespace Quartier.Gateway.Ingest;

/// <summary>All that a message carries, for people and scripts. The pipeline does without.</summary>
public static class MessageFields
{
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
            fields["payload"] = ShelterPayload.Fields(message);
        }

        return fields;
    }

    public static string DeviceName(Received received) => DeviceText(received, "deviceName");

    public static string Application(Received received) => DeviceText(received, "applicationId");

    /// <summary>The network server's own fields.</summary>
    public static Dictionary<string, object?> Of(Received received) =>
        received.Source == Source.Screen ? [] : new ProtoJson(gather: true).Read(received.Envelope.Payload, ChirpStackShapes.ByEvent[received.Kind])!;

    private static string DeviceText(Received received, string field) =>
        (Of(received).GetValueOrDefault("deviceInfo") as Dictionary<string, object?>)?.GetValueOrDefault(field) as string ?? "";
}
