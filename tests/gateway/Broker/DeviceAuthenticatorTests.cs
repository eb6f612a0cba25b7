using System.Net;
using System.Text;
using Dapper;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Mqtt;
using Xunit;

namespace Quartier.Tests.Gateway.Broker;

/// <summary>What a name and a secret open at the broker, topic by topic.</summary>
public sealed class DeviceAuthenticatorTests : IDisposable
{
    private const string Screen = "zentrale-1";
    private const string Neighbour = "zentrale-11";
    private readonly TestStore store = new();

    public DeviceAuthenticatorTests() => store.Database.Write(db =>
    {
        Credentials.Put(db, Screen, MqttRights.Screen, "secret");
        Credentials.Put(db, Neighbour, MqttRights.Screen, "another");
        Credentials.Put(db, "chirpstack", MqttRights.NetworkServer, "third");
    });

    public void Dispose() => store.Dispose();

    [Theory]
    [InlineData("quartier/v1/zentrale-1/catalogue", true)]
    [InlineData("quartier/v1/zentrale-1/#", true)]
    [InlineData("quartier/v1/zentrale-11/catalogue", false)]
    [InlineData("quartier/v1/zentrale-11/#", false)]
    [InlineData("quartier/v1/+/catalogue", false)]
    [InlineData("quartier/v1/+/#", false)]
    [InlineData("quartier/v1/#", false)]
    [InlineData("quartier/#", false)]
    [InlineData("#", false)]
    [InlineData("+/+/+/+", false)]
    [InlineData("application/#", false)]
    public async Task A_screen_hears_its_own_topics_and_nobody_elses(string filter, bool granted) =>
        Assert.Equal(granted, (await Rights(Screen, "secret"))!.MaySubscribe(TopicFilter.Parse(filter)));

    [Theory]
    [InlineData("quartier/v1/zentrale-1/presence", true)]
    [InlineData("quartier/v1/zentrale-1/catalogue", false)]
    [InlineData("quartier/v1/zentrale-11/presence", false)]
    [InlineData("application/1/device/70b3d57ed0000001/event/up", false)]
    public async Task A_screen_speaks_for_itself_alone(string topic, bool granted) =>
        Assert.Equal(granted, (await Rights(Screen, "secret"))!.MayPublish(topic));

    [Theory]
    [InlineData("application/1/device/70b3d57ed0000001/event/up", true, true)]
    [InlineData("application/1/device/70b3d57ed0000001/command/down", false, true)]
    [InlineData("quartier/v1/zentrale-1/presence", false, false)]
    public async Task A_network_server_tells_events_and_hears_commands(string topic, bool mayPublish, bool maySubscribe)
    {
        var rights = (await Rights("chirpstack", "third"))!;
        Assert.Equal((mayPublish, maySubscribe), (rights.MayPublish(topic), rights.MaySubscribe(TopicFilter.Parse(topic))));
    }

    [Theory]
    [InlineData(Screen, "another")]
    [InlineData(Neighbour, "secret")]
    [InlineData("nobody", "secret")]
    [InlineData(Screen, "")]
    [InlineData(Screen, null)]
    [InlineData(null, null)]
    public async Task Nobody_comes_in_without_the_secret_of_that_name(string? name, string? secret) => Assert.Null(await Rights(name, secret));

    /// <summary>Goal: guessing at the broker is slowed down, and a right secret from the same address still passes at once.</summary>
    [Fact]
    public async Task Wrong_secrets_are_answered_later_and_a_right_one_from_the_same_address_at_once()
    {
        var time = new HeldTime();
        var authenticator = new DeviceAuthenticator(store.Database, PipelineOptions.Default, time);
        for (var guess = 0; guess < AttemptRules.FreeOfMany; guess++)
        {
            var refused = authenticator.AdmitAsync(Knock(Screen, "guess")).AsTask();
            Assert.True(refused.IsCompleted);
            Assert.Equal(ConnectCode.BadUserNameOrPassword, (await refused).Code);
        }

        var held = authenticator.AdmitAsync(Knock("nobody", "guess")).AsTask();
        await time.Asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(held.IsCompleted);
        Assert.Equal(ConnectCode.Accepted, (await authenticator.AdmitAsync(Knock(Screen, "secret"))).Code);
        Assert.Equal(("broker.log-in-refused", "nobody", "198.51.100.9"), store.Database.Read(db => AuditTable.Latest(db, 1)).Select(row => (row.Action, row.Subject, row.Detail)).Single());
        time.Release();
        Assert.Equal(ConnectCode.BadUserNameOrPassword, (await held).Code);
    }

    [Trait("Store", "own")]
    [Fact]
    public async Task A_store_that_takes_nothing_keeps_no_screen_out()
    {
        store.Database.Write(db => db.Execute("CREATE TRIGGER full BEFORE INSERT ON screen_transports BEGIN SELECT RAISE(FAIL, 'full'); END"));
        Assert.NotNull(await Rights(Screen, "secret"));
        store.Database.Write(db => db.Execute("DROP TRIGGER full"));
        Assert.NotNull(await Rights(Screen, "secret"));
        Assert.False(store.Database.Read(db => ScreenTransports.Find(db, Screen))!.IsEncrypted);
    }

    private static ConnectRequest Knock(string? name, string? secret) =>
        new(name ?? "client", name, secret is null ? null : Encoding.UTF8.GetBytes(secret), true, 60, new IPEndPoint(IPAddress.Parse("198.51.100.9"), 4711));

    private async Task<ClientRights?> Rights(string? name, string? secret)
    {
        var authenticator = new DeviceAuthenticator(store.Database, PipelineOptions.Default, TimeProvider.System);
        var admission = await authenticator.AdmitAsync(Knock(name, secret));
        return admission.Code == ConnectCode.Accepted ? admission.Rights : null;
    }

    /// <summary>Time in which timers ring when the test says so.</summary>
    private sealed class HeldTime : TimeProvider
    {
        private Action ring = () => { };

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override DateTimeOffset GetUtcNow() => TestStore.Evening.ToDateTimeOffset();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ring = () => callback(state);
            Asked.TrySetResult();
            return new Silent();
        }

        public void Release() => ring();

        private sealed class Silent : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
