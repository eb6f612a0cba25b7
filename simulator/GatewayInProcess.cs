using NodaTime;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Demo;
using Quartier.Wire;

namespace Quartier.Simulator;

/// <summary>The gateway's synchronous core inside the world: the same pipeline and duties as in the host, on the world's thread and clock,
/// over a real store in a folder of its own. The broker between is a few milliseconds of delay, drawn from the seed.</summary>
public sealed class GatewayInProcess : IDisposable
{
    private readonly Quarter quarter;
    private readonly DirectoryInfo folder;
    private readonly GatewayOptions options;
    /// <summary>One of its own for screens: how much they have to say must not move what happens to the pods of a seed.</summary>
    private readonly Quartier.Simulator.World.Chance screens;
    private readonly Quartier.Simulator.World.Chance others;
    private readonly RejectionChance noise;
    private readonly List<Action<Publication>> subscribers = [];
    private long deliverAtMs;
    private long screenDeliverAtMs;
    private readonly Dictionary<string, Publication> retained = new(StringComparer.Ordinal);

    public GatewayInProcess(Quarter quarter, GatewayConditions? conditions = null)
    {
        conditions ??= new GatewayConditions();
        this.quarter = quarter;
        quarter.World.Time.WallOffset = conditions.WallOffset;
        screens = quarter.World.Stream("gateway screens");
        others = quarter.World.Stream("gateway");
        noise = new RejectionChance(quarter.World.Stream("releases").Fill);
        Health = new GatewayHealth(quarter.World.Time);
        Clock = new ClockWatch(quarter.World.Time, () => false);
        folder = Directory.CreateTempSubdirectory("quartier-simulate-");
        options = conditions.Settings(new GatewayOptions { DataDirectory = folder.FullName, KeepsLetters = true });
        Database = Database.Open(folder.FullName, Durability.None);
        Database.Write(db => DemoQuarter.SeedDevices(db, Clock.Now));
        quarter.Server.Publish += (topic, payload) => Take(topic, payload, DemoQuarter.NetworkServer);
        // A gateway that starts has its catalogue before the first screen asks for it.
        quarter.World.After(0, StepDuties);
        quarter.World.Every(conditions.DutiesMs, StepDuties);
    }

    public Database Database { get; }

    /// <summary>This gateway's time: the world's, until somebody sets the wall clock apart.</summary>
    public ClockWatch Clock { get; }

    /// <summary>What is red in this gateway.</summary>
    public GatewayHealth Health { get; }

    public long Recorded { get; private set; }

    public long Refused { get; private set; }

    /// <summary>Every verdict, on the world's thread.</summary>
    public event Action<Envelope, Verdict>? Judged;

    /// <summary>Hears what the gateway publishes, retained messages first.</summary>
    public void Subscribe(Action<Publication> hear)
    {
        subscribers.Add(hear);
        foreach (var publication in retained.Values)
        {
            hear(publication);
        }
    }

    /// <summary>A message on its way to the broker.</summary>
    public void Take(string topic, byte[] payload, string sender) =>
        quarter.World.After(DelayMs(topic), () => Accept(new Envelope(topic, payload, sender, Clock.Now)));

    /// <summary>A message from the broker to whoever listens, ours or somebody else's.</summary>
    public void Publish(Publication publication) => Publish([publication]);

    /// <summary>Writes a digest of every table into the trace, so that the hash of a run covers what it left and not only what it said.</summary>
    public void TraceStore()
    {
        foreach (var (table, digest) in Database.Read(StoreDigest.Of))
        {
            quarter.World.Trace.Write("store", table, digest);
        }
    }

    public void Dispose()
    {
        Database.Dispose();
        folder.Delete(recursive: true);
    }

    private static bool IsScreens(string topic) => topic.StartsWith(ScreenTopics.Prefix, StringComparison.Ordinal);

    private int DelayMs(string topic) => (IsScreens(topic) ? screens : others).Next(2, 12);

    private void Accept(Envelope envelope)
    {
        var effects = new List<Publication>();
        var verdict = Database.Write(db => Pipeline.Accept(db, [envelope], Clock.Now, effects))[0];
        Recorded += verdict.Outcome == Outcome.Recorded ? 1 : 0;
        Refused += verdict.Outcome == Outcome.Refused ? 1 : 0;
        var reason = verdict.Reason is { } why ? $" {why}: {verdict.Detail}" : "";
        quarter.World.Trace.Write("gateway", verdict.Outcome.ToString().ToLowerInvariant(), $"{ShortTopic(envelope.Topic)}{reason}");
        Judged?.Invoke(envelope, verdict);
        Publish(effects);
    }

    private void StepDuties()
    {
        var effects = new List<Publication>();
        Clock.Step(Database, Health);
        Duties.Step(Database, Clock.Now, effects, options, Health, noise);
        Publish(effects);
    }

    private void Publish(List<Publication> effects)
    {
        foreach (var effect in effects)
        {
            if (effect.Retain)
            {
                retained[effect.Topic] = effect;
            }

            // A broker hands over in order.
            ref var handedOverMs = ref IsScreens(effect.Topic) ? ref screenDeliverAtMs : ref deliverAtMs;
            handedOverMs = Math.Max(handedOverMs, quarter.World.NowMs + DelayMs(effect.Topic));
            quarter.World.At(handedOverMs, () => Deliver(effect));
        }
    }

    private void Deliver(Publication publication)
    {
        if (publication.Topic.EndsWith("/command/down", StringComparison.Ordinal))
        {
            quarter.Server.Command(publication.Topic, publication.Payload);
            return;
        }

        foreach (var hear in subscribers)
        {
            hear(publication);
        }
    }

    /// <summary>The application's number says nothing in a trace.</summary>
    private static string ShortTopic(string topic) => topic.Split('/') is ["application", _, .. var rest] ? string.Join('/', rest) : topic;
}
