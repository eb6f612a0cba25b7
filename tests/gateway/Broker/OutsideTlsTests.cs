using System.Security.Cryptography.X509Certificates;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Tls;
using Quartier.Tests.Gateway.Tls;
using Xunit;

namespace Quartier.Tests.Gateway.Broker;

/// <summary>TLS towards Mosquitto, and what is said where it does not come about.</summary>
public sealed class OutsideTlsTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-city-tls-");
    private Mosquitto city = null!;

    public async Task InitializeAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authority = Authority.ForDevices("city", now);
        using var stranger = Authority.ForDevices("stranger", now);
        using var server = Authority.Issue(authority, new ServerNames(["localhost"], []), now.AddDays(-1), now.AddDays(30));
        await File.WriteAllTextAsync(At("ca.pem"), authority.ExportCertificatePem());
        await File.WriteAllTextAsync(At("stranger.pem"), stranger.ExportCertificatePem());
        await File.WriteAllTextAsync(At("server.pem"), server.ExportCertificatePem());
        using (var key = server.GetECDsaPrivateKey()!)
        {
            await File.WriteAllTextAsync(At("server.key"), key.ExportPkcs8PrivateKeyPem());
        }

        var (code, said) = await OpenSsl.Run("", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=gateway", "-days", "9000",
            "-keyout", At("own.key"), "-out", At("own.pem"));
        Assert.True(code == 0, said);
        city = await Mosquitto.Start($"cafile {At("own.pem")}\ncertfile {At("server.pem")}\nkeyfile {At("server.key")}\nrequire_certificate true");
    }

    public Task DisposeAsync()
    {
        city.Dispose();
        folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("ca.pem", "localhost", null)]
    [InlineData("stranger.pem", "localhost", "No authority that we trust vouches for the broker's certificate (CaFile).")]
    [InlineData(null, "localhost", "No authority that we trust vouches for the broker's certificate (CaFile).")]
    [InlineData("ca.pem", "city.example", "The broker's certificate is not valid for the name city.example (ServerName).")]
    [InlineData("server.key", "localhost", "server.key cannot be used: no PEM certificate")]
    [InlineData("nowhere.pem", "localhost", "nowhere.pem cannot be used: ")]
    public async Task A_broker_is_believed_only_under_its_authority_and_its_name(string? caFile, string name, string? trouble)
    {
        // Our own certificate holds from now on by the system's clock, so the gateway's stands there too.
        await using var gateway = await GatewayBesideBrokers.Start(null, new() { ["city"] = Secure(caFile, name) }, TimeProvider.System.GetUtcNow().AddMinutes(10));
        if (trouble is null)
        {
            await gateway.Connected("city");
            return;
        }

        await gateway.Until(() => gateway.Red("broker city") is not null);
        Assert.Contains(trouble, gateway.Red("broker city"), StringComparison.Ordinal);
        Assert.Null(gateway.Status("city").ConnectedSince);
    }

    [Fact]
    public async Task Without_the_certificate_that_it_asks_for_it_lets_nobody_in_and_that_is_said()
    {
        await using var gateway = await GatewayBesideBrokers.Start(null, new() { ["city"] = Secure("ca.pem", "localhost") with { Certificate = null, CertificateKey = null } });
        await gateway.Until(() => gateway.Red("broker city") is not null);
        Assert.Matches("close[sd] the connection|breaks the handshake off", gateway.Red("broker city"));
    }

    [Fact]
    public async Task A_port_without_TLS_is_told_from_a_wrong_certificate()
    {
        using var plain = await Mosquitto.Start();
        await using var gateway = await GatewayBesideBrokers.Start(null, new()
        {
            ["city"] = new OutsideOptions { Host = "127.0.0.1", Port = plain.Port, Tls = true },
        });
        await gateway.Until(() => gateway.Red("broker city") is not null);
        Assert.Contains("Nobody speaks TLS there", gateway.Red("broker city"), StringComparison.Ordinal);
    }

    private OutsideOptions Secure(string? caFile, string name) => new()
    {
        Host = "127.0.0.1",
        Port = city.Port,
        Tls = true,
        ServerName = name,
        CaFile = caFile is null ? null : At(caFile),
        Certificate = At("own.pem"),
        CertificateKey = At("own.key"),
    };

    private string At(string file) => Path.Combine(folder.FullName, file);
}
