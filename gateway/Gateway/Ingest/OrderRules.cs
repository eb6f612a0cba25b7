using NodaTime;
using Quartier.Gateway.Domain.Registry;

namespace Quartier.Gateway.Ingest;

/// <summary>Where a message stands among its device's messages.</summary>
public enum Order
{
    /// <summary>Nothing younger is known: it tells how things are.</summary>
    Newest,

    /// <summary>Its counter or session says younger, its time says older: some clock is wrong, and nobody can tell which. It changes
    /// nothing that is known, but a danger that it reports is believed.</summary>
    Doubtful,

    /// <summary>A younger one was recorded before it.</summary>
    Older,
}

/// <summary>Order by counters, then by receipt. A message's own time comes from a clock that nobody set (a gateway on a roof, a network
/// server): it only places the message in the history, where it is plausible and in order with the counters.</summary>
public static class OrderRules
{
    /// <summary>How far two honest clocks may be apart.</summary>
    public static readonly Duration Tolerance = Duration.FromMinutes(1);

    /// <summary>A network server hands on later what it could not deliver; what is older than the raw messages are kept is nobody's backlog.</summary>
    public static readonly Duration BacklogMax = Duration.FromDays(14);

    /// <param name="last">The device's message before; null: this is the first.</param>
    /// <param name="session">Empty: not told.</param>
    /// <param name="counter">Null: not told.</param>
    /// <returns>Its order, and its place in the history.</returns>
    public static (Order Order, Instant At) Judge(LastMessage? last, string session, long? counter, Instant? sentAt, Instant now)
    {
        var own = sentAt is { } sent && sent >= now - BacklogMax && sent <= now + Tolerance ? Instant.Min(sent, now) : (Instant?)null;
        if (last is null)
        {
            return (Order.Newest, own ?? now);
        }

        var isCountedBefore = session.Length > 0 && session == last.Session && counter < last.Counter;
        if (isCountedBefore && !(own > last.At))
        {
            return (Order.Older, own ?? now);
        }

        // A lower number at a later time: the board was reset and counts from the beginning.
        return own < last.At - Tolerance ? (Order.Doubtful, now) : (Order.Newest, Instant.Max(own ?? now, last.At));
    }
}
