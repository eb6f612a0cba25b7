using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quartier.Gateway.Tls;
using Quartier.Simulator.Demo;
using Xunit;

namespace Quartier.Tests.Gateway.Tls;

/// <summary>mosquitto_pub shows certificates at the broker's TLS port.</summary>
public sealed class ClientCertificateTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-client-certificates-");
    private readonly X509Certificate2 authority = NewAuthority();
    private OpenGateway gateway = null!;
    private string devices = "";

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(At("clients.pem"), authority.ExportCertificatePem());
        gateway = await OpenGateway.Start(At("data"), "127.0.0.1", options => options with { ClientAuthority = At("clients.pem") });
        devices = gateway.Authorities(folder.FullName).Devices;
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        authority.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_network_server_logs_in_by_its_certificate_or_by_its_secret()
    {
        Assert.Equal(0, (await Publish(DemoQuarter.NetworkServer, Shown(authority, DemoQuarter.NetworkServer))).Code);
        Assert.Equal(0, (await Publish(DemoQuarter.NetworkServer, ["-P", DemoQuarter.NetworkServerSecret])).Code);
        Assert.NotEqual(0, (await Publish(DemoQuarter.NetworkServer, [])).Code);
        Assert.NotEqual(0, (await Publish(DemoQuarter.NetworkServer, [.. Shown(authority, DemoQuarter.NetworkServer), "-P", "falsch"])).Code);
    }

    [Theory]
    [InlineData("somebody", DemoQuarter.NetworkServer)]
    [InlineData("somebody", "somebody")]
    [InlineData(DemoQuarter.Screen, DemoQuarter.Screen)]
    public async Task A_certificate_opens_the_log_in_it_is_made_out_to_and_only_a_network_servers(string name, string user)
    {
        var (code, said) = await Publish(user, Shown(authority, name));
        Assert.NotEqual(0, code);
        Assert.Contains("Bad User Name or Password", said, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_ends_the_handshake()
    {
        using var others = NewAuthority();
        var (code, said) = await Publish(DemoQuarter.NetworkServer, [.. Shown(others, DemoQuarter.NetworkServer), "-P", DemoQuarter.NetworkServerSecret]);
        Assert.NotEqual(0, code);
        Assert.DoesNotContain("Password", said, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no certificate")]
    public void A_file_that_is_none_is_said_at_the_start(string? text)
    {
        if (text is not null)
        {
            File.WriteAllText(At("odd.pem"), text);
        }

        Assert.Contains("odd.pem", Assert.Throws<IOException>(() => new ClientCertificates(At("odd.pem"))).Message, StringComparison.Ordinal);
    }

    private static X509Certificate2 NewAuthority() => Authority.ForDevices("Stadtwerke", TimeProvider.System.GetUtcNow());

    private string At(string name) => Path.Combine(folder.FullName, name);

    private string[] Shown(X509Certificate2 issuer, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var made = request.Create(issuer, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddDays(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(At("client.pem"), made.ExportCertificatePem());
        File.WriteAllText(At("client.key"), key.ExportPkcs8PrivateKeyPem());
        return ["--cert", At("client.pem"), "--key", At("client.key")];
    }

    private Task<(int Code, string Said)> Publish(string user, string[] more) => OpenSsl.Program("mosquitto_pub", "",
        ["-h", "localhost", "-p", $"{gateway.MqttTlsPort}", "--cafile", devices, "-V", "5", "-q", "1", "-u", user, "-i", user, "-t", Uplink.Topic(Uplink.Pod), "-m", "{}", .. more]);
}
