using NodaTime;

namespace Quartier.Gateway.Store;

/// <summary>The store's time: integers of UTC microseconds since 1970, so that both databases sort and compare alike.</summary>
public static class Micros
{
    private const long TicksPerMicrosecond = 10;

    public static long ToMicros(this Instant instant) => instant.ToUnixTimeTicks() / TicksPerMicrosecond;

    public static Instant ToInstant(this long micros) => Instant.FromUnixTimeTicks(micros * TicksPerMicrosecond);

    public static Instant? ToInstant(this long? micros) => micros is { } value ? value.ToInstant() : null;
}
