using System.Text;
using System.Text.Json;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Ingest;

/// <summary>An alarm calls however deep something is nested beside it: nobody needs what lies there.</summary>
public sealed class DeepMessageTests : IDisposable
{
    private static readonly Instant Now = TestStore.Evening;
    private readonly TestStore store = new();

    public DeepMessageTests() =>
        store.Database.Write(db => RegistryTable.Add(db, Device.New(Uplink.Pod, DeviceKind.Shelter, "Karlsplatz", "", "Mitte", Now)));

    public void Dispose() => store.Dispose();

    [Theory]
    [InlineData("\"object\":", "{\"a\":", 31)]
    [InlineData("\"object\":", "{\"a\":", 33)]
    [InlineData("\"object\":", "{\"a\":", 10_000)]
    [InlineData("\"object\":{\"a\":", "[", 30_000)]
    [InlineData("\"rxInfo\":", "[", 30_000)]
    [InlineData("\"later\":", "[", 30_000)]
    [InlineData("\"deviceInfoOfALaterVersion\":", "{\"a\":", 200)]
    public void An_alarm_is_recorded_confirmed_and_calls(string field, string level, int levels)
    {
        var plain = Encoding.UTF8.GetString(Uplink.Alarm(AlarmKind.Smoke, true, 1, 1, Now).Payload);
        var close = string.Concat(Enumerable.Repeat(level[0] == '{' ? "}" : "]", levels)) + (field.EndsWith("{\"a\":", StringComparison.Ordinal) ? "}" : "");
        var json = $"{plain[..^1]},{field}{string.Concat(Enumerable.Repeat(level, levels))}{(level[0] == '{' ? "1" : "")}{close}}}";
        Assert.InRange(json.Length, 1, Receive.EventBytesMax);
        foreach (var topic in (string[])[Uplink.Topic(Uplink.Pod), Receive.TopicFromContent])
        {
            var effects = new List<Publication>();
            var verdict = store.Accept(new Envelope(topic, Encoding.UTF8.GetBytes(json), "test", Now), effects: effects);
            Assert.Equal(topic.Length > 0 ? Outcome.Recorded : Outcome.Duplicate, verdict.Outcome);
            if (topic.Length > 0)
            {
                Assert.Contains(effects, effect => effect.Topic.EndsWith("/command/down", StringComparison.Ordinal));
                Assert.Equal(Uplink.Pod, JsonSerializer.SerializeToNode(verdict.Fields)!["deviceInfo"]!["devEui"]!.GetValue<string>());
            }
        }

        Assert.Equal(AlertKind.Smoke, Assert.Single(store.Database.Read(AlertsTable.Open)).Kind);
    }
}
