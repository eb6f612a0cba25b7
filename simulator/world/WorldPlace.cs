using NodaTime;

namespace Quartier.Simulator.World;

/// <summary>Where the simulated quarter lies.</summary>
internal static class WorldPlace
{
    public static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
}
