using NodaTime;
using Quartier.Gateway.Domain.Registry;

namespace Quartier.Gateway.Ingest;

/// <summary>Fifth step: does the message fit its device, and when did it happen.</summary>
public static class Check
{
    // A server whose clock is wrong must not date a pod's state into the future, where it would stay fresh for ever.
    private static readonly Duration AheadMax = Duration.FromMinutes(2);

    public static Step<Checked> Take(Decoded decoded, Instant now)
    {
        var (received, device, message) = decoded;
        var isScreen = device.Kind == DeviceKind.Screen;
        if (isScreen != (received.Source == Source.Screen))
        {
            return new Verdict(Outcome.Refused, RefusalReason.WrongKind, device.Id, received, message, $"the device is registered as {device.Kind.Word()}");
        }

        var at = received.SentAt is { } sent && sent <= now + AheadMax ? sent : now;
        return new Checked(received, device, message, at);
    }
}
