using System.Net;
using System.Net.Sockets;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Tests.Gateway.Tls;
using Xunit;

namespace Quartier.Tests.Gateway.Host;

public sealed class ConnectionLimitTests : IDisposable
{
    private const int FilesMax = 800;
    private const int SocketsEach = 500;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-connections-");

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>Goal: whoever opens sockets and says nothing uses up no file that the store, a page or an alarm needs.</summary>
    [Fact]
    public async Task Silent_sockets_beyond_the_file_limit_end_nothing()
    {
        var (mqtt, http) = (GatewayProcess.FreePort(), GatewayProcess.FreePort());
        using var gateway = await GatewayProcess.StartAsync(folder.FullName, mqtt, http, "bash", "-c", $"ulimit -n {FilesMax}; exec \"$@\"", "bash");
        using var browser = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        using var acknowledged = new SemaphoreSlim(0);
        using var pod = new PublishingPeer(1, mqtt, () => acknowledged.Release());
        await pod.SendLineAsync(1);
        Assert.True(await acknowledged.WaitAsync(GatewayProcess.Patience), "no PUBACK before the flood");
        using (var silent = new SilentSockets())
        {
            await silent.OpenAsync(mqtt, SocketsEach);
            await silent.OpenAsync(http, SocketsEach);
            await pod.SendLineAsync(2);
            Assert.True(await acknowledged.WaitAsync(GatewayProcess.Patience), "no PUBACK in the flood");
        }

        await SaidOnceAnsweredAsync(browser, "connections broker");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/log-in")).StatusCode);
        var (code, said) = await OpenSsl.Program("mosquitto_pub", "", "-h", "127.0.0.1", "-p", $"{mqtt}", "-q", "1", "-t", "application/a/device/70b3d57edd000002/event/up", "-m", "{}");
        Assert.True(code == 0, said);
    }

    [Theory]
    [InlineData(768, 32, 96)]
    [InlineData(1_024, 96, 288)]
    [InlineData(20_000, 4_712, 14_136)]
    [InlineData(1_048_576, 5_000, 20_000)]
    [InlineData(long.MaxValue, 5_000, 20_000)]
    public void Pages_and_broker_share_what_the_process_may_open(long filesMax, int pages, int broker) =>
        Assert.Equal(new ConnectionLimits(pages, broker), ConnectionLimits.Of(filesMax));

    [Fact]
    public void A_process_that_can_serve_nobody_says_what_to_do() =>
        Assert.Contains("LimitNOFILE", Assert.Throws<IOException>(() => ConnectionLimits.Of(767)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Max processes 1 2 processes\nMax open files            1024                 524288               files\n", 1_024)]
    [InlineData("Max open files            unlimited            unlimited            files\n", long.MaxValue)]
    [InlineData("", long.MaxValue)]
    public void The_soft_limit_counts(string limits, long files) => Assert.Equal(files, ConnectionLimits.FilesMax(limits));

    [Fact]
    public void One_address_takes_no_more_than_half_and_gives_back_what_it_leaves()
    {
        var cap = new ConnectionCap(4, ConnectionFaults.Broker);
        Assert.True(cap.TryEnter("192.0.2.1"));
        Assert.True(cap.TryEnter("192.0.2.1"));
        Assert.False(cap.TryEnter("192.0.2.1"));
        Assert.True(cap.TryEnter("192.0.2.2"));
        Assert.True(cap.TryEnter(null));
        Assert.False(cap.TryEnter(null));
        cap.Leave("192.0.2.1");
        Assert.True(cap.TryEnter("192.0.2.1"));
        Assert.Equal(4, cap.Open);
    }

    [Fact]
    public void It_is_red_while_connections_are_cut_and_for_a_minute_behind()
    {
        var time = new ManualTime(TestStore.Evening);
        var health = new GatewayHealth(time);
        var cap = new ConnectionCap(0, ConnectionFaults.Pages);
        Assert.Null(cap.Step(time.Now, health));
        cap.Cut("192.0.2.1:5");
        Assert.Equal(new TurnedAway("connections pages", 0, "192.0.2.1:5"), cap.Step(time.Now, health));
        cap.Cut("192.0.2.1:6");
        Assert.Null(cap.Step(time.Now, health));
        Assert.Equal("connections pages", Assert.Single(health.Red(time.Now)).Fault.Name);
        Assert.Null(cap.Step(time.Now + NodaTime.Duration.FromSeconds(59), health));
        Assert.Single(health.Red(time.Now));
        Assert.Null(cap.Step(time.Now + NodaTime.Duration.FromSeconds(60), health));
        Assert.Empty(health.Red(time.Now));
    }

    /// <summary>The silent ones count until the gateway has read their end, and a second passes before it says that it cut some.</summary>
    private static async Task SaidOnceAnsweredAsync(HttpClient browser, string red)
    {
        using var limit = new CancellationTokenSource(GatewayProcess.Patience);
        while (true)
        {
            try
            {
                using var answer = await browser.GetAsync("/healthz", limit.Token);
                if ((await answer.Content.ReadAsStringAsync(limit.Token)).Contains(red, StringComparison.Ordinal))
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Cut.
            }
        }
    }

    private sealed class SilentSockets : IDisposable
    {
        private readonly List<Socket> open = [];

        public async Task OpenAsync(int port, int count)
        {
            for (var n = 0; n < count; n++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                open.Add(socket);
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, port);
                }
                catch (SocketException)
                {
                    // Cut before it was through.
                }
            }
        }

        public void Dispose() => open.ForEach(socket => socket.Dispose());
    }
}
