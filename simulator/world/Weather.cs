using NodaTime;

namespace Quartier.Simulator.World;

/// <summary>Air outside. Ulm's long-term monthly means run from about -0.5 °C in January to 18.5 °C in July (DWD 1991-2020, rounded);
/// on top lie a daily swing and spells of some days, drawn from the seed. A pure function of time: reading it changes nothing.</summary>
public sealed class Weather(VirtualWorld world)
{
    private const double YearMeanCelsius = 9.0;
    private const double SeasonCelsius = 9.5;
    private const double SpellCelsius = 5.0;
    private const double DaySwingCelsius = 3.5;
    private const int OutdoorPpm = 425;

    public double Celsius(Instant at)
    {
        var local = at.InZone(WorldPlace.Zone);
        var hour = local.Hour + (local.Minute / 60.0);
        var season = -Math.Cos(2 * Math.PI * (local.DayOfYear + (hour / 24) - 17) / 365.25);
        var swing = DaySwingCelsius * (1 + (0.5 * season)) * Math.Cos(2 * Math.PI * (hour - 15) / 24);
        return YearMeanCelsius + (SeasonCelsius * season) + (SpellCelsius * Spell(at, "warmth")) + swing;
    }

    /// <returns>Relative humidity, 0.25 to 0.99; falls as the day warms.</returns>
    public double Humidity(Instant at)
    {
        var local = at.InZone(WorldPlace.Zone);
        var season = -Math.Cos(2 * Math.PI * (local.DayOfYear - 17) / 365.25);
        var swing = -0.12 * Math.Cos(2 * Math.PI * (local.Hour + (local.Minute / 60.0) - 15) / 24);
        return Math.Clamp(0.78 - (0.07 * season) + swing + (0.1 * Spell(at, "damp")), 0.25, 0.99);
    }

    public int CarbonDioxidePpm => OutdoorPpm;

    /// <summary>Between -1 and 1, smooth over days: values drawn for whole two-day steps, eased between.</summary>
    private double Spell(Instant at, string what)
    {
        var days = at.ToUnixTimeSeconds() / 172800.0;
        var whole = (long)Math.Floor(days);
        var into = days - whole;
        var eased = into * into * (3 - (2 * into));
        return (Drawn(what, whole) * (1 - eased)) + (Drawn(what, whole + 1) * eased);
    }

    private double Drawn(string what, long step) => (new Chance(world.Seed + (ulong)step, what).Fraction() * 2) - 1;
}
