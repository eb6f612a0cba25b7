using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Quartier.Gateway.Host;
using Quartier.Gateway.Host.Commands;
using Quartier.Gateway.Tls;
using Xunit;

namespace Quartier.Tests.Gateway.Tls;

/// <summary>What is taken without TLS from other machines: nothing, unless the start says so or the installation ran so before.</summary>
[Collection(nameof(CommandTests))]
public sealed class PlainConnectionTests : IDisposable
{
    private const string Banner = "Verbindungen ohne Verschlüsselung";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-plain-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_new_installation_off_the_loopback_takes_plain_connections_from_its_own_machine_alone()
    {
        await using var gateway = await OpenGateway.Start(Data, "0.0.0.0");
        Assert.False(await OpenGateway.Answers(OpenGateway.Outside, gateway.HttpPort));
        Assert.False(await OpenGateway.Answers(OpenGateway.Outside, gateway.MqttPort));

        using var proxy = gateway.Browser("127.0.0.1", secure: false);
        Assert.DoesNotContain(Banner, await LogInPage(proxy), StringComparison.Ordinal);
        using var browser = gateway.Browser(OpenGateway.Outside);
        Assert.DoesNotContain(Banner, await LogInPage(browser), StringComparison.Ordinal);
        var (code, said) = await OpenGateway.Publish(OpenGateway.Outside, gateway.MqttTlsPort, "--cafile", gateway.Authorities(folder.FullName).Devices);
        Assert.True(code == 0, said);
    }

    [Fact]
    public async Task Insecure_is_said_on_every_page()
    {
        await using var gateway = await OpenGateway.Start(Data, "0.0.0.0", options => options with { Insecure = true });
        using var browser = gateway.Browser(OpenGateway.Outside, secure: false);
        Assert.Contains(Banner, await LogInPage(browser), StringComparison.Ordinal);
        Assert.Contains("--insecure", await LogInPage(browser), StringComparison.Ordinal);
        Assert.Equal(0, (await OpenGateway.Publish(OpenGateway.Outside, gateway.MqttPort)).Code);
    }

    [Fact]
    public async Task On_the_loopback_nothing_changes_and_nothing_is_said()
    {
        await using var gateway = await OpenGateway.Start(Data, "127.0.0.1", options => options with { HttpsPort = null, MqttTlsPort = null });
        var endpoints = gateway.Services.GetRequiredService<Endpoints>();
        Assert.Equal((null, false), (endpoints.Certificates, endpoints.Plain.AreTaken));
        Assert.Empty(Directory.GetFiles(Path.Combine(Data, "tls")));
    }

    [Fact]
    public async Task An_installation_that_ran_plain_goes_on_with_a_banner_until_an_administrator_ends_it_over_TLS()
    {
        await MakeOldFolder();
        await using (var gateway = await OpenGateway.Start(Data, "0.0.0.0"))
        {
            using var plain = gateway.Browser(OpenGateway.Outside, secure: false);
            Assert.Contains(Banner, await LogInPage(plain), StringComparison.Ordinal);
            Assert.Equal(0, (await OpenGateway.Publish(OpenGateway.Outside, gateway.MqttPort)).Code);

            // Over a plain connection the button would cut off whoever presses it.
            Assert.Equal(HttpStatusCode.Redirect, (await LogIn(plain)).StatusCode);
            Assert.Contains($":{gateway.HttpsPort}/connections", await plain.GetStringAsync("/connections"), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Conflict, (await GatewayUnderTest.Post(plain, "/connections", "/connections/end-plain")).StatusCode);
            Assert.Contains(Banner, await LogInPage(plain), StringComparison.Ordinal);

            using var secure = gateway.Browser(OpenGateway.Outside);
            await LogIn(secure);
            Assert.Equal(HttpStatusCode.Redirect, (await GatewayUnderTest.Post(secure, "/connections", "/connections/end-plain")).StatusCode);
            Assert.DoesNotContain(Banner, await secure.GetStringAsync("/connections"), StringComparison.Ordinal);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => plain.GetStringAsync("/log-in"));
            Assert.NotEqual(0, (await OpenGateway.Publish(OpenGateway.Outside, gateway.MqttPort)).Code);
            Assert.Equal(0, (await OpenGateway.Publish("127.0.0.1", gateway.MqttPort)).Code);
            Assert.Equal(0, gateway.Services.GetRequiredService<Endpoints>().Plain.Open);
        }

        await using var again = await OpenGateway.Start(Data, "0.0.0.0");
        Assert.False(await OpenGateway.Answers(OpenGateway.Outside, again.HttpPort));
    }

    [Fact]
    public async Task It_goes_on_over_a_restart_too()
    {
        await MakeOldFolder();
        for (var start = 0; start < 2; start++)
        {
            await using var gateway = await OpenGateway.Start(Data, "0.0.0.0");
            Assert.True(gateway.Services.GetRequiredService<Endpoints>().Plain.IsAsBefore);
        }
    }

    [Fact]
    public async Task A_gateway_that_was_on_the_loopback_until_now_goes_out_with_TLS_only()
    {
        await (await OpenGateway.Start(Data, "127.0.0.1")).DisposeAsync();
        await using var gateway = await OpenGateway.Start(Data, "0.0.0.0");
        Assert.False(gateway.Services.GetRequiredService<Endpoints>().Plain.AreTaken);
        Assert.False(await OpenGateway.Answers(OpenGateway.Outside, gateway.HttpPort));
    }

    [Fact]
    public async Task With_a_certificate_from_outside_browsers_are_told_to_insist_and_the_gateway_has_no_authority_for_them()
    {
        await MakeCertificate();
        await using var gateway = await OpenGateway.Start(Data, "127.0.0.1", options => options with { Certificate = At("one.pem"), CertificateKey = At("one.key") });
        var (code, said) = await OpenSsl.Program("curl", "", "--silent", "--show-error", "--include", "--cacert", At("one.pem"), $"https://localhost:{gateway.HttpsPort}/log-in");
        Assert.True(code == 0, said);
        Assert.Contains("strict-transport-security: max-age=", said, StringComparison.OrdinalIgnoreCase);
        Assert.Null(gateway.Certificates.BrowsersAuthority);
        Assert.Equal((0, "404"), await OpenSsl.Program("curl", "", "--silent", "--cacert", At("one.pem"), "--output", "/dev/null", "--write-out", "%{http_code}", $"https://localhost:{gateway.HttpsPort}/ca.pem"));

        // The file changes: the next handshake shows the new one.
        await MakeCertificate();
        Assert.NotEqual(0, (await OpenSsl.Handshake(gateway.HttpsPort, At("one.pem"), "localhost", "-tls1_3")).Code);
        gateway.Certificates.Step(TimeProvider.System.GetUtcNow());
        Assert.Equal(0, (await OpenSsl.Handshake(gateway.HttpsPort, At("one.pem"), "localhost", "-tls1_3")).Code);
    }

    [Fact]
    public async Task A_start_with_a_broken_certificate_is_a_sentence()
    {
        await MakeCertificate();
        File.WriteAllText(At("one.key"), "oops");
        var (code, _, errors) = CommandTests.Run("serve", "--https-port", "0", "--http-port", "0", "--mqtt-port", "0", "--certificate", At("one.pem"), "--certificate-key", At("one.key"), "--data", Data);
        Assert.Equal(CommandLine.WrongUsage, code);
        Assert.Contains("\n" + At("one.pem"), "\n" + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private string Data => Path.Combine(folder.FullName, "data");

    private string At(string name) => Path.Combine(folder.FullName, name);

    private static async Task<string> LogInPage(HttpClient browser)
    {
        browser.DefaultRequestHeaders.AcceptLanguage.Clear();
        browser.DefaultRequestHeaders.AcceptLanguage.ParseAdd("de");
        return WebUtility.HtmlDecode(await browser.GetStringAsync("/log-in"));
    }

    private static Task<HttpResponseMessage> LogIn(HttpClient browser) => GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", "admin"), ("password", "admin-demo"));

    /// <summary>As a version without TLS left it.</summary>
    private async Task MakeOldFolder()
    {
        await (await OpenGateway.Start(Data, "127.0.0.1")).DisposeAsync();
        Directory.Delete(Path.Combine(Data, "tls"), recursive: true);
    }

    private async Task MakeCertificate()
    {
        var (code, said) = await OpenSsl.Run("", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90", "-subj", "/CN=one", "-addext", "subjectAltName=DNS:localhost", "-keyout", At("one.key"), "-out", At("one.pem"));
        Assert.True(code == 0, said);
    }
}
