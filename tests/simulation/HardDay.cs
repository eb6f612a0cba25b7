using System.Globalization;
using Dapper;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Outputs.Outbox;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Simulator;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Radio;
using Quartier.Simulator.World;
using Quartier.Wire;

namespace Quartier.Tests.Simulation;

/// <summary>A noon-to-noon day of the quarter in which everything goes wrong once, and what the team hears of it. The gateway begins
/// with a wall clock one day slow, as after a flat battery; in the night the network sets it right.</summary>
internal sealed class HardDay : IDisposable
{
    /// <summary>Between two looks at what is due to leave the house and at what is red.</summary>
    public const int RoundMs = 10_000;

    public static readonly string[] Team = ["anna@example.org", "ben@example.org"];

    private static readonly Duration OneDay = Duration.FromDays(1);

    private readonly Simulator.Simulation run;
    private readonly OutboxPump pump;
    private readonly List<(Instant At, string Line)> happened = [];
    private readonly SortedDictionary<long, Heard> notices = [];
    private readonly Dictionary<string, Instant> redSince = [];
    private readonly HashSet<(string Device, int Number)> numbers = [];
    private readonly List<Instant> newFires = [];
    private bool chatIsDead;

    public HardDay(ulong seed)
    {
        run = new Simulator.Simulation(
            seed,
            Quarter.UsualStart,
            radio: new RadioConditions { UplinkLossPermille = 0, DownlinkLossPermille = 0 },
            people: false,
            gateway: new GatewayConditions
            {
                WallOffset = -OneDay,
                Settings = options => options with
                {
                    Notify = new NotifyOptions { Team = Team, Smtp = new SmtpOptions { Host = "mail.example.org" }, Webhook = new WebhookOptions() },
                    Planning = new PlanningOptions { Webhook = new WebhookOptions() },
                },
            });
        pump = new OutboxPump(
            run.Gateway.Database,
            [
                new Line(SmtpChannel.ChannelName, _ => new SendResult(SendOutcome.Accepted, "250 OK")),
                new Line(WebhookChannel.TeamChannelName, _ => chatIsDead ? new SendResult(SendOutcome.Failed, "no answer within 15 s") : new SendResult(SendOutcome.Accepted, "204")),
                new Line(PlanningPush.Channel, _ => new SendResult(SendOutcome.Accepted, "204")),
            ],
            run.Gateway.Clock,
            (step, message) => Passed(step, message));
        run.Gateway.Judged += (_, verdict) =>
        {
            if (verdict.Message is ShelterAlarmV1 { Kind: AlarmKind.Smoke } alarm && numbers.Add((verdict.Device!, alarm.Sequence)))
            {
                newFires.Add(World.Now);
            }
        };
        Script();
        // After the duties of the same second.
        World.Every(RoundMs, () => World.After(0, Round));
    }

    public Simulator.Simulation Run => run;

    /// <summary>When the gateway first heard of each number of a smoke alarm.</summary>
    public IReadOnlyList<Instant> NewFires => newFires;

    public IReadOnlyCollection<Heard> Notices => notices.Values;

    /// <summary>What was red, from when until when.</summary>
    public List<(string Name, Instant From, Instant Until)> Red { get; } = [];

    private VirtualWorld World => run.Quarter.World;

    private Pod Karlsplatz => run.Quarter.PodNamed("Karlsplatz");

    private PodScene Friedhof => run.Quarter.PodNamed("Alter Friedhof").Scene;

    public void Dispose() => run.Dispose();

    public void Live()
    {
        run.Run(OneDay);
        foreach (var (name, from) in redSince)
        {
            Red.Add((name, from, Instant.MaxValue));
        }
    }

    /// <summary>Everything that people got, with what happened between, in the order of time.</summary>
    public string List()
    {
        var lines = happened
            .Concat(notices.Values.Select(heard => (heard.At, Line: heard.Words())))
            .OrderBy(line => line.At)
            .Select(line => $"{When(line.At)}  {line.Line}\n");
        var red = Red.OrderBy(line => line.From).ThenBy(line => line.Name, StringComparer.Ordinal).Select(line => $"  {line.Name,-16} {When(line.From)} bis {When(line.Until)}\n");
        return string.Concat(lines) + "\nRot auf der Startseite und auf /healthz\n" + string.Concat(red);
    }

    private static string When(Instant at) => at.InBerlin().ToString("dd.MM. HH:mm:ss", CultureInfo.InvariantCulture);

    private void Script()
    {
        At("12:01", "jemand schaut in beide Kapseln", () => run.Quarter.Pods.ToList().ForEach(pod => pod.Scene.LookIn(30_000)));
        Fails("12:30", "12:40", "catalogue", "UPDATE catalogue_state SET due_at = 0; " + Away("catalogue_entries"), Back("catalogue_entries"));
        Fails("13:00", "13:10", "imports", Away("import_plans"), Back("import_plans"));

        At("13:30", "der Teamkanal antwortet nicht mehr", () => chatIsDead = true);
        Smoke("14:00", "14:20");
        Takes("14:16", "anna");
        Smoke("14:30", "14:36");
        Takes("14:31", "ben");
        Closes("14:42", "ben");
        At("15:30", "der Teamkanal antwortet wieder", () => chatIsDead = false);

        Fails("17:55", "18:10", "releases", Away("occupancy_area"), Back("occupancy_area"));
        At("19:00", "jemand legt sich im Alten Friedhof schlafen", () =>
        {
            Friedhof.Enter();
            Friedhof.Lock();
            World.After(600_000, Friedhof.Sleep);
        });

        At("20:00", "der Funk fällt aus", () => run.Quarter.Server.Conditions.Cut = true);
        Smoke("20:50", "20:54");
        Fails("21:00", "21:10", "retention", Away("refusals"), Back("refusals"));
        At("22:00", "der Funk ist wieder da", () => run.Quarter.Server.Conditions.Cut = false);
        Takes("22:40", "anna");

        At("+01:00", "die Uhr des Gateways springt um einen Tag vor", () => World.Time.WallOffset = Duration.Zero);
        Fails("+01:50", "+02:20", "planning", Away("planning_pushed"), Back("planning_pushed"));
        Smoke("+02:00", "+02:12");
        Fails("+02:05", "+02:09", "alarms", "CREATE TRIGGER fault BEFORE INSERT ON alert_events WHEN NEW.what = 'notice' BEGIN SELECT RAISE(ABORT, 'planted'); END", "DROP TRIGGER fault");
        Takes("+02:11", "ben");
        Closes("+02:18", "ben");
        At("+03:30", "die Verwaltung bestätigt die Uhrzeit", () => run.Gateway.Database.Write(db => run.Gateway.Clock.Confirm(db, "admin")));
        At("+06:30", "der Gast geht und schließt die Klappe", () => Friedhof.Leave());
    }

    private static string Away(string table) => $"ALTER TABLE {table} RENAME TO away_{table}";

    private static string Back(string table) => $"ALTER TABLE away_{table} RENAME TO {table}";

    private void Fails(string from, string until, string duty, string damage, string repair)
    {
        At(from, $"Störung beginnt: {duty}", () => run.Gateway.Database.Write(db => db.Execute(damage)));
        At(until, $"Störung behoben: {duty}", () => run.Gateway.Database.Write(db => db.Execute(repair)));
    }

    private void Smoke(string from, string until)
    {
        At(from, "Rauch in der Kapsel Karlsplatz", () => Karlsplatz.Scene.SetSmoke(true));
        At(until, "der Rauch ist verzogen", () => Karlsplatz.Scene.SetSmoke(false));
    }

    private void Takes(string at, string who) => At(at, $"{who} drückt „Ich kümmere mich“", () => run.Gateway.Database.Write(db => AlertDesk.Acknowledge(db, Fire(), who, run.Gateway.Clock.Now)));

    private void Closes(string at, string who) => At(at, $"{who} drückt „Erledigt“", () => run.Gateway.Database.Write(db => AlertDesk.Resolve(db, Fire(), who, run.Gateway.Clock.Now)));

    private long Fire() => run.Gateway.Database.Read(AlertsTable.Open).Single(alert => alert.Kind == AlertKind.Smoke).Id;

    /// <param name="clock">Local time; + is the day after the first.</param>
    private void At(string clock, string what, Action act)
    {
        var first = World.Start.InBerlin().Date;
        var parts = clock.TrimStart('+').Split(':');
        var local = first.PlusDays(clock[0] == '+' ? 1 : 0).At(new NodaTime.LocalTime(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture)));
        var at = local.InZoneStrictly(Quartier.Gateway.Host.LocalTime.Berlin).ToInstant();
        World.At((long)(at - World.Start).TotalMilliseconds, () =>
        {
            happened.Add((World.Now, "· " + what));
            act();
        });
    }

    /// <summary>After each round of duties: what is due leaves the house, and what is red is noted.</summary>
    private void Round()
    {
        pump.Round();
        var red = run.Gateway.Health.Red(run.Gateway.Clock.Now).Select(line => line.Fault.Name).ToHashSet();
        foreach (var (name, from) in redSince.Where(line => !red.Contains(line.Key)).ToList())
        {
            redSince.Remove(name);
            Red.Add((name, from, World.Now));
        }

        foreach (var name in red)
        {
            redSince.TryAdd(name, World.Now);
        }
    }

    private void Passed(PumpStep step, OutboxMessage message)
    {
        if (message.Channel == PlanningPush.Channel || step == PumpStep.Sent)
        {
            return;
        }

        var heard = notices.GetValueOrDefault(message.Position) ?? new Heard(World.Now, message);
        notices[message.Position] = step == PumpStep.Claimed
            ? heard
            : heard with { Message = run.Gateway.Database.Read(db => OutboxTable.Find(db, message.Position))!, LastTriedAt = World.Now };
    }

    /// <summary>One message to one recipient.</summary>
    /// <param name="At">When the gateway first tried to send it.</param>
    public sealed record Heard(Instant At, OutboxMessage Message)
    {
        public Instant LastTriedAt { get; init; }

        public string Headline => DeliveriesApi.HeadlineOf(Message);

        public string Words()
        {
            var recipient = Message.Subject[(Message.Subject.IndexOf('/') + 1)..];
            var to = Message.Channel == SmtpChannel.ChannelName ? recipient : "alle";
            var tries = Message.Attempts > 1 ? $" beim {Message.Attempts}. Versuch" : "";
            return $"{CaseWords.Channel(Message.Channel, Say.German),-22}  {to,-16}  {Headline}\n{"",45}{"",13}→ {CaseWords.Delivery(Message, Say.German)} {When(LastTriedAt)}{tries}";
        }
    }

    private sealed class Line(string name, Func<OutboxMessage, SendResult> answer) : IDeliveryChannel
    {
        public string Name => name;

        public Task<SendResult> SendAsync(OutboxMessage message, CancellationToken stop) => Task.FromResult(answer(message));
    }
}
