using NodaTime;

namespace Quartier.Gateway.Host;

/// <summary>When the system's clock is not believed.</summary>
public static class ClockRules
{
    /// <summary>Wall and monotonic time may differ by this much: what is within it is corrected silently.</summary>
    public static readonly Duration Tolerance = Duration.FromMinutes(1);

    /// <summary>A restart takes less; who starts longer after the last message was off, or wakes up under another time.</summary>
    public static readonly Duration RestartMax = Duration.FromHours(1);

    /// <summary>A system that was synchronised for this long has the right time.</summary>
    public static readonly Duration SynchronisedFor = Duration.FromHours(1);

    /// <param name="steady">Where the time would be had nobody set the clock.</param>
    /// <returns>How far the clock was set; null: it was not.</returns>
    public static Duration? Step(Instant wall, Instant steady) =>
        Duration.Max(wall - steady, steady - wall) > Tolerance ? wall - steady : null;

    /// <param name="newestReceipt">The newest stored receipt; null: there is none to compare with.</param>
    /// <returns>The time to begin with, and the step, if it is one. Time never begins before what is already stored. Ahead of it the
    /// clock is followed, because a gateway that was off is by far the likelier reason; it only has to wait with what cannot be undone.</returns>
    public static (Instant Now, Duration? Step) Begin(Instant wall, Instant? newestReceipt) => newestReceipt switch
    {
        { } newest when wall < newest - Tolerance => (newest, wall - newest),
        { } newest when wall > newest + RestartMax => (wall, wall - newest),
        { } newest => (Instant.Max(wall, newest), null),
        null => (wall, null),
    };
}
