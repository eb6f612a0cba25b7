using System.Net;
using Quartier.Gateway.Store;
using Quartier.Mqtt;

namespace Quartier.Gateway.Broker;

/// <summary>A broker of somebody else's at which network servers publish. Section Brokers:NAME of appsettings.json, or environment
/// variables such as Brokers__city__Password; docs/outside-broker.md shows them all.</summary>
public sealed record OutsideOptions
{
    private const int NameMax = 32;
    private const int KeepAliveMax = 3_600;

    /// <summary>Name or address in digits.</summary>
    public string Host { get; init; } = "";

    /// <summary>Null: 8883 with TLS, 1883 without.</summary>
    public int? Port { get; init; }

    /// <summary>Null: TLS, unless the broker is on this machine.</summary>
    public bool? Tls { get; init; }

    /// <summary>The name that its certificate has to show; null: <see cref="Host"/>.</summary>
    public string? ServerName { get; init; }

    /// <summary>PEM with the authorities that may vouch for it; null: those that the operating system trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>The gateway's own certificate for this broker, PEM or PFX; null: it shows none.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM with its key; null: it lies in <see cref="Certificate"/>.</summary>
    public string? CertificateKey { get; init; }

    public string? CertificatePassword { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Null: one of the gateway's own making, which stays.</summary>
    public string? ClientId { get; init; }

    /// <summary>Segments in front of ChirpStack's application/… topics at this broker; empty for none.</summary>
    public string TopicPrefix { get; init; } = "";

    /// <summary>What to subscribe to; empty: every event below <see cref="TopicPrefix"/>.</summary>
    public string[] Topics { get; init; } = [];

    public int KeepAliveSeconds { get; init; } = 30;

    public bool IsSecure => Tls ?? !IsThisMachine;

    internal int PortOrDefault => Port ?? (IsSecure ? 8883 : 1883);

    internal string Prefix => TopicPrefix.Trim('/');

    /// <summary>Topic filters.</summary>
    public IReadOnlyList<string> Subscriptions => Topics.Length > 0 ? Topics : [$"{(Prefix.Length == 0 ? "" : Prefix + "/")}application/+/device/+/event/+"];

    private bool IsThisMachine => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Section Brokers of appsettings.json in the data directory, by name; environment variables come before it.</summary>
    /// <exception cref="InvalidOperationException">The settings cannot be used; the message says which and why.</exception>
    public static IReadOnlyDictionary<string, OutsideOptions> Read(string dataDirectory)
    {
        // One by one: read as a dictionary, a broker with a value that does not fit would be left out without a word.
        var brokers = OwnSettings.Section(dataDirectory, "Brokers").GetChildren().ToDictionary(broker => broker.Key, broker => broker.Get<OutsideOptions>() ?? new OutsideOptions());
        var faults = brokers.SelectMany(broker => broker.Value.Faults(broker.Key)).ToList();
        return faults.Count == 0 ? brokers : throw new InvalidOperationException(string.Join('\n', faults));
    }

    /// <summary>What is wrong with the settings, in words for the person who edits them; empty when they can be used.</summary>
    public IEnumerable<string> Faults(string name)
    {
        if (name.Length is 0 or > NameMax || !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
        {
            yield return $"Brokers:{name}: a name has a-z, 0-9 and -, at most {NameMax} of them.";
        }

        if (Host.Length == 0)
        {
            yield return $"Brokers:{name}:Host is missing: the broker's name.";
        }

        if (PortOrDefault is < 1 or > ushort.MaxValue)
        {
            yield return $"Brokers:{name}:Port must be from 1 to {ushort.MaxValue}.";
        }

        if (KeepAliveSeconds is < 1 or > KeepAliveMax)
        {
            yield return $"Brokers:{name}:KeepAliveSeconds must be from 1 to {KeepAliveMax}.";
        }

        if (Password is not null && User is null)
        {
            yield return $"Brokers:{name}:User is missing: MQTT knows no password without a user.";
        }

        if (Tls == false && (CaFile ?? ServerName ?? Certificate) is not null)
        {
            yield return $"Brokers:{name}: CaFile, ServerName and Certificate are for TLS, and Tls is false.";
        }

        if ((CertificateKey ?? CertificatePassword) is not null && Certificate is null)
        {
            yield return $"Brokers:{name}:CertificateKey and CertificatePassword are for Certificate, which is missing.";
        }

        foreach (var topic in Subscriptions.Where(topic => !TopicFilter.TryParse(topic, out _)))
        {
            yield return $"Brokers:{name}: \"{topic}\" is no topic filter.";
        }
    }

    /// <summary>What works, but not as somebody who relies on it would think.</summary>
    public IEnumerable<string> Warnings(string name) => IsSecure || IsThisMachine ? []
        : [$"WARNING: Brokers:{name}:Tls is false: whoever listens on the network reads the password and every report, and can send some."];

    /// <summary>Never the password.</summary>
    public override string ToString() => $"{Host}:{PortOrDefault}";
}
