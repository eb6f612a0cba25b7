using Quartier.Gateway.Domain.Registry;

namespace Quartier.Gateway.Ingest;

/// <summary>Fourth step: the device's own bytes, a pod's by the port that they came by.</summary>
public static class Decode
{
    public static Step<Decoded> Take(Fresh fresh, IReadOnlyList<PodFormat> formats)
    {
        var (received, device) = fresh;
        if (received.Source == Source.Screen)
        {
            var message = ScreenMessages.Decode(received.Kind, received.Payload);
            return message is null
                ? Refuse(received, RefusalReason.InvalidPayload, $"not a {received.Kind} message")
                : new Decoded(received, device, message);
        }

        // A foreign sensor's payload is its own business; the event is recorded with what the network server knows about it.
        if (received.Kind != "up" || received.Payload.Length == 0 || device.Kind == DeviceKind.Sensor)
        {
            return new Decoded(received, device, null);
        }

        if (received.IsSealed)
        {
            // Some ciphertext looks like a status; believed, it would open a stay or call the fire brigade.
            return device.Kind == DeviceKind.Unassigned
                ? new Decoded(received, device, null)
                : Refuse(received, RefusalReason.SealedPayload, "the session key is with the join server; let the network server have the AppSKey");
        }

        var format = formats.At(received.Port);
        var payload = format?.Decode(received.Payload);
        if (payload is null && device.Kind == DeviceKind.Unassigned)
        {
            return new Decoded(received, device, null);
        }

        return payload is null
            ? Refuse(received, format is null ? RefusalReason.UnknownPort : RefusalReason.InvalidPayload, $"port {received.Port}, {received.Payload.Length} bytes")
            : new Decoded(received, device, payload);
    }

    private static Verdict Refuse(Received received, RefusalReason reason, string detail) =>
        new(Outcome.Refused, reason, received.Device, received, Detail: detail);
}
