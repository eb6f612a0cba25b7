using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Mqtt;

namespace Quartier.Tests.Bench;

/// <summary>What the benchmark starts as a process of its own: the embedded broker without an intake, or the gateway as it is
/// installed, broker only or with its console and its people. Prints the broker's port and the first port, then answers "commits" with the store's commits until standard input ends.</summary>
internal static class ChildBroker
{
    public const string Verb = "child";
    public const int InFlightMax = 256;
    public const int QueueMessagesMax = 100_000;

    public static async Task<int> RunAsync(string role, string folder)
    {
        await using var app = role switch { "gateway" => Gateway(folder, -1), "house" => House(folder), _ => Broker() };
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Console.WriteLine(new Uri(addresses.Last()).Port);
        Console.WriteLine(new Uri(addresses.First()).Port);
        while (Console.ReadLine() is { } line)
        {
            if (line == "commits")
            {
                Console.WriteLine(app.Services.GetRequiredService<Database>().CommitCount.ToString(CultureInfo.InvariantCulture));
            }
        }

        return 0;
    }

    private static WebApplication Gateway(string folder, int httpPort) => GatewayHost.Build(
        new GatewayOptions { DataDirectory = Path.Combine(folder, "data"), HttpPort = httpPort, MqttPort = 0, AdmitUnknown = true, AnonymousMqtt = true },
        TimeProvider.System);

    private static WebApplication House(string folder)
    {
        var app = Gateway(folder, 0);
        app.Services.GetRequiredService<Database>().Write(db => Bench.House.Seed(db, SystemClock.Instance.GetCurrentInstant()));
        return app;
    }

    private static WebApplication Broker()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(MqttTransport.Tune);
        builder.Services.AddRoutingCore();
        var options = new BrokerOptions { InFlightMax = InFlightMax, QueueMessagesMax = QueueMessagesMax, QueueBytesMax = 64 * 1024 * 1024 };
        builder.Services.AddSingleton(new MqttBroker(options, new AdmitEveryone(), null, TimeProvider.System, NullLogger<MqttBroker>.Instance));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseConnectionHandler<MqttConnectionHandler>()));
        return builder.Build();
    }
}
