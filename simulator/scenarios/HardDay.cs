using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Simulator.Faults;

namespace Quartier.Simulator.Scenarios;

/// <summary>A noon-to-noon day in which everything goes wrong once, each at its time, and the team does its work. The gateway begins with a
/// wall clock one day slow, as after a flat battery; in the night the network sets it right.</summary>
public static class HardDay
{
    private const string Karlsplatz = "Karlsplatz";
    private const string AlterFriedhof = "Alter Friedhof";

    public static readonly string[] Team = ["anna@example.org", "ben@example.org"];

    public static Scenario Scenario { get; } = new("hard day", "every duty fails once, the chat is dead, the clock is set, the radio is cut, four fires", 1)
    {
        HasGuests = false,
        HasPost = true,
        Radio = () => new RadioConditions { UplinkLossPermille = 0, DownlinkLossPermille = 0 },
        Gateway = new GatewayConditions
        {
            WallOffset = -Duration.FromDays(1),
            Settings = options => options with
            {
                Notify = new NotifyOptions { Team = Team, Smtp = new SmtpOptions { Host = "mail.example.org" }, Webhook = new WebhookOptions() },
                Planning = new PlanningOptions { Webhook = new WebhookOptions() },
            },
        },
        Faults =
        [
            Of(FaultKinds.DutyBroken, "catalogue", At(12, 30), At(12, 40)),
            Of(FaultKinds.DutyBroken, "imports", At(13, 0), At(13, 10)),
            Of(FaultKinds.ChatDead, "team chat", At(13, 30), At(15, 30)),
            Of(FaultKinds.Smoke, Karlsplatz, At(14, 0), At(14, 20)),
            Of(FaultKinds.Smoke, Karlsplatz, At(14, 30), At(14, 36)),
            Of(FaultKinds.DutyBroken, "releases", At(17, 55), At(18, 10)),
            Of(FaultKinds.RadioCut, "air", At(20, 0), At(22, 0)),
            Of(FaultKinds.Smoke, Karlsplatz, At(20, 50), At(20, 54)),
            Of(FaultKinds.DutyBroken, "retention", At(21, 0), At(21, 10)),
            Of(FaultKinds.ClockSet, "gateway", At(25, 0), At(25, 0)),
            Of(FaultKinds.DutyBroken, "planning", At(25, 50), At(26, 20)),
            Of(FaultKinds.Smoke, Karlsplatz, At(26, 0), At(26, 12)),
            Of(FaultKinds.DutyBroken, "alarms", At(26, 5), At(26, 9)),
        ],
        Acts =
        [
            new Act(At(12, 1), "jemand schaut in beide Kapseln", run => run.Quarter.Pods.ToList().ForEach(pod => pod.Scene.LookIn(30_000))),
            Takes(At(14, 16), "anna"),
            Takes(At(14, 31), "ben"),
            Closes(At(14, 42), "ben"),
            new Act(At(19, 0), "jemand legt sich im Alten Friedhof schlafen", run =>
            {
                var pod = run.Quarter.PodNamed(AlterFriedhof).Scene;
                pod.Enter();
                pod.Lock();
                run.Quarter.World.After(600_000, pod.Sleep);
            }),
            Takes(At(22, 40), "anna"),
            Takes(At(26, 11), "ben"),
            Closes(At(26, 18), "ben"),
            new Act(At(27, 30), "die Verwaltung bestätigt die Uhrzeit", run => run.Gateway.Database.Write(db => run.Gateway.Clock.Confirm(db, "admin"))),
            new Act(At(30, 30), "der Gast geht und schließt die Klappe", run => run.Quarter.PodNamed(AlterFriedhof).Scene.Leave()),
        ],
    };

    /// <param name="hours">Local time, past 24 on the second day; the day begins at noon.</param>
    private static Duration At(int hours, int minutes) => Duration.FromMinutes(((hours - 12) * 60) + minutes);

    private static Fault Of(FaultKind kind, string where, Duration from, Duration until) => new(kind, where, from, until - from);

    private static Act Takes(Duration at, string who) =>
        new(at, $"{who} drückt „Ich kümmere mich“", run => run.Gateway.Database.Write(db => AlertCases.Acknowledge(db, Fire(run), who, run.Gateway.Clock.Now)));

    private static Act Closes(Duration at, string who) =>
        new(at, $"{who} drückt „Erledigt“", run => run.Gateway.Database.Write(db => AlertCases.Resolve(db, Fire(run), who, run.Gateway.Clock.Now)));

    private static long Fire(Simulation run) => run.Gateway.Database.Read(AlertsTable.Open).Single(alert => alert.Kind == AlertKind.Smoke).Id;
}
