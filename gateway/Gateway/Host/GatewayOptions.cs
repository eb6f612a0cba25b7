using System.Data.Common;
using System.Net;
using NodaTime;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>What an installation chooses. Every value has the default of the reference installation.</summary>
public sealed record GatewayOptions
{
    /// <summary>The store, its keys and everything else that a backup must hold.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The console; 0 takes a free port, -1 switches it off.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>The embedded broker; 0 takes a free port, -1 switches it off.</summary>
    public int MqttPort { get; init; } = 1883;

    /// <summary>UDP port where screens are told the time and that this is their gateway; null: the number of <see cref="MqttPort"/>. 0 takes a free port, -1 switches it off.</summary>
    public int? TimePort { get; init; }

    /// <summary>Address to listen on, in digits. Off the loopback only ports with TLS do, unless <see cref="Insecure"/>.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>The console with TLS; null: 8443 off the loopback, none on it. 0 takes a free port, -1 switches it off.</summary>
    public int? HttpsPort { get; init; }

    /// <summary>The broker with TLS; null: 8883 off the loopback, none on it. 0 takes a free port, -1 switches it off.</summary>
    public int? MqttTlsPort { get; init; }

    /// <summary>Ports without TLS listen where those with TLS do.</summary>
    public bool Insecure { get; init; }

    /// <summary>File with the certificate that pages show, PEM or PFX; null: one of the gateway's own.</summary>
    public string? Certificate { get; init; }

    /// <summary>File with its key, PEM; null: it lies with the certificate.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Of a PFX or an encrypted key; null: none.</summary>
    public string? CertificatePassword { get; init; }

    /// <summary>File with the authorities of client certificates at the broker's TLS port, PEM; null: none is asked for.</summary>
    public string? ClientAuthority { get; init; }

    /// <summary>No other machine reaches this gateway.</summary>
    public bool IsOnLoopback => IPAddress.IsLoopback(IPAddress.Parse(Listen));

    /// <summary>Further names that the console answers under; see <see cref="AllowedHosts"/>.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Segments in front of ChirpStack's application/… topics, a region or a tenant; empty for none.</summary>
    public string TopicPrefix { get; init; } = "";

    /// <summary>Devices that nobody registered are admitted on their first message instead of being refused. For migrations and tests.</summary>
    public bool AdmitUnknown { get; init; }

    /// <summary>Clients without a name and password may use the broker and may do anything there. For tests on the loopback only.</summary>
    public bool AnonymousMqtt { get; init; }

    /// <summary>Written into the store at each start, before anybody is served: a simulated quarter, a test's case. Null: nothing.</summary>
    public Action<DbConnection, Instant>? Seed { get; init; }

    /// <summary>Without a mail server, letters to the team stay in the list of deliveries instead of counting as told to nobody. For a
    /// quarter in which nobody lives.</summary>
    public bool KeepsLetters { get; init; }

    /// <summary>A pod's report is fresh for two of these.</summary>
    public Duration ShelterHeartbeat { get; init; } = Duration.FromMinutes(15);

    /// <summary>Raw uplinks are kept this long (design §8).</summary>
    public Duration RawRetention { get; init; } = Duration.FromDays(14);

    /// <summary>Releases and the planning backend.</summary>
    public PlanningOptions Planning { get; init; } = new();

    /// <summary>Brokers of others at which network servers publish, by name; null: as <see cref="OutsideOptions.Read"/> finds them, in the simulator none.</summary>
    public IReadOnlyDictionary<string, OutsideOptions>? Brokers { get; init; }

    public IReadOnlyDictionary<string, OutsideOptions> OutsideBrokers => Brokers ?? new Dictionary<string, OutsideOptions>();

    /// <summary>How messages to the embedded broker are read.</summary>
    public PipelineOptions Pipeline => new(AdmitUnknown, TopicPrefix);

    /// <summary>The address people reach the console under, for links in notices; null: http://localhost:HttpPort.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>How the street-work team is told; null: as <see cref="NotifyOptions.Read"/> finds it.</summary>
    public NotifyOptions? Notify { get; init; }

    /// <summary>When this gateway began to listen; null: the host's start. A gateway that was switched off reports no silence.</summary>
    public Instant? ListeningSince { get; init; }

    /// <summary>A host's own loop builds the catalogue, beside the writer; false: the duties build it, as in the simulator.</summary>
    public bool BuildsBesideWriter { get; init; }

    /// <summary>What cases and their notices need of all this.</summary>
    public AlertSettings AlertSettings => (Notify ?? new NotifyOptions()).Of(
        new AlertSettings(PublicUrl?.ToString() ?? "urn:quartier", ShelterHeartbeat, ListeningSince ?? Instant.MinValue, RawRetention), KeepsLetters);

    /// <summary>The sections of appsettings.json that are ours.</summary>
    public static readonly IReadOnlyDictionary<string, Type> Sections = new Dictionary<string, Type>(StringComparer.OrdinalIgnoreCase)
    {
        ["Notify"] = typeof(NotifyOptions),
        ["Planning"] = typeof(PlanningOptions),
        ["Brokers"] = typeof(Dictionary<string, OutsideOptions>),
        ["Store"] = typeof(StoreOptions),
    };
}
