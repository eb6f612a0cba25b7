using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace Quartier.Gateway.Broker;

/// <summary>Why an outside broker is not reached or does not do what is asked, in words for whoever set it up. Never a secret.</summary>
public sealed record OutsideTrouble(string German, string English)
{
    public static readonly OutsideTrouble VersionRefused = new("Der Broker spricht diese Fassung von MQTT nicht.", "The broker does not speak this version of MQTT.");

    /// <summary>Brokers that know 3.1.1 only do this to a CONNECT of version 5 as well.</summary>
    public static readonly OutsideTrouble ClosedAtConnect = new("Der Broker legt auf, statt die Anmeldung zu beantworten.", "The broker closes the connection instead of answering the log-in.");

    public static readonly OutsideTrouble Closed = new("Der Broker hat die Verbindung beendet.", "The broker has closed the connection.");

    public static readonly OutsideTrouble Silent = new("Der Broker antwortet nicht.", "The broker does not answer.");

    public static readonly OutsideTrouble NotMqtt = new("Dort antwortet etwas, das nicht MQTT spricht.", "Something answers there that does not speak MQTT.");

    public static readonly OutsideTrouble NoTls = new("Dort spricht niemand TLS, oder die Gegenseite bricht den Aufbau ab.", "Nobody speaks TLS there, or the other side breaks the handshake off.");

    public static readonly OutsideTrouble NotStored = new(
        "Die Nachrichten lassen sich nicht speichern; sie bleiben unbestätigt beim Broker.", "The messages cannot be stored; they stay at the broker unacknowledged.");

    public static readonly OutsideTrouble Unheard = new(
        "Einen Befehl an ein Gerät hat beim Broker niemand abonniert.", "At the broker nobody subscribes to a command to a device.");

    public static readonly OutsideTrouble QueueFull = new(
        "Zu viele Befehle an Geräte warten auf die Verbindung; weitere gehen verloren.", "Too many commands to devices wait for the connection; further ones are lost.");

    public static readonly OutsideTrouble Unexpected = new("Ein Fehler im Gateway; das Protokoll des Dienstes nennt ihn.", "A fault in the gateway; the service's log names it.");

    /// <summary>Another version of MQTT may help.</summary>
    internal bool IsOfVersion => this == VersionRefused || this == ClosedAtConnect;

    internal static OutsideTrouble File(string path, string why) => new($"{path} ist nicht zu gebrauchen: {why}", $"{path} cannot be used: {why}");

    internal static OutsideTrouble NotSubscribed(string topic) => new($"Der Broker erlaubt uns nicht, {topic} zu abonnieren.", $"The broker does not let us subscribe to {topic}.");

    internal static OutsideTrouble NotPublished(MqttClientPublishReasonCode code) =>
        new($"Der Broker nimmt einen Befehl an ein Gerät nicht an ({code}).", $"The broker does not take a command to a device ({code}).");

    internal static OutsideTrouble Of(MqttClientConnectResultCode code) => code switch
    {
        MqttClientConnectResultCode.UnsupportedProtocolVersion => VersionRefused,
        MqttClientConnectResultCode.BadUserNameOrPassword => new("Name oder Passwort sind falsch.", "User or password is wrong."),
        MqttClientConnectResultCode.NotAuthorized => new("Der Broker lässt diesen Zugang nicht zu (Name, Passwort oder Rechte).", "The broker does not admit this log-in (user, password or rights)."),
        MqttClientConnectResultCode.ClientIdentifierNotValid => new("Der Broker nimmt unsere ClientId nicht an.", "The broker does not take our ClientId."),
        MqttClientConnectResultCode.Banned => new("Der Broker hat uns ausgeschlossen.", "The broker has banned us."),
        MqttClientConnectResultCode.ServerUnavailable or MqttClientConnectResultCode.ServerBusy or MqttClientConnectResultCode.ConnectionRateExceeded =>
            new("Der Broker ist gerade nicht bereit.", "The broker is not ready at the moment."),
        _ => new($"Der Broker weist uns ab ({code}).", $"The broker refuses us ({code})."),
    };

    internal static OutsideTrouble Of(MqttClientDisconnectReason reason) => reason switch
    {
        MqttClientDisconnectReason.SessionTakenOver => new(
            "Ein anderer Client hat sich mit unserer ClientId angemeldet; vielleicht läuft ein zweites Gateway.", "Another client has logged in with our ClientId; perhaps a second gateway is running."),
        MqttClientDisconnectReason.ServerShuttingDown => new("Der Broker wird beendet.", "The broker is shutting down."),
        MqttClientDisconnectReason.AdministrativeAction or MqttClientDisconnectReason.NotAuthorized => new("Der Betreiber des Brokers hat uns getrennt.", "The broker's operator has disconnected us."),
        _ => Closed,
    };

    internal static OutsideTrouble Of(X509Chain? chain, SslPolicyErrors errors, string name)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return NoTls;
        }

        var faults = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) ?? X509ChainStatusFlags.NoError;
        return faults.HasFlag(X509ChainStatusFlags.PartialChain) || faults.HasFlag(X509ChainStatusFlags.UntrustedRoot)
            ? new("Für das Zertifikat des Brokers bürgt keine Stelle, der wir trauen (CaFile).", "No authority that we trust vouches for the broker's certificate (CaFile).")
            : faults.HasFlag(X509ChainStatusFlags.NotTimeValid) ? new("Das Zertifikat des Brokers gilt heute nicht.", "The broker's certificate is not valid today.")
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
                ? new($"Das Zertifikat des Brokers gilt nicht für den Namen {name} (ServerName).", $"The broker's certificate is not valid for the name {name} (ServerName).")
            : new($"Das Zertifikat des Brokers ist nicht in Ordnung ({faults}).", $"The broker's certificate is not in order ({faults}).");
    }

    /// <summary>What an attempt or a connection broke with. The innermost cause tells most; what wraps it differs by moment.</summary>
    /// <returns>Null for a fault of the gateway's own.</returns>
    public static OutsideTrouble? Of(Exception cause) => cause switch
    {
        OutsideException { Trouble: var told } => told,
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            new("Den Namen des Brokers kennt das Netz nicht (Host).", "The network does not know the broker's name (Host)."),
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => new("Unter dieser Adresse hört niemand (Host, Port).", "Nobody listens at that address (Host, Port)."),
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TimedOut } =>
            new("Der Broker ist über das Netz nicht zu erreichen.", "The network does not reach the broker."),
        AuthenticationException => NoTls,
        _ when cause.InnerException is { } inner && Of(inner) is { } known => known,
        OperationCanceledException or TimeoutException => Silent,
        MqttProtocolViolationException => NotMqtt,
        IOException or SocketException or ObjectDisposedException or MqttCommunicationException => Closed,
        _ => null,
    };
}

/// <summary>Carries a trouble whose words are known where it is found.</summary>
internal sealed class OutsideException(OutsideTrouble trouble, Exception? cause = null) : IOException(trouble.English, cause)
{
    public OutsideTrouble Trouble { get; } = trouble;
}
