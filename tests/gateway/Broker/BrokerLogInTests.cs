using System.Net;
using System.Text;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Mqtt;
using Quartier.Simulator.Demo;
using Xunit;

namespace Quartier.Tests.Gateway.Broker;

/// <summary>A log-in at the broker, over real sockets: which client ids it may use, and that it ends with its secret.</summary>
public sealed class BrokerLogInTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GatewayUnderTest gateway = new();

    public Task InitializeAsync() => gateway.InitializeAsync();

    public Task DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData(DemoQuarter.Screen, DemoQuarter.ScreenSecret, DemoQuarter.Screen, true)]
    [InlineData(DemoQuarter.Screen, DemoQuarter.ScreenSecret, DemoQuarter.NetworkServer, false)]
    [InlineData(DemoQuarter.Screen, DemoQuarter.ScreenSecret, "another", false)]
    [InlineData(DemoQuarter.Screen, DemoQuarter.ScreenSecret, "", false)]
    [InlineData(DemoQuarter.NetworkServer, DemoQuarter.NetworkServerSecret, DemoQuarter.NetworkServer, true)]
    [InlineData(DemoQuarter.NetworkServer, DemoQuarter.NetworkServerSecret, "chirpstack-integration-1", true)]
    [InlineData(DemoQuarter.NetworkServer, DemoQuarter.NetworkServerSecret, "", true)]
    [InlineData(DemoQuarter.NetworkServer, DemoQuarter.NetworkServerSecret, DemoQuarter.Screen, false)]
    [InlineData(DemoQuarter.NetworkServer, DemoQuarter.NetworkServerSecret, "ttn", false)]
    [InlineData(DemoQuarter.NetworkServer, DemoQuarter.NetworkServerSecret, "revoked-1", false)]
    public async Task A_client_id_is_its_users_own_or_nobodys(string user, string secret, string clientId, bool admitted)
    {
        gateway.Database.Write(db =>
        {
            Credentials.Put(db, "ttn", MqttRights.NetworkServer, "secret");
            RegistryTable.Add(db, Device.New("revoked-1", DeviceKind.Screen, "x", "", "", TestStore.Evening));
            RegistryTable.Revoke(db, "revoked-1");
        });
        await using var client = Client(user, secret, clientId);
        if (admitted)
        {
            await client.ConnectAsync();
        }
        else
        {
            Assert.Equal(ConnectCode.IdentifierRejected, (await Assert.ThrowsAsync<MqttRefusedException>(() => client.ConnectAsync())).Code);
        }
    }

    [Fact]
    public async Task Revoking_on_the_page_ends_the_screens_connection_and_no_other()
    {
        await using var screen = Client(DemoQuarter.Screen, DemoQuarter.ScreenSecret, DemoQuarter.Screen);
        await screen.ConnectAsync();
        await using var server = Client(DemoQuarter.NetworkServer, DemoQuarter.NetworkServerSecret, "any");
        await server.ConnectAsync();
        using var browser = await gateway.LogIn("facility");
        Assert.Equal(HttpStatusCode.Redirect, (await GatewayUnderTest.Post(browser, "/fleet", "/fleet/revoke", ("id", DemoQuarter.Screen))).StatusCode);
        await screen.Ended.WaitAsync(Patience);
        Assert.Equal(ConnectCode.BadUserNameOrPassword, (await Assert.ThrowsAsync<MqttRefusedException>(() => screen.ConnectAsync())).Code);
        Assert.True(server.IsConnected);
    }

    [Fact]
    public async Task Revoking_a_device_that_is_named_like_the_network_server_leaves_the_network_server_connected()
    {
        gateway.Database.Write(db => RegistryTable.Add(db, Device.New(DemoQuarter.NetworkServer, DeviceKind.Shelter, "x", "", "", TestStore.Evening)));
        await using var server = Client(DemoQuarter.NetworkServer, DemoQuarter.NetworkServerSecret, "any");
        await server.ConnectAsync();
        using var browser = await gateway.LogIn("facility");
        Assert.Equal(HttpStatusCode.Redirect, (await GatewayUnderTest.Post(browser, "/fleet", "/fleet/revoke", ("id", DemoQuarter.NetworkServer))).StatusCode);
        await server.PublishAsync("application/a/device/70b3d57ed0000009/event/up", "{}"u8.ToArray());
        Assert.True(server.IsConnected);
    }

    /// <summary>The way of the command line, which is a process of its own beside the running gateway.</summary>
    [Fact]
    public async Task A_new_secret_made_beside_the_running_gateway_ends_the_connections_of_the_old_one_only()
    {
        await using var old = Client(DemoQuarter.NetworkServer, DemoQuarter.NetworkServerSecret, "old");
        await old.ConnectAsync();
        await using var screen = Client(DemoQuarter.Screen, DemoQuarter.ScreenSecret, DemoQuarter.Screen);
        await screen.ConnectAsync();
        using (var beside = Database.Open(gateway.Folder, Tables.All))
        {
            beside.Write(db => Credentials.Put(db, DemoQuarter.NetworkServer, MqttRights.NetworkServer, "renewed"));
        }

        await using var renewed = Client(DemoQuarter.NetworkServer, "renewed", "new");
        await renewed.ConnectAsync();
        await old.Ended.WaitAsync(Patience);
        await renewed.PublishAsync("application/a/device/70b3d57ed0000009/event/up", "{}"u8.ToArray());
        Assert.True(renewed.IsConnected && screen.IsConnected);
    }

    /// <summary>A duty that throws takes neither the gateway with it nor forgets whom it had to cut off.</summary>
    [Fact]
    public async Task Secrets_that_cannot_be_read_are_red_and_a_change_meanwhile_counts_after_the_repair()
    {
        await using var screen = Client(DemoQuarter.Screen, DemoQuarter.ScreenSecret, DemoQuarter.Screen);
        await screen.ConnectAsync();
        var health = gateway.Services.GetRequiredService<GatewayHealth>();
        gateway.Database.Write(db => db.Execute("ALTER TABLE mqtt_credentials RENAME COLUMN hash TO away"));
        await gateway.Until(() => health.Find("broker secrets") is not null);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Browser().GetAsync("/log-in")).StatusCode);
        gateway.Database.Write(db =>
        {
            db.Execute("ALTER TABLE mqtt_credentials RENAME COLUMN away TO hash");
            Credentials.Put(db, DemoQuarter.Screen, MqttRights.Screen, "renewed");
        });
        await screen.Ended.WaitAsync(Patience);
        await gateway.Until(() => health.Find("broker secrets") is null);
    }

    private MqttClient Client(string user, string secret, string clientId) => new(
        new MqttClientOptions { Host = "127.0.0.1", Port = gateway.MqttPort, ClientId = clientId, User = user, Password = Encoding.UTF8.GetBytes(secret) }, TimeProvider.System);
}
