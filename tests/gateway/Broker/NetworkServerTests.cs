using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;
using Quartier.Tests.Gateway.Tls;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Broker;

/// <summary>A network server of today and screens of before, each with its own log-in, over TLS.</summary>
public sealed class NetworkServerTests : IDisposable
{
    private const string SecondScreen = "eselsberg-2";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-network-server-");

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>Method: mqtt.js decides by CONNACK as ChirpStack 4.7 does how it subscribes; a smoke alarm goes up, its confirmation has to come
    /// down, and both screens get the catalogue's manifest.</summary>
    [Fact]
    public async Task An_alarm_of_a_current_ChirpStack_is_confirmed_over_TLS_beside_two_screens_on_3_1_1()
    {
        await using var gateway = await OpenGateway.Start(Path.Combine(folder.FullName, "data"), "127.0.0.1", options => options with
        {
            Seed = (db, now) =>
            {
                DemoQuarter.Seed(db, now);
                RegistryTable.Add(db, Device.New(SecondScreen, DeviceKind.Screen, "Bürgerhaus", "Mähringer Weg", "Eselsberg", now));
                Credentials.Put(db, SecondScreen, MqttRights.Screen, "second-screen-secret");
            },
        });
        var alarm = new byte[ShelterAlarmV1.Bytes];
        new ShelterAlarmV1 { Kind = AlarmKind.Smoke, Active = true, Sequence = 7 }.Encode(alarm);
        var given = JsonSerializer.Serialize(new
        {
            url = $"mqtts://localhost:{gateway.MqttTlsPort}",
            ca = gateway.Authorities(folder.FullName).Devices,
            server = new[] { DemoQuarter.NetworkServer, DemoQuarter.NetworkServerSecret },
            screens = new[] { new[] { DemoQuarter.Screen, DemoQuarter.ScreenSecret }, [SecondScreen, "second-screen-secret"] },
            hello = new[] { Hello(), Hello() },
            uplink = new[] { Uplink.Topic(Uplink.Pod), Uplink.Event(Uplink.Pod, Ports.ShelterAlarm, alarm, 1).ToJsonString() },
        });
        var script = Checkout.PathTo("tests", "gateway", "peers", "network-server.js");
        var (code, said) = await OpenSsl.Program("node", "", [script, Path.Combine(NodePeers.Folder, "node_modules", "mqtt"), given]);
        Assert.True(code == 0, said);
        var heard = said.TrimEnd().Split('\n');
        Assert.Equal([$"quartier/v1/{DemoQuarter.Screen}/manifest", $"quartier/v1/{SecondScreen}/manifest"], heard[1..]);
        var (topic, body) = (heard[0].Split(' ', 2)[0], JsonDocument.Parse(heard[0].Split(' ', 2)[1]).RootElement);
        Assert.Equal($"application/{Uplink.Application}/device/{Uplink.Pod}/command/down", topic);
        Assert.Equal(Ports.AlarmConfirmation, body.GetProperty("fPort").GetInt32());
        var frame = body.GetProperty("data").GetBytesFromBase64();
        Assert.True(AlarmConfirmationV1.TryDecode(frame, frame.Length, out var confirmed));
        Assert.Equal(7, confirmed.Sequence);
        Assert.Equal(1, gateway.Services.GetRequiredService<Database>().Read(db => Dapper.SqlMapper.ExecuteScalar<long>(db, "SELECT COUNT(*) FROM alerts WHERE pod = @Pod", new { Uplink.Pod })));
    }

    private static string Hello()
    {
        var buffer = new byte[256];
        var length = new ScreenHello
        {
            Sequence = 1, Firmware = "0.1", WidthPixels = 320, HeightPixels = 240, PitchMicrometres = 153, Catalogue = [],
        }.Encode(buffer);
        return Convert.ToHexString(buffer, 0, length);
    }
}
