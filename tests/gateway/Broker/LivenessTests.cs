using System.Net;
using System.Net.Sockets;
using System.Text;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Mqtt;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Broker;

/// <summary>A screen asks whether its gateway is there, by one datagram, before it begins a handshake that nothing can stop.</summary>
public sealed class LivenessTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();
    private readonly HmacSha256 hmac = new();
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public Task InitializeAsync() => gateway.InitializeAsync();

    public async Task DisposeAsync()
    {
        socket.Dispose();
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task The_right_gateway_answers_where_it_tells_the_time_and_only_it_can()
    {
        var (question, length) = Question(DemoQuarter.Screen, 7);
        var answer = await AskAsync(question, length);
        Assert.True(Liveness.IsAnswer(hmac, KeyOf(DemoQuarter.ScreenSecret), question, length, answer, answer.Length));
        Assert.False(Liveness.IsAnswer(hmac, KeyOf("another secret"), question, length, answer, answer.Length));
    }

    /// <summary>Strangers are asked first; that the right one is answered afterwards shows that they got nothing.</summary>
    [Fact]
    public async Task Strangers_revoked_screens_network_servers_and_odd_bytes_get_no_answer_and_stop_nobody()
    {
        gateway.Database.Write(db =>
        {
            Credentials.Put(db, "revoked-1", MqttRights.Screen, "secret");
            RegistryTable.Revoke(db, "revoked-1");
        });
        foreach (var name in new[] { "nobody", "revoked-1", DemoQuarter.NetworkServer })
        {
            var (asked, bytes) = Question(name, 1);
            await SendAsync(asked.AsMemory(0, bytes));
        }

        await SendAsync(new byte[] { 1 });
        await SendAsync(new byte[1_400]);
        await SendAsync(Array.Empty<byte>());
        var (question, length) = Question(DemoQuarter.Screen, 2);
        var answer = await AskAsync(question, length);
        Assert.True(Liveness.IsAnswer(hmac, KeyOf(DemoQuarter.ScreenSecret), question, length, answer, answer.Length));
    }

    [Fact]
    public async Task A_screen_of_an_older_data_folder_is_answered_after_its_next_log_in()
    {
        gateway.Database.Write(db => db.Execute("UPDATE mqtt_credentials SET liveness = @none", new { none = Array.Empty<byte>() }));
        Assert.Null(gateway.Database.Read(db => Credentials.LivenessKey(db, DemoQuarter.Screen)));
        var authenticator = new DeviceAuthenticator(gateway.Database, gateway.Options.Pipeline, TimeProvider.System);
        var admission = await authenticator.AdmitAsync(new ConnectRequest(DemoQuarter.Screen, DemoQuarter.Screen, Encoding.UTF8.GetBytes(DemoQuarter.ScreenSecret), true, 60, null));
        Assert.Equal(ConnectCode.Accepted, admission.Code);
        Assert.Equal(KeyOf(DemoQuarter.ScreenSecret), gateway.Database.Read(db => Credentials.LivenessKey(db, DemoQuarter.Screen)));
    }

    private static (byte[] Question, int Length) Question(string name, byte nonce)
    {
        var question = new byte[Liveness.QuestionBytesMax];
        return (question, Liveness.WriteQuestion([.. Enumerable.Repeat(nonce, Liveness.NonceBytes)], Encoding.UTF8.GetBytes(name), question));
    }

    private byte[] KeyOf(string secret)
    {
        var (bytes, key) = (Encoding.UTF8.GetBytes(secret), new byte[Liveness.KeyBytes]);
        Liveness.DeriveKey(hmac, bytes, bytes.Length, key);
        return key;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> datagram) => await socket.SendToAsync(datagram, new IPEndPoint(IPAddress.Loopback, gateway.Services.GetRequiredService<DatagramResponder>().Port));

    /// <summary>Asks again as a device does: what comes before the port is open is lost.</summary>
    private async Task<byte[]> AskAsync(byte[] question, int length)
    {
        var answer = new byte[100];
        var received = socket.ReceiveAsync(answer);
        for (var attempt = 0; attempt < 30; attempt++)
        {
            await SendAsync(question.AsMemory(0, length));
            try
            {
                return answer[..await received.WaitAsync(TimeSpan.FromSeconds(1))];
            }
            catch (TimeoutException)
            {
                // Again.
                continue;
            }
        }

        throw new TimeoutException("no answer");
    }
}
