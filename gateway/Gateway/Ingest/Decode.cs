using Quartier.Gateway.Domain.Registry;
using Quartier.Wire;

namespace Quartier.Gateway.Ingest;

/// <summary>Fourth step: the device's own bytes. This switch is the list of live formats.</summary>
public static class Decode
{
    public static Step<Decoded> Take(Fresh fresh)
    {
        var (received, device) = fresh;
        if (received.Source == Source.Screen)
        {
            var message = ScreenMessages.Decode(received.Kind, received.Payload, out var carried);
            return message is null
                ? Refuse(received, RefusalReason.InvalidPayload, $"not a {received.Kind} message")
                : new Decoded(received, device, message, carried);
        }

        // A foreign sensor's payload is its own business; the event is recorded with what the network server knows about it.
        if (received.Kind != "up" || received.Payload.Length == 0 || device.Kind == DeviceKind.Sensor)
        {
            return new Decoded(received, device, null, received.Fields);
        }

        var payload = ShelterPayload.Decode(received.Port, received.Payload, out var reason);
        if (payload is null && device.Kind == DeviceKind.Unassigned)
        {
            return new Decoded(received, device, null, received.Fields);
        }

        if (payload is null)
        {
            return Refuse(received, reason, $"port {received.Port}, {received.Payload.Length} bytes");
        }

        var fields = new Dictionary<string, object?>(received.Fields) { ["payload"] = ShelterPayload.Fields(payload) };
        return new Decoded(received, device, payload, fields);
    }

    private static Verdict Refuse(Received received, RefusalReason reason, string detail) =>
        new(Outcome.Refused, reason, received.Device, received.Fields, detail);
}
