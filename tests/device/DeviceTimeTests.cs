using System.Net;
using System.Net.Sockets;
using nanoFramework.Networking;
using nanoFramework.Runtime.Native;
using Quartier.Kiosk.Esp32;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Device;

/// <summary>The screen's own way to its gateway's time, over the desktop's sockets.</summary>
[Collection("network")]
public sealed class DeviceTimeTests
{
    private const long Now = 1_796_000_000_123;
    private readonly byte[] packet = new byte[TimePacket.Bytes];

    [Fact]
    public void A_request_goes_to_the_port_that_the_identity_names_and_the_answer_comes_back()
    {
        using var gateway = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var line = new UdpTimeLine(new GatewayAddress("127.0.0.1"), ((IPEndPoint)gateway.Client.LocalEndPoint!).Port);
        Assert.Equal(0, line.Receive(packet));
        for (var nonce = 1L; nonce < 4; nonce++)
        {
            TimePacket.WriteRequest(packet, nonce);
            Assert.True(line.Send(packet, TimePacket.Bytes));
            Assert.Equal(0, line.Receive(new byte[TimePacket.Bytes]));
            IPEndPoint screen = null;
            var request = gateway.Receive(ref screen);
            Assert.True(TimePacket.TryAnswer(request, request.Length, Now, Now));
            gateway.Send(request, screen);
            var length = 0;
            Assert.True(SpinWait.SpinUntil(() => (length = line.Receive(packet)) > 0, TimeSpan.FromSeconds(30)));
            Assert.True(TimePacket.TryReadAnswer(packet, length, nonce, out var unixMs));
            Assert.Equal(Now, unixMs);
        }
    }

    [Fact]
    public void A_name_whose_first_place_in_the_list_is_empty_is_found_all_the_same()
    {
        using var gateway = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        new MqttPlatform().Names["time.example"] = "127.0.0.1";
        var line = new UdpTimeLine(new GatewayAddress("time.example"), ((IPEndPoint)gateway.Client.LocalEndPoint!).Port);
        TimePacket.WriteRequest(packet, 1);
        Assert.True(line.Send(packet, TimePacket.Bytes));
    }

    /// <summary>Each look-up stops keys and picture for seconds.</summary>
    [Fact]
    public void All_who_call_the_gateway_look_its_name_up_once_until_connecting_fails()
    {
        var platform = new MqttPlatform();
        platform.Names["gateway.example"] = "127.0.0.1";
        var address = new GatewayAddress("gateway.example");
        Assert.True(new UdpTimeLine(address, 9).Send(packet, TimePacket.Bytes));
        Assert.True(new UdpTimeLine(address, 10).Send(packet, TimePacket.Bytes));
        Assert.Equal("127.0.0.1", address.Find());
        Assert.Single(platform.LookUps);
        address.Forget();
        Assert.Equal("127.0.0.1", address.Find());
        Assert.Equal(2, platform.LookUps.Count);
    }

    [Fact]
    public void Without_a_way_nothing_is_sent_and_nothing_breaks()
    {
        var line = new UdpTimeLine(new GatewayAddress("no.such.host.invalid"), 1883);
        Assert.False(line.Send(packet, TimePacket.Bytes));
        Assert.Equal(0, line.Receive(packet));
    }

    [Fact]
    public void The_chip_is_set_in_milliseconds_since_1970_and_the_platforms_client_is_switched()
    {
        new ChipTime().Set(Now);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(Now).UtcDateTime, Rtc.SetTo);
        Assert.InRange(new ChipTime().UnixMs, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 60_000, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        new PublicTime().Switch(true);
        Assert.True(new PublicTime().IsOn && Sntp.IsStarted);
        new PublicTime().Switch(false);
        Assert.False(new PublicTime().IsOn || Sntp.IsStarted);
    }
}
