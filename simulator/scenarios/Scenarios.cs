using NodaTime;
using Quartier.Simulator.Faults;

namespace Quartier.Simulator.Scenarios;

/// <summary>Everything that `simulate --scenario` knows.</summary>
public static class Scenarios
{
    private const string Karlsplatz = "Karlsplatz";
    private const string AlterFriedhof = "Alter Friedhof";

    public static readonly Scenario QuietWeek = new("quiet week", "guests come and go, a frame in fifty is lost, nothing breaks", 7);

    public static readonly Scenario Outage = new("outage", "the gateway is down for an hour or so, in the evening its broker; a fire burns each time", 1)
    {
        Faults =
        [
            new Fault(FaultKinds.GatewayDown, "gateway", Between.Minutes(60, 90), Between.Minutes(40, 90)),
            new Fault(FaultKinds.Smoke, Karlsplatz, Between.Minutes(92, 100), Between.Minutes(4, 15)),
            new Fault(FaultKinds.BrokerDown, "gateway", Between.Minutes(420, 440), Between.Minutes(20, 60)),
            new Fault(FaultKinds.Smoke, AlterFriedhof, Between.Minutes(441, 450), Between.Minutes(2, 8)),
            new Fault(FaultKinds.WifiCut, "screen", Between.Minutes(600, 700), Between.Minutes(5, 60)),
        ],
    };

    public static readonly Scenario BadAir = new("bad air", "a third of the frames is lost and for a while all of them, while there is smoke, cold and an open housing", 2)
    {
        Faults =
        [
            new Fault(FaultKinds.UplinkLoss, "air", Between.Minutes(30, 90), Between.Minutes(1_200, 1_800)) { StrengthLeast = 250, StrengthMost = 400 },
            new Fault(FaultKinds.DownlinkLoss, "air", Between.Minutes(30, 90), Between.Minutes(1_200, 1_800)) { StrengthLeast = 250, StrengthMost = 400 },
            new Fault(FaultKinds.Smoke, Karlsplatz, Between.Minutes(120, 300), Between.Minutes(3, 30)),
            new Fault(FaultKinds.RadioCut, "air", Between.Minutes(400, 500), Between.Minutes(20, 120)),
            new Fault(FaultKinds.Cold, AlterFriedhof, Between.Minutes(405, 600), Between.Minutes(120, 240)),
            new Fault(FaultKinds.HousingOpen, Karlsplatz, Between.Minutes(700, 900), Between.Minutes(1, 10)),
            new Fault(FaultKinds.BatteryFlat, AlterFriedhof, Between.Minutes(1_300, 1_500), Between.Minutes(60, 240)),
            new Fault(FaultKinds.LineSlow, "screen", Between.Minutes(60, 120), Between.Minutes(600, 1_200)) { StrengthLeast = 500, StrengthMost = 4_000 },
            new Fault(FaultKinds.LineDead, "screen", Between.Minutes(1_400, 1_500), Between.Minutes(10, 60)),
        ],
    };

    public static IReadOnlyList<Scenario> All { get; } = [QuietWeek, HardDay.Scenario, Outage, BadAir];

    /// <returns>Null where nobody has that name.</returns>
    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
