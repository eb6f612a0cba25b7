using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Quartier.Gateway.Host;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway;

public sealed class DatagramResponderTests : IAsyncLifetime
{
    private readonly string folder = StoreFolder.Create("time").FullName;
    private readonly ManualTime time = new(Instant.FromUtc(2030, 6, 1, 12, 0));
    private WebApplication gateway = null!;

    public Task InitializeAsync() => Start(0);

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_screen_is_told_the_gateways_time()
    {
        using var screen = Client();
        var packet = new byte[48];
        TimePacket.WriteRequest(packet, 42);
        // Neither a stray datagram nor one that is too long ends the service.
        await screen.SendAsync(new byte[] { 1, 2, 3 });
        await screen.SendAsync(new byte[2_000]);
        await screen.SendAsync(packet);
        var answer = await screen.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(48, answer.Buffer.Length);
        Assert.True(TimePacket.TryReadAnswer(answer.Buffer, 48, 42, out var unixMs));
        Assert.Equal(time.GetUtcNow().ToUnixTimeMilliseconds(), unixMs);
    }

    [Fact]
    public async Task A_foreign_client_takes_the_time_from_it()
    {
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            """
            import socket, struct, sys
            line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            line.settimeout(30)
            line.sendto(b'\x23' + bytes(39) + struct.pack('!II', 0xE0000000, 0x12345678), ('127.0.0.1', int(sys.argv[1])))
            answer = line.recv(512)
            head, stratum, poll, precision, delay, dispersion, name = struct.unpack('!BBbbII4s', answer[:16])
            reference, origin, receive, transmit = struct.unpack('!QQQQ', answer[16:48])
            assert len(answer) == 48 and head == 0x24 and 1 <= stratum <= 15, (len(answer), head, stratum)
            assert origin == 0xE000000012345678 and reference <= transmit and receive <= transmit
            print((transmit >> 32) - 2208988800)
            """);
        start.ArgumentList.Add($"{gateway.Services.GetRequiredService<DatagramResponder>().Port}");
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await process.StandardError.ReadToEndAsync());
        Assert.Equal(time.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), said.Trim());
    }

    [Fact]
    public async Task A_port_that_is_taken_costs_the_time_and_nothing_else()
    {
        using var taken = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await gateway.DisposeAsync();
        await Start(((IPEndPoint)taken.Client.LocalEndPoint!).Port);
        Assert.Equal(0, gateway.Services.GetRequiredService<DatagramResponder>().Port);
        Assert.NotNull(Endpoints.Console(gateway));
    }

    [Fact]
    public async Task Switched_off_it_is_off()
    {
        await gateway.DisposeAsync();
        await Start(-1);
        Assert.Equal(0, gateway.Services.GetRequiredService<DatagramResponder>().Port);
    }

    private async Task Start(int port)
    {
        gateway = GatewayHost.Build(DemoQuarter.In(new GatewayOptions { DataDirectory = folder, HttpPort = 0, MqttPort = 0, TimePort = port }), time);
        await gateway.StartAsync();
    }

    private UdpClient Client()
    {
        var client = new UdpClient();
        client.Connect(IPAddress.Loopback, gateway.Services.GetRequiredService<DatagramResponder>().Port);
        return client;
    }
}
