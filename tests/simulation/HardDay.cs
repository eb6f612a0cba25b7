using System.Globalization;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store.Outbox;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Faults;
using Quartier.Simulator.Scenarios;
using Quartier.Simulator.World;
using Quartier.Wire;

namespace Quartier.Tests.Simulation;

/// <summary>The scenario of the hard day, and what the team hears of it.</summary>
internal sealed class HardDay : IDisposable
{
    private static readonly Duration OneDay = Duration.FromDays(1);

    private static readonly Dictionary<FaultKind, (string Begin, string End)> German = new()
    {
        [FaultKinds.DutyBroken] = ("Störung beginnt: {0}", "Störung behoben: {0}"),
        [FaultKinds.ChatDead] = ("der Teamkanal antwortet nicht mehr", "der Teamkanal antwortet wieder"),
        [FaultKinds.Smoke] = ("Rauch in der Kapsel {0}", "der Rauch ist verzogen"),
        [FaultKinds.RadioCut] = ("der Funk fällt aus", "der Funk ist wieder da"),
        [FaultKinds.ClockSet] = ("die Uhr des Gateways springt um einen Tag vor", ""),
    };

    private readonly ScenarioRun day;
    private readonly List<(Instant At, string Line)> happened = [];
    private readonly SortedDictionary<long, Heard> notices = [];
    private readonly Dictionary<string, Instant> redSince = [];
    private readonly HashSet<(string Device, int Number)> numbers = [];
    private readonly List<Instant> newFires = [];

    public HardDay(ulong seed)
    {
        day = new ScenarioRun(Simulator.Scenarios.HardDay.Scenario, seed, Quarter.UsualStart);
        day.Faulted += (fault, begins) => Note(Words(fault, begins));
        day.Acted += act => Note(act.What);
        Run.Post.Passed += Passed;
        Run.Post.Rounded += Round;
        Run.Gateway.Judged += (_, verdict) =>
        {
            if (verdict.Message is PodAlarm { Kind: AlarmKind.Smoke } alarm && numbers.Add((verdict.Device!, alarm.Sequence)))
            {
                newFires.Add(World.Now);
            }
        };
    }

    public Simulator.Simulation Run => day.Run;

    /// <summary>When the gateway first heard of each number of a smoke alarm.</summary>
    public IReadOnlyList<Instant> NewFires => newFires;

    public IReadOnlyCollection<Heard> Notices => notices.Values;

    /// <summary>What was red, from when until when.</summary>
    public List<(string Name, Instant From, Instant Until)> Red { get; } = [];

    private VirtualWorld World => Run.Quarter.World;

    public void Dispose() => day.Dispose();

    public void Live()
    {
        Run.Run(OneDay);
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

    private void Note(string what) => happened.Add((World.Now, "· " + what));

    private static string Words(PlannedFault fault, bool begins)
    {
        var (begin, end) = German[fault.Kind];
        return string.Format(CultureInfo.InvariantCulture, begins ? begin : end, fault.Where);
    }

    /// <summary>What was due has left the house; what is red is noted.</summary>
    private void Round()
    {
        var red = Run.Gateway.Health.Red(Run.Gateway.Clock.Now).Select(line => line.Fault.Name).ToHashSet();
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
        if (message.Channel == ChannelNames.Planning || step == PumpStep.Sent)
        {
            return;
        }

        var heard = notices.GetValueOrDefault(message.Position) ?? new Heard(World.Now, message);
        notices[message.Position] = step == PumpStep.Claimed
            ? heard
            : heard with { Message = Run.Gateway.Database.Read(db => OutboxTable.Find(db, message.Position))!, LastTriedAt = World.Now };
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
            var to = Message.Channel == ChannelNames.Mail ? recipient : "alle";
            var tries = Message.Attempts > 1 ? $" beim {Message.Attempts}. Versuch" : "";
            return $"{CaseWords.Channel(Message.Channel, ReaderLanguage.German),-22}  {to,-16}  {Headline}\n{"",45}{"",13}→ {CaseWords.Delivery(Message, ReaderLanguage.German)} {When(LastTriedAt)}{tries}";
        }
    }
}
