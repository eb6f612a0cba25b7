using NodaTime;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Demo;
using Quartier.Simulator.World;

namespace Quartier.Simulator;

/// <summary>The gateway inside the world, on the world's thread and clock, over a real store in a folder of its own: the host's broker with its
/// rights and limits, intake, pipeline and duties. Clients connect without sockets.</summary>
public sealed class GatewayInProcess : IDisposable
{
    private const int TlsPort = 8883;
    private const int TimePort = 1883;

    private readonly VirtualWorld world;
    private readonly DirectoryInfo folder;
    private readonly GatewayOptions options;
    /// <summary>One of its own for screens: how much they have to say must not move what happens to the pods of a seed.</summary>
    private readonly Chance screens;
    private readonly Chance others;
    private readonly RejectionChance noise;
    private readonly bool skips;
    private SimulatedGateway? process;
    private bool isBrokerShut;
    private bool isPlainShut;
    private BrokerLine? plainScreen;

    public GatewayInProcess(Quarter quarter, GatewayConditions? conditions = null)
    {
        conditions ??= new GatewayConditions();
        world = quarter.World;
        world.Time.WallOffset = conditions.WallOffset;
        screens = world.Stream("gateway screens");
        others = world.Stream("gateway");
        skips = conditions.SkipsQuietRounds;
        noise = new RejectionChance(world.Stream("releases").Fill);
        folder = Directory.CreateTempSubdirectory("quartier-simulate-");
        options = conditions.Settings(new GatewayOptions { DataDirectory = folder.FullName, KeepsLetters = true });
        Database = Database.OpenSingleThreaded(folder.FullName, Tables.All);
        Database.Changed += OnChanged;
        Clock = new ClockWatch(world.Time.OnWorldThread, () => false);
        Health = new GatewayHealth(world.Time);
        Database.Write(Clock.Begin);
        Database.Write(db => DemoQuarter.SeedDevices(db, Clock.Now));
        Start();
        world.Time.WallSet += () => process?.Stir();
        _ = new ServerLine(world, this, quarter.Server);
        // A gateway that starts has its catalogue before the first screen asks for it.
        world.After(0, DoDuties);
        world.Every((long)DutyRound.Period.TotalMilliseconds, DoDuties);
        world.Every((long)EraseLoop.Period.TotalMilliseconds, () => Database.FoldDeleted());
    }

    public Database Database { get; }

    /// <summary>This gateway's time: the world's, until somebody sets the wall clock apart.</summary>
    public ClockWatch Clock { get; }

    /// <summary>What is red in this gateway.</summary>
    public GatewayHealth Health { get; }

    /// <summary>What the broker's port with TLS is verified against, as DER; null: whatever a screen trusts holds.</summary>
    public byte[]? DevicesRoot { get; private set; }

    /// <summary>Clients can connect, and duties are done.</summary>
    public bool IsUp => process is not null;

    public long Recorded { get; private set; }

    public long Refused { get; private set; }

    /// <summary>Every verdict, on the world's thread.</summary>
    public event Action<Envelope, Verdict>? Judged;

    /// <summary>Everything that the gateway publishes, whether or not somebody has subscribed to it.</summary>
    public event Action<Publication>? Published;

    /// <summary>The process ends, with every connection and all that was not stored; nobody gets in until <see cref="Start"/>.</summary>
    public void Stop() => VirtualWorld.OnOneThread(() =>
    {
        process?.Dispose();
        process = null;
    });

    /// <summary>A fresh process over the same store.</summary>
    public void Start()
    {
        if (process is null)
        {
            process = new SimulatedGateway(Database, options, Clock, Health, noise, skips);
            process.Intake.Judged += Note;
            process.Outgoing.Attach(publication => Published?.Invoke(publication));
        }
    }

    /// <summary>The broker alone ends every connection and lets nobody in; duties go on.</summary>
    public void CloseBroker() => VirtualWorld.OnOneThread(() =>
    {
        process?.Broker.Stop();
        isBrokerShut = true;
    });

    /// <summary>A broker that has stopped does not begin again: a fresh process takes its place.</summary>
    public void OpenBroker()
    {
        isBrokerShut = false;
        if (process is not null)
        {
            Stop();
            Start();
        }
    }

    /// <summary>The gateway was given a port with TLS, and offers its root to screens from now on.</summary>
    public void OfferRoot(byte[] root, int timePort = TimePort)
    {
        DevicesRoot = root;
        Database.Write(db => RootOffers.Set(db, new DeviceTls(TlsPort, root), timePort));
    }

    /// <summary>What stands at the port with TLS hangs on this root, whatever was offered.</summary>
    public void Expect(byte[] root) => DevicesRoot = root;

    /// <summary>The administrator has ended connections without TLS: none is taken any more, and the screen's ends.</summary>
    public void EndPlain()
    {
        isPlainShut = true;
        plainScreen?.HangUp();
    }

    /// <summary>A message of somebody else who may publish anything, such as an operator at the broker.</summary>
    public void Publish(Publication publication) => VirtualWorld.OnOneThread(() => process!.Broker.Publish(publication.Topic, publication.Payload, publication.Retain));

    /// <summary>The topics of what a broker that starts now would keep for new subscribers.</summary>
    public IReadOnlyList<string> Retained() => [.. new RetainedTable(Database).Load().Select(message => message.Topic)];

    /// <summary>Writes a digest of every table into the trace, so that the hash of a run covers what it left and not only what it said.</summary>
    public void TraceStore()
    {
        foreach (var (table, digest) in Database.Read(StoreDigest.Of))
        {
            world.Trace.Write("store", table, digest);
        }
    }

    public void Dispose()
    {
        Stop();
        Database.Dispose();
        folder.Delete(recursive: true);
    }

    /// <param name="isScreen">Screens and others draw their delays from streams of their own.</param>
    /// <returns>Null: nobody listens.</returns>
    /// <param name="isSecure">At the port with TLS. The network server is on the same machine, and needs none.</param>
    internal BrokerLine? TryConnect(bool isScreen, bool isSecure, Action<byte[]> received, Action ended)
    {
        if (process is null || isBrokerShut || (isScreen && !isSecure && isPlainShut))
        {
            return null;
        }

        var line = new BrokerLine(world, isScreen ? screens : others, process.Door, isSecure, received, ended);
        plainScreen = isScreen && !isSecure ? line : plainScreen;
        return line;
    }

    /// <summary>The application's number says nothing in a trace.</summary>
    private static string ShortTopic(string topic) => topic.Split('/') is ["application", _, .. var rest] ? string.Join('/', rest) : topic;

    private void Note(Envelope envelope, Verdict verdict)
    {
        Recorded += verdict.Outcome == Outcome.Recorded ? 1 : 0;
        Refused += verdict.Outcome == Outcome.Refused ? 1 : 0;
        var reason = verdict.Reason is { } why ? $" {why}: {verdict.Detail}" : "";
        world.Trace.Write("gateway", verdict.Outcome.ToString().ToLowerInvariant(), $"{ShortTopic(envelope.Topic)}{reason}");
        Judged?.Invoke(envelope, verdict);
    }

    private void OnChanged(IReadOnlySet<string> tables)
    {
        // The store's pulse is no news to anybody.
        if (tables.Any(table => table != "pulse"))
        {
            process?.Stir();
        }

        if (tables.Contains("mqtt_credentials"))
        {
            world.After(0, () => process?.EndRevoked());
        }
    }

    private void DoDuties() => process?.DoDuties();
}
