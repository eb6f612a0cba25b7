using Dapper;
using NodaTime;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Faults;

/// <summary>Every kind of fault that a scenario may name.</summary>
public static class FaultKinds
{
    /// <summary>What of the store a duty cannot do without, and how it is taken away and given back.</summary>
    private static readonly Dictionary<string, (string Damage, string Repair)> Missing = new(StringComparer.Ordinal)
    {
        ["alarms"] = ("CREATE TRIGGER fault BEFORE INSERT ON alert_events WHEN NEW.what = 'notice' BEGIN SELECT RAISE(ABORT, 'planted'); END", "DROP TRIGGER fault"),
        ["catalogue"] = ("UPDATE catalogue_state SET due_at = 0; " + Away("catalogue_entries"), Back("catalogue_entries")),
        ["imports"] = (Away("import_plans"), Back("import_plans")),
        ["releases"] = (Away("occupancy_area"), Back("occupancy_area")),
        ["planning"] = (Away("planning_pushed"), Back("planning_pushed")),
        ["retention"] = (Away("refusals"), Back("refusals")),
    };

    public static readonly FaultKind UplinkLoss = new("uplinks lost", "permille", (run, _, permille) =>
    {
        var (air, before) = (run.Quarter.Server.Conditions, run.Quarter.Server.Conditions.UplinkLossPermille);
        air.UplinkLossPermille = permille;
        return () => air.UplinkLossPermille = before;
    });

    public static readonly FaultKind DownlinkLoss = new("downlinks lost", "permille", (run, _, permille) =>
    {
        var (air, before) = (run.Quarter.Server.Conditions, run.Quarter.Server.Conditions.DownlinkLossPermille);
        air.DownlinkLossPermille = permille;
        return () => air.DownlinkLossPermille = before;
    });

    public static readonly FaultKind RadioCut = Switch("radio cut", (run, _, broken) => run.Quarter.Server.Conditions.Cut = broken);

    /// <summary>The router's plug.</summary>
    public static readonly FaultKind WifiCut = Switch("Wi-Fi cut", (run, _, broken) => run.Quarter.Screen.Wifi.InRange = !broken);

    public static readonly FaultKind LineDead = Switch("line half open", (run, _, broken) => run.Link.Line.IsHalfOpen = broken);

    public static readonly FaultKind LineSlow = new("line slow", "bytes/s", (run, _, bytesPerSecond) =>
    {
        var (line, before) = (run.Link.Line, run.Link.Line.BytesPerSecond);
        line.BytesPerSecond = bytesPerSecond;
        return () => line.BytesPerSecond = before;
    });

    /// <summary>The gateway's process: nobody gets in, no duty is done.</summary>
    public static readonly FaultKind GatewayDown = new("gateway down", "", (run, _, _) =>
    {
        run.Gateway.Stop();
        return run.Gateway.Start;
    });

    /// <summary>The broker alone: nobody gets in, duties go on.</summary>
    public static readonly FaultKind BrokerDown = new("broker down", "", (run, _, _) =>
    {
        run.Gateway.CloseBroker();
        return run.Gateway.OpenBroker;
    });

    /// <summary>The gateway's wall clock is set so far from the world's time.</summary>
    public static readonly FaultKind ClockSet = new("clock set", "h off", (run, _, hours) =>
    {
        run.Quarter.World.Time.WallOffset = Duration.FromHours(hours);
        return () => { };
    });

    public static readonly FaultKind DutyBroken = new("duty fails", "", (run, duty, _) =>
    {
        var (damage, repair) = Missing[duty];
        run.Gateway.Database.Write(db => db.Execute(damage));
        return () => run.Gateway.Database.Write(db => db.Execute(repair));
    });

    public static readonly FaultKind ChatDead = new("channel dead", "", (run, _, _) =>
    {
        run.Post.IsChatDead = true;
        return () => run.Post.IsChatDead = false;
    });

    public static readonly FaultKind Smoke = InPod("smoke", (scene, begins) => scene.SetSmoke(begins));

    public static readonly FaultKind Cold = InPod("heating broken", (scene, begins) => scene.SetCold(begins));

    public static readonly FaultKind BatteryFlat = InPod("battery flat", (scene, begins) => scene.SetBatteryFlat(begins));

    public static readonly FaultKind HousingOpen = InPod("housing open", (scene, begins) => scene.SetHousingOpen(begins));

    private static FaultKind InPod(string name, Action<PodScene, bool> set) => Switch(name, (run, pod, begins) => set(run.Quarter.PodNamed(pod).Scene, begins));

    private static FaultKind Switch(string name, Action<Simulation, string, bool> set) => new(name, "", (run, where, _) =>
    {
        set(run, where, true);
        return () => set(run, where, false);
    });

    private static string Away(string table) => $"ALTER TABLE {table} RENAME TO away_{table}";

    private static string Back(string table) => $"ALTER TABLE away_{table} RENAME TO {table}";
}
