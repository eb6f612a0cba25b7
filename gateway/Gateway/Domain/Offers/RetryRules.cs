using NodaTime;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>When a screen that did not take a catalogue is offered it again. Pure.</summary>
public static class RetryRules
{
    /// <summary>So often a screen may refuse before it is left in peace; once or twice may be a disturbance.</summary>
    public const int RefusalsFree = 3;

    private static readonly Duration Pause = Duration.FromMinutes(10);

    private static readonly Duration PauseMax = Duration.FromHours(1);

    /// <summary>10, 20, 40, then 60 minutes.</summary>
    public static Duration PauseAfter(int refusals) => Duration.Min(PauseMax, Pause * (1 << Math.Clamp(refusals - RefusalsFree, 0, 3)));

    public static bool IsRefusing(ScreenCatalogue screen) => screen.Refusals >= RefusalsFree && screen.Shown != screen.Target;

    /// <summary>Whether time alone makes it due. A new catalogue is offered at once, but to one that refuses.</summary>
    public static bool IsDue(ScreenCatalogue screen, Instant now) =>
        screen.Target.Length > 0 && screen.Shown != screen.Target
        && (screen.OfferedAt is not { } at || (screen.Offered != screen.Target && !IsRefusing(screen)) || now - at >= PauseAfter(screen.Refusals));

    /// <summary>When it is offered again; null: at once.</summary>
    public static Instant? NextOffer(ScreenCatalogue screen) => IsRefusing(screen) && screen.OfferedAt is { } at ? at + PauseAfter(screen.Refusals) : null;

    /// <summary>How often it has refused, after a hello that names what it shows: the same as before it was offered another, in the same
    /// session, is a refusal, once for each offer.</summary>
    public static int AfterHello(ScreenCatalogue before, string shown) =>
        shown == before.Target || shown != before.Shown ? 0
        : !before.IsNewSession && before.Offered.Length > 0 && before.Offered != shown ? before.Refusals + 1
        : before.Refusals;
}
