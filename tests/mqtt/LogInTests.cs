using Quartier.Mqtt;
using Xunit;

namespace Quartier.Tests.Mqtt;

/// <summary>A session belongs to its log-in: who may resume one, who can end one, and what is left of it when the log-in goes.</summary>
public class LogInTests
{
    [Fact]
    public async Task The_client_id_of_another_user_opens_neither_their_session_nor_their_connection()
    {
        await using var host = await BrokerUnderTest.StartAsync(authenticator: new Doorman());
        using (var owner = await ConnectAsync(host, "s-1", "shared", clean: false))
        {
            await owner.SubscribeAsync("quartier/v1/s-1/settings");
            await owner.SendAsync("e000");
            await owner.ExpectEndAsync();
        }

        host.Broker.Publish("quartier/v1/s-1/settings", "for s-1 alone"u8.ToArray());
        using var other = await ConnectAsync(host, "s-2", "shared", clean: false);
        await other.PingAsync();
        using var again = await ConnectAsync(host, "s-1", "shared", clean: false, sessionPresent: true);
        await again.ExpectPublishAsync("quartier/v1/s-1/settings", "for s-1 alone");
        await other.PingAsync();
        await again.PingAsync();
    }

    [Fact]
    public async Task Given_client_ids_are_128_bits_of_chance()
    {
        await using var host = await BrokerUnderTest.StartAsync();
        using var one = await host.ConnectAsync("");
        using var two = await host.ConnectAsync("");
        var ids = host.Broker.Clients().Select(client => client.ClientId).ToList();
        Assert.Equal(2, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^auto-[0-9a-f]{32}$", id));
    }

    [Fact]
    public async Task Revoking_ends_every_connection_of_the_user_and_nobody_elses()
    {
        await using var host = await BrokerUnderTest.StartAsync(authenticator: new Doorman());
        using var one = await ConnectAsync(host, "s-1", "a");
        using var two = await ConnectAsync(host, "s-1", "b", clean: false);
        using var neighbour = await ConnectAsync(host, "s-2", "a");
        host.Broker.Revoke("s-1");
        await one.ExpectEndAsync();
        await two.ExpectEndAsync();
        await neighbour.PingAsync();
        using var later = await ConnectAsync(host, "s-1", "b", clean: false);
    }

    [Fact]
    public async Task Whoever_is_revoked_while_still_logging_in_does_not_stay()
    {
        var door = new SlowDoor();
        await using var host = await BrokerUnderTest.StartAsync(authenticator: door);
        using var client = await host.OpenAsync();
        await client.SendAsync(new ConnectPacket("c", true, 0, null, "s-1", "geheim"u8.ToArray()).ToBytes());
        await door.Asked.Task.WaitAsync(RawClient.Patience);
        host.Broker.Revoke("s-1");
        door.Open.SetResult();
        while (await client.ReadPacketAsync() is not null)
        {
            // A CONNACK may have been on its way; what counts is that the connection ends.
        }

        Assert.Empty(host.Broker.Clients());
    }

    /// <summary>Goal: two devices with one identity cannot keep each other, the store and the log busy for ever.
    /// Method: the eleventh takeover in a row waits, and whoever is connected meanwhile is served.</summary>
    [Fact]
    public async Task Two_clients_that_throw_each_other_out_are_slowed_down()
    {
        var time = new ManualTime();
        await using var host = await BrokerUnderTest.StartAsync(time: time);
        var older = await TakeOverTenTimesAsync(host);
        using var waiting = await host.OpenAsync();
        await waiting.SendAsync(new ConnectPacket("same", true, 0, null, null, null).ToBytes());
        for (var second = 0; second < 4; second++)
        {
            using var bystander = await host.ConnectAsync($"bystander-{second}");
            await bystander.PingAsync();
            await older.PingAsync();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        time.Advance(TimeSpan.FromSeconds(2));
        await waiting.ExpectAsync("20020000");
        await older.ExpectEndAsync();
        older.Dispose();
    }

    [Fact]
    public async Task A_newcomer_that_gives_up_while_it_waits_ends_nobody()
    {
        var time = new ManualTime();
        await using var host = await BrokerUnderTest.StartAsync(time: time);
        var older = await TakeOverTenTimesAsync(host);
        using (var impatient = await host.OpenAsync())
        {
            await impatient.SendAsync(new ConnectPacket("same", true, 0, null, null, null).ToBytes());
            using var proof = await host.ConnectAsync("proof-that-it-was-read");
            impatient.Cut();
        }

        for (var second = 0; second < 60; second++)
        {
            await older.PingAsync();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        older.Dispose();
    }

    /// <returns>The last one; the next to come has to wait.</returns>
    private static async Task<RawClient> TakeOverTenTimesAsync(BrokerUnderTest host)
    {
        var older = await host.ConnectAsync("same");
        for (var takeover = 0; takeover < 10; takeover++)
        {
            var newer = await host.ConnectAsync("same");
            await older.ExpectEndAsync();
            older.Dispose();
            older = newer;
        }

        return older;
    }

    private static Task<RawClient> ConnectAsync(BrokerUnderTest host, string user, string clientId, bool clean = true, bool sessionPresent = false) =>
        host.ConnectAsync(clientId, clean, user: user, password: "geheim", sessionPresent: sessionPresent);

    /// <summary>Admits everybody, when the test says so.</summary>
    private sealed class SlowDoor : IMqttAuthenticator
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<Admission> AdmitAsync(ConnectRequest request)
        {
            Asked.TrySetResult();
            await Open.Task;
            return Admission.Admit(ClientRights.Everything);
        }
    }
}
