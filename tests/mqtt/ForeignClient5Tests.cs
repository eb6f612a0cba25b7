using System.Collections.Concurrent;
using System.Text;
using Quartier.Mqtt;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Mqtt;

/// <summary>Mosquitto's clients and mqtt.js speak MQTT 5 to the embedded broker, some of them beside others that speak 3.1.1.</summary>
public class ForeignClient5Tests
{
    private static string[] To(BrokerUnderTest host, params string[] more) => ["-h", "127.0.0.1", "-p", $"{host.Port}", "-V", "mqttv5", .. more];

    [Fact]
    public async Task Mosquittos_clients_hand_every_property_of_a_message_on()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        string[] properties =
        [
            "-D", "publish", "content-type", "text/plain", "-D", "publish", "response-topic", "answer", "-D", "publish", "correlation-data", "17",
            "-D", "publish", "user-property", "ort", "Südstadt", "-D", "publish", "payload-format-indicator", "1", "-D", "publish", "message-expiry-interval", "3600",
        ];
        await ForeignTool.RunAsync("mosquitto_pub", To(host, ["-t", "ulm/1", "-m", "Grüße", "-q", "2", "-r", .. properties]));
        var heard = await ForeignTool.RunAsync("mosquitto_sub", To(host, "-t", "ulm/+", "-q", "2", "-C", "1", "-F", "%t|%p|%q|%r|%C|%R|%D|%P|%F|%E"));
        var fields = heard.TrimEnd().Split('|');
        Assert.Equal(["ulm/1", "Grüße", "1", "1", "text/plain", "answer", "17", "ort:Südstadt", "1"], fields[..9]);
        Assert.InRange(int.Parse(fields[9], System.Globalization.CultureInfo.InvariantCulture), 3_000, 3_600);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task A_thousand_lines_of_mosquitto_pub_all_arrive_once_in_order(string qos)
    {
        var taken = new List<string>();
        var intake = new ImmediateIntake(publishes => taken.AddRange(publishes.Select(publish => Encoding.UTF8.GetString(publish.Payload))));
        await using var host = await BrokerUnderTest.StartAsync(intake: intake);
        var lines = Enumerable.Range(0, 1000).Select(n => $"{n}").ToArray();
        await ForeignTool.RunAsync("mosquitto_pub", To(host, "-t", "n", "-l", "-q", qos), string.Join('\n', lines) + "\n");
        Assert.Equal(lines, taken);
    }

    [Fact]
    public async Task Mosquitto_sub_resumes_the_session_that_it_asked_to_keep()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        string[] keeper = ["-t", "a", "-q", "1", "-i", "keeper", "-c", "-x", "3600"];
        await ForeignTool.RunAsync("mosquitto_sub", To(host, [.. keeper, "-E"]));
        host.Broker.Publish("a", "missed"u8.ToArray());
        Assert.Equal("missed\n", await ForeignTool.RunAsync("mosquitto_sub", To(host, [.. keeper, "-C", "1"])));
    }

    [Fact]
    public async Task Mosquittos_clients_are_told_why_they_may_not()
    {
        await using var host = await BrokerUnderTest.StartAsync(authenticator: new Doorman());
        string[] screen = ["-u", "s-1", "-P", "geheim"];
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ForeignTool.RunAsync("mosquitto_pub", To(host, "-t", "a", "-m", "x", "-u", "s-1", "-P", "falsch")));
        Assert.Contains("ended with 134", refused.Message, StringComparison.Ordinal);
        foreach (var (filter, code) in new[] { ("quartier/v1/s-2/#", 0x87), ("$share/group/a", 0x9E) })
        {
            var said = await ForeignTool.RunAsync("mosquitto_sub", To(host, [.. screen, "-d", "-t", filter, "-C", "1", "-W", "20"]));
            Assert.Contains($"Subscribed (mid: 1): {code}", said, StringComparison.Ordinal);
        }
    }

    /// <summary>Goal: uplinks and commands of a current ChirpStack, which subscribes as a group where it may, beside screens of today.
    /// Method: the script decides by CONNACK as ChirpStack does; the broker must say that groups are not offered.</summary>
    [Fact]
    public async Task A_client_like_ChirpStack_4_7_exchanges_uplink_and_downlink_beside_two_screens()
    {
        var taken = new ConcurrentQueue<string>();
        var intake = new ImmediateIntake(publishes => publishes.ToList().ForEach(publish => taken.Enqueue($"{publish.ClientId} {publish.Topic}")));
        await using var host = await BrokerUnderTest.StartAsync(intake: intake);
        var script = Checkout.PathTo("tests", "mqtt", "peers", "chirpstack.js");
        using var node = ForeignTool.Start("node", [script, Path.Combine(NodePeers.Folder, "node_modules", "mqtt"), $"{host.Port}"]);
        using var limit = new CancellationTokenSource(RawClient.Patience);
        Assert.Equal("shared false, granted application/+/device/+/command/+ 0", await node.StandardOutput.ReadLineAsync(limit.Token));
        Assert.Equal("ready", await node.StandardOutput.ReadLineAsync(limit.Token));
        host.Broker.Publish("application/a/device/70b3d57ed0000001/command/down", "{\"fPort\":11}"u8.ToArray());
        host.Broker.Publish("quartier/v1/screen-1/notice", "1"u8.ToArray());
        host.Broker.Publish("quartier/v1/screen-2/notice", "2"u8.ToArray());
        var heard = await node.StandardOutput.ReadToEndAsync(limit.Token);
        Assert.Equal(
            "application/a/device/70b3d57ed0000001/command/down {\"fPort\":11} -\nquartier/v1/screen-1/notice 1 -\nquartier/v1/screen-2/notice 2 -\n", heard);
        Assert.Contains("chirpstack application/a/device/70b3d57ed0000001/event/up", taken);
    }
}
