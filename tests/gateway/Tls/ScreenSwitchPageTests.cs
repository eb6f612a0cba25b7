using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host.Commands;
using Quartier.Gateway.Store;
using Quartier.Mqtt;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Tls;

/// <summary>An installation that ran without TLS: its screen is offered the root over the connection that it has, and the administrator
/// reads when the button cuts nobody off.</summary>
[Collection(nameof(CommandTests))]
public sealed class ScreenSwitchPageTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-switch-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_page_and_the_banner_tell_when_plain_connections_can_end_and_what_is_in_the_way_until_then()
    {
        await using var gateway = await StartAsBefore();
        using var admin = gateway.Browser(OpenGateway.Outside);
        await LogIn(admin, "admin");
        var page = await Page(admin, "/connections");
        Assert.Contains("ein Bildschirm spricht noch ohne TLS", page, StringComparison.Ordinal);
        Assert.Contains("schneidet jetzt 1 Bildschirm ab", page, StringComparison.Ordinal);
        Assert.Contains("hat sich nicht gemeldet", page, StringComparison.Ordinal);

        await using (var plain = await Connect(gateway, gateway.MqttPort, null))
        {
            Assert.Contains("kann nicht von selbst umsteigen", await Page(admin, "/connections"), StringComparison.Ordinal);
            var offer = await Say(plain, new ScreenTransport { Host = "10.0.0.5" });
            Assert.Equal(gateway.MqttTlsPort, offer.Port);
            Assert.Equal(gateway.Certificates.DevicesAuthority.RawData, offer.Root);
            Assert.Contains("steigt um, sobald", await Page(admin, "/connections"), StringComparison.Ordinal);

            await Say(plain, new ScreenTransport { Host = "10.0.0.5", Offered = SHA256.HashData(offer.Root)[..8], Trials = 2, Fault = 4 });
            page = await Page(admin, "/fleet");
            Assert.Contains("2-mal versucht", page, StringComparison.Ordinal);
            Assert.Contains("Er ruft das Gateway 10.0.0.5", page, StringComparison.Ordinal);
        }

        await using var secure = await Connect(gateway, gateway.MqttTlsPort, gateway.Certificates.DevicesAuthority);
        page = await Page(admin, "/connections");
        Assert.Contains("alle Bildschirme sprechen TLS", page, StringComparison.Ordinal);
        Assert.Contains("schneidet keinen Bildschirm ab", page, StringComparison.Ordinal);
        Assert.Contains("1 von 1 sprechen TLS", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_does_not_look_after_devices_reads_how_many_and_not_which()
    {
        await using var gateway = await StartAsBefore();
        using var editor = gateway.Browser(OpenGateway.Outside);
        await LogIn(editor, "editor");
        var page = await Page(editor, "/connections");
        Assert.Contains("0 von 1 sprechen TLS", page, StringComparison.Ordinal);
        Assert.DoesNotContain("hat sich nicht gemeldet", page, StringComparison.Ordinal);
        editor.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        Assert.Contains("0 of 1 speak TLS", await editor.GetStringAsync("/connections"), StringComparison.Ordinal);
    }

    private static async Task<string> Page(HttpClient browser, string path) => WebUtility.HtmlDecode(await browser.GetStringAsync(path));

    private static async Task LogIn(HttpClient browser, string name) =>
        Assert.Equal(HttpStatusCode.Redirect, (await GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", name), ("password", name + "-demo"))).StatusCode);

    private static async Task<MqttClient> Connect(OpenGateway gateway, int port, X509Certificate2? root)
    {
        SslClientAuthenticationOptions? tls = null;
        if (root is not null)
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.Add(root);
            tls = new SslClientAuthenticationOptions { TargetHost = "gateway.example", CertificateChainPolicy = trust };
        }

        var client = new MqttClient(
            new MqttClientOptions
            {
                Host = OpenGateway.Outside,
                Port = port,
                ClientId = DemoQuarter.Screen,
                User = DemoQuarter.Screen,
                Password = System.Text.Encoding.UTF8.GetBytes(DemoQuarter.ScreenSecret),
                Tls = tls,
            },
            TimeProvider.System);
        await client.ConnectAsync();
        return client;
    }

    /// <summary>What the gateway answers under the leaf root.</summary>
    private static async Task<RootOffer> Say(MqttClient screen, ScreenTransport transport)
    {
        var answered = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        screen.OnMessage = message =>
        {
            if (message.Topic == ScreenTopics.Build(DemoQuarter.Screen, ScreenTopics.Root))
            {
                answered.TrySetResult(message.Payload);
            }

            return ValueTask.CompletedTask;
        };
        await screen.SubscribeAsync(ScreenTopics.Build(DemoQuarter.Screen, ScreenTopics.Root));
        var payload = new byte[512];
        await screen.PublishAsync(ScreenTopics.Build(DemoQuarter.Screen, ScreenTopics.Transport), payload[..transport.Encode(payload)]);
        var came = await answered.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(RootOffer.TryDecode(came, came.Length, out var offer));
        return offer;
    }

    /// <summary>As a version without TLS left the folder.</summary>
    private async Task<OpenGateway> StartAsBefore()
    {
        var data = Path.Combine(folder.FullName, "data");
        await (await OpenGateway.Start(data, "127.0.0.1")).DisposeAsync();
        Directory.Delete(Path.Combine(data, "tls"), recursive: true);
        return await OpenGateway.Start(data, "0.0.0.0");
    }
}
