using System.Net;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Quartier.Gateway.Tls;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway.Tls;

/// <summary>Foreign programs speak TLS to the running gateway: openssl, curl, mosquitto_pub.</summary>
public sealed class HandshakeTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-handshake-");
    private OpenGateway gateway = null!;
    private (string Browsers, string Devices) authority;

    public async Task InitializeAsync()
    {
        gateway = await OpenGateway.Start(Path.Combine(folder.FullName, "data"), "127.0.0.1");
        authority = gateway.Authorities(folder.FullName);
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("-tls1_2", "TLSv1.2")]
    [InlineData("-tls1_3", "TLSv1.3")]
    public async Task Both_ports_speak_TLS_1_2_and_1_3_and_hang_on_their_own_authority(string version, string called)
    {
        foreach (var (port, own, others) in new[] { (gateway.HttpsPort, authority.Browsers, authority.Devices), (gateway.MqttTlsPort, authority.Devices, authority.Browsers) })
        {
            var (code, said) = await OpenSsl.Handshake(port, own, "gateway.example", version);
            Assert.True(code == 0, said);
            Assert.Contains($"Protocol version: {called}", said, StringComparison.Ordinal);
            Assert.NotEqual(0, (await OpenSsl.Handshake(port, others, "gateway.example", version)).Code);
            Assert.NotEqual(0, (await OpenSsl.Handshake(port, own, "bank.example", version)).Code);
        }
    }

    [Fact]
    public async Task Nothing_older_is_spoken()
    {
        foreach (var port in new[] { gateway.HttpsPort, gateway.MqttTlsPort })
        {
            Assert.NotEqual(0, (await OpenSsl.Run("Q\n", "s_client", "-connect", $"127.0.0.1:{port}", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-brief")).Code);
        }
    }

    [Fact]
    public async Task A_peer_that_ends_before_it_reads_is_heard_by_its_code() =>
        Assert.Equal(1, (await OpenSsl.Program("false", new string('x', 1_000_000))).Code);

    [Fact]
    public async Task Curl_takes_a_page_over_HTTP_2_and_a_browser_is_not_told_to_insist()
    {
        var (code, said) = await OpenSsl.Program("curl", "", "--silent", "--show-error", "--include", "--http2", "--cacert", authority.Browsers, "--resolve", $"gateway.example:{gateway.HttpsPort}:127.0.0.1", $"https://gateway.example:{gateway.HttpsPort}/log-in");
        Assert.True(code == 0, said);
        Assert.StartsWith("HTTP/2 200", said, StringComparison.Ordinal);
        Assert.DoesNotContain("strict-transport-security", said, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("quartier-form=", said, StringComparison.Ordinal);
        Assert.All(said.Split('\n').Where(line => line.StartsWith("set-cookie", StringComparison.OrdinalIgnoreCase)), line => Assert.Contains("secure", line, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Cookies_are_for_TLS_only_where_the_page_came_over_it()
    {
        foreach (var secure in new[] { true, false })
        {
            using var browser = gateway.Browser("localhost", secure);
            var answer = await GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", "street"), ("password", "street-demo"));
            var cookies = answer.Headers.GetValues("Set-Cookie").Where(cookie => cookie.StartsWith("quartier=", StringComparison.Ordinal)).ToList();
            Assert.Equal(secure, Assert.Single(cookies).Contains("secure", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task Anybody_takes_the_authorities_and_no_key_comes_with_them()
    {
        using var browser = gateway.Browser("localhost");
        foreach (var (path, file) in new[] { ("/ca.pem", authority.Browsers), ("/devices-ca.pem", authority.Devices) })
        {
            var pem = await browser.GetStringAsync(path);
            Assert.Equal(X509Certificate2.CreateFromPem(File.ReadAllText(file)).Thumbprint, X509Certificate2.CreateFromPem(pem).Thumbprint);
            Assert.DoesNotContain("PRIVATE", pem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Mosquitto_publishes_over_TLS_and_only_with_the_devices_authority()
    {
        Assert.NotEqual(0, (await OpenGateway.Publish("localhost", gateway.MqttTlsPort, "--cafile", authority.Browsers)).Code);
        Assert.NotEqual(0, (await OpenGateway.Publish("localhost", gateway.MqttTlsPort)).Code);
        foreach (var version in new[] { "tlsv1.2", "tlsv1.3" })
        {
            var (code, said) = await OpenGateway.Publish("localhost", gateway.MqttTlsPort, "--cafile", authority.Devices, "--tls-version", version);
            Assert.True(code == 0, said);
        }

        Assert.NotEmpty(gateway.Services.GetRequiredService<Database>().Read(RefusalsTable.Counts));
    }

    [Fact]
    public async Task A_certificate_is_renewed_while_the_gateway_runs()
    {
        var before = await Serial(gateway.MqttTlsPort);
        Assert.Equal(before, await Serial(gateway.MqttTlsPort));
        Assert.Equal(2, gateway.Certificates.Step(TimeProvider.System.GetUtcNow().AddDays(310)).Count);
        Assert.NotEqual(before, await Serial(gateway.MqttTlsPort));
        Assert.Equal(0, (await OpenSsl.Handshake(gateway.MqttTlsPort, authority.Devices, "localhost", "-tls1_3")).Code);
    }

    private static async Task<string> Serial(int port)
    {
        var (_, said) = await OpenSsl.Run("Q\n", "s_client", "-connect", $"127.0.0.1:{port}", "-servername", "localhost");
        var from = said.IndexOf("-----BEGIN", StringComparison.Ordinal);
        using var shown = X509Certificate2.CreateFromPem(said.AsSpan(from));
        return shown.SerialNumber;
    }
}
