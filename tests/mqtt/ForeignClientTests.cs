using Quartier.Mqtt;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Mqtt;

/// <summary>Mosquitto's clients and mqtt.js speak to the embedded broker.</summary>
public class ForeignClientTests
{
    private static string[] To(BrokerUnderTest host, params string[] more) => ["-h", "127.0.0.1", "-p", $"{host.Port}", "-V", "mqttv311", .. more];

    [Fact]
    public async Task Mosquittos_clients_publish_and_receive_at_every_QoS()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        foreach (var qos in new[] { "0", "1", "2" })
        {
            // Retained first, so that the subscriber needs no head start.
            await ForeignTool.RunAsync("mosquitto_pub", To(host, "-t", $"ulm/{qos}", "-m", "Grüße", "-q", qos, "-r", "-i", $"pub{qos}"));
        }

        var heard = await ForeignTool.RunAsync("mosquitto_sub", To(host, "-t", "ulm/+", "-q", "2", "-C", "3", "-F", "%t %p %r %q"));
        Assert.Equal(["ulm/0 Grüße 1 0", "ulm/1 Grüße 1 1", "ulm/2 Grüße 1 1"], heard.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task A_thousand_lines_of_mosquitto_pub_all_arrive_once_in_order(string qos)
    {
        var taken = new List<string>();
        var intake = new ImmediateIntake(publishes => taken.AddRange(publishes.Select(publish => System.Text.Encoding.UTF8.GetString(publish.Payload))));
        await using var host = await BrokerUnderTest.StartAsync(intake: intake);
        var lines = Enumerable.Range(0, 1000).Select(n => $"{n}").ToArray();
        await ForeignTool.RunAsync("mosquitto_pub", To(host, "-t", "n", "-l", "-q", qos), string.Join('\n', lines) + "\n");
        Assert.Equal(lines, taken);
    }

    [Fact]
    public async Task Mosquitto_sub_resumes_its_persistent_session()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        await ForeignTool.RunAsync("mosquitto_sub", To(host, "-t", "a", "-q", "1", "-i", "keeper", "-c", "-E"));
        host.Broker.Publish("a", "missed"u8.ToArray());
        Assert.Equal("missed\n", await ForeignTool.RunAsync("mosquitto_sub", To(host, "-t", "a", "-q", "1", "-i", "keeper", "-c", "-C", "1")));
    }

    [Fact]
    public async Task Mosquitto_pub_learns_that_it_is_not_wanted()
    {
        await using var host = await BrokerUnderTest.StartAsync(authenticator: new Doorman());
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ForeignTool.RunAsync("mosquitto_pub", To(host, "-t", "a", "-m", "x", "-u", "s-1", "-P", "falsch")));
        Assert.Contains("ended with 4", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4")]
    [InlineData("5")]
    public async Task Mqtt_js_publishes_receives_resumes_and_leaves_a_will(string version)
    {
        await using var host = await BrokerUnderTest.StartAsync();
        var script = Checkout.PathTo("tests", "mqtt", "peers", "conversation.js");
        var said = await ForeignTool.RunAsync("node", [script, Path.Combine(NodePeers.Folder, "node_modules", "mqtt"), $"{host.Port}", version]);
        Assert.Equal("granted 1\na/0 qos0 null\na/1 qos1 eins\na/2 qos1 zwei\nresumed true\na/1 qos1 missed\nwill gone\n", said);
    }
}
