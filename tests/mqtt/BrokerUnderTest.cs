using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartier.Mqtt;

namespace Quartier.Tests.Mqtt;

/// <summary>The broker behind a real Kestrel on a free port of the loopback.</summary>
public sealed class BrokerUnderTest : IAsyncDisposable
{
    private readonly WebApplication app;

    private BrokerUnderTest(WebApplication app, int port)
    {
        this.app = app;
        Port = port;
        Broker = app.Services.GetRequiredService<MqttBroker>();
    }

    public MqttBroker Broker { get; }

    public int Port { get; }

    public static async Task<BrokerUnderTest> StartAsync(
        BrokerOptions? options = null, IPublishIntake? intake = null, IMqttAuthenticator? authenticator = null, TimeProvider? time = null, ILoggerProvider? log = null,
        IRetainedStore? retained = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets();
        builder.Services.AddRoutingCore();
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        builder.Services.AddSingleton(services => new MqttBroker(
            options ?? new BrokerOptions(), authenticator ?? new AdmitEveryone(), intake, time ?? TimeProvider.System,
            services.GetRequiredService<ILogger<MqttBroker>>(), retained));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseConnectionHandler<MqttConnectionHandler>()));
        var app = builder.Build();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new BrokerUnderTest(app, new Uri(address).Port);
    }

    /// <summary>A socket that has sent nothing yet.</summary>
    public async Task<RawClient> OpenAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return new RawClient(socket);
    }

    /// <summary>A socket whose CONNECT was accepted.</summary>
    public async Task<RawClient> ConnectAsync(
        string clientId, bool clean = true, ushort keepAlive = 0, MqttWill? will = null, string? user = null, string? password = null, bool sessionPresent = false)
    {
        var client = await OpenAsync();
        var secret = password is null ? null : System.Text.Encoding.UTF8.GetBytes(password);
        await client.SendAsync(new ConnectPacket(clientId, clean, keepAlive, will, user, secret).ToBytes());
        await client.ExpectAsync(sessionPresent ? "20020100" : "20020000");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Broker.Stop();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
