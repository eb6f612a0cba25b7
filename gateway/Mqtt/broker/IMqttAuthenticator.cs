using System.Net;

namespace Quartier.Mqtt;

/// <summary>Who knocks.</summary>
/// <param name="Password">What the client sent; it must not be logged or kept.</param>
/// <param name="CertifiedName">Common name of a certificate that the client has shown and TLS has verified; null: it has shown none.</param>
/// <param name="IsEncrypted">TLS ends in this process.</param>
public sealed record ConnectRequest(
    string ClientId, string? User, byte[]? Password, bool CleanSession, ushort KeepAliveSeconds, EndPoint? From, string? CertifiedName = null, bool IsEncrypted = false)
{
    public override string ToString() => $"{ClientId}{(User is null ? "" : " as " + User)} from {From}";
}

/// <summary>The answer to a <see cref="ConnectRequest"/>: rights, or the CONNACK code of the refusal.</summary>
public sealed class Admission
{
    private Admission(ConnectCode code, ClientRights? rights, string? proof)
    {
        Code = code;
        Rights = rights;
        Proof = proof;
    }

    public ConnectCode Code { get; }

    public ClientRights? Rights { get; }

    /// <summary>Tells log-ins by one secret from those by another, as <see cref="MqttBroker.Revoke"/> has to; null when nobody needs to.</summary>
    public string? Proof { get; }

    public static Admission Admit(ClientRights rights, string? proof = null) => new(ConnectCode.Accepted, rights, proof);

    public static Admission Refuse(ConnectCode code) => code == ConnectCode.Accepted
        ? throw new ArgumentException("A refusal needs a code other than Accepted.", nameof(code))
        : new Admission(code, null, null);
}

/// <summary>Decides who may connect. Called once per CONNECT, concurrently for different connections.</summary>
public interface IMqttAuthenticator
{
    ValueTask<Admission> AdmitAsync(ConnectRequest request);
}

/// <summary>Admits everyone with every right: for tests, benchmarks and a broker on the loopback only.</summary>
public sealed class AdmitEveryone : IMqttAuthenticator
{
    public ValueTask<Admission> AdmitAsync(ConnectRequest request) => ValueTask.FromResult(Admission.Admit(ClientRights.Everything));
}
