namespace Quartier.Simulator.World;

/// <summary>Air in a pod as a well-stirred box: what people give off against what ventilation and walls take away.
/// Each quantity follows x' = source - rate × (x - outside), solved exactly between two changes, so that the step length does not matter.
///
/// Parameters, with where they come from:
/// volume 2.5 m³, a pod for one or two; ventilation 15 m³/h, the usual unit of a small heat-recovery fan, which gives back 70 % of the heat;
/// open flap 105 m³/h, one air change in 1.4 minutes by buoyancy through 1 m²; a sleeper breathes out 13 l/h CO2 (0.7 met, ISO 8996 and
/// ASTM D6245), gives off 40 g/h water and 75 W; walls 7 W/K and, with the mattress, 55 kJ/K for 60 mm of insulated wood.</summary>
public sealed class PodPhysics
{
    public const double VolumeM3 = 2.5;
    public const double FanM3PerHour = 15;
    public const double OpenFlapM3PerHour = 105;
    public const double HeatRecovery = 0.7;
    public const double BreathLitresPerHour = 13;
    public const double WaterGramsPerHour = 40;
    public const double BodyWatts = 75;
    public const double WallsWattPerKelvin = 7;
    /// <summary>A failed seal in a storm: the pod is as cold as outdoors within minutes.</summary>
    public const double DraughtWattPerKelvin = 600;
    public const double HeatJoulePerKelvin = 55_000;
    private const double AirJoulePerM3Kelvin = 1210;

    private long atMs;

    public PodPhysics(long atMs, double celsius, double vapourGramsPerM3, double ppm)
    {
        this.atMs = atMs;
        (Celsius, VapourGramsPerM3, Ppm) = (celsius, vapourGramsPerM3, ppm);
    }

    public double Celsius { get; private set; }

    public double VapourGramsPerM3 { get; private set; }

    public double Ppm { get; private set; }

    /// <summary>0 to 1.05; the surplus condenses on the walls.</summary>
    public double RelativeHumidity => Math.Min(1.0, VapourGramsPerM3 / SaturationGramsPerM3(Celsius));

    /// <summary>Lets the air change up to now under conditions that held since the call before.</summary>
    public void Advance(long nowMs, PodLoad load)
    {
        var hours = (nowMs - atMs) / 3_600_000.0;
        atMs = nowMs;
        if (hours <= 0)
        {
            return;
        }

        var air = load.FlapOpen ? OpenFlapM3PerHour : load.FanRuns ? FanM3PerHour : 0.4;
        Ppm = Relax(Ppm, load.OutdoorPpm, load.People * BreathLitresPerHour / VolumeM3 * 1000, air / VolumeM3, hours);
        VapourGramsPerM3 = Relax(VapourGramsPerM3, load.OutdoorVapourGramsPerM3, load.People * WaterGramsPerHour / VolumeM3, air / VolumeM3, hours);
        var lostWattPerKelvin = WallsWattPerKelvin + (load.Draught ? DraughtWattPerKelvin : 0) + (air * AirJoulePerM3Kelvin / 3600 * (load.FlapOpen ? 1 : 1 - HeatRecovery));
        Celsius = Relax(
            Celsius,
            load.OutdoorCelsius,
            ((load.People * BodyWatts) + load.HeaterWatts) * 3600 / HeatJoulePerKelvin,
            lostWattPerKelvin * 3600 / HeatJoulePerKelvin,
            hours);
    }

    /// <summary>Magnus form, good to 1 % between -30 and 50 °C.</summary>
    public static double SaturationGramsPerM3(double celsius) =>
        6.112 * Math.Exp(17.67 * celsius / (celsius + 243.5)) * 216.7 / (celsius + 273.15);

    private static double Relax(double now, double outside, double sourcePerHour, double ratePerHour, double hours)
    {
        var settled = outside + (sourcePerHour / ratePerHour);
        return settled + ((now - settled) * Math.Exp(-ratePerHour * hours));
    }
}

/// <summary>What acts on a pod's air between two changes.</summary>
public readonly record struct PodLoad(
    int People, bool FlapOpen, bool FanRuns, bool Draught, double HeaterWatts, double OutdoorCelsius, double OutdoorVapourGramsPerM3, double OutdoorPpm);
