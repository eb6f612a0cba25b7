using System.Security.Authentication;
using System.Text;
using Quartier.Mqtt;
using Quartier.Provisioning;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Window;
using Quartier.Wire;

namespace Quartier.Tests.Provisioning;

/// <summary>The firmware's service port behind a pseudo-terminal, stepped as a board does; once it has an identity and Wi-Fi it
/// calls its gateway with it and says hello.</summary>
public sealed class CableDevice : IAsyncDisposable
{
    private const int StepMs = 2;

    private readonly PtyLine line = new();
    private readonly DeskWifi wifi = new();
    private readonly SimulatedFlash flash = new();
    private readonly ServicePort port;
    private readonly ManualResetEventSlim stop = new();
    private readonly Thread board;
    private Task calling = Task.CompletedTask;

    /// <param name="old">Firmware that knows version 1 of the frames only.</param>
    public CableDevice(IdentityKind kind, bool old = false)
    {
        port = new ServicePort(old ? new OldFirmware(line) : line, kind == IdentityKind.Screen ? wifi : null, flash, kind, "9.9.9");
        board = new Thread(Run) { IsBackground = true };
        board.Start();
    }

    public string Path => line.Path;

    /// <summary>What is on flash, as after a restart.</summary>
    public DeviceIdentity? Identity => new IdentityFile(flash).TryLoad(out var identity) ? identity : null;

    /// <summary>Text that the line carries between the frames, again and again.</summary>
    public byte[] Chatter { get; init; } = [];

    public bool Calls { get; init; } = true;

    /// <summary>A network so far away that it lets nobody in.</summary>
    public string WeakNetwork
    {
        init => wifi.Air.Add((value, -88, true));
    }

    /// <summary>A screen that has just started and is not back on its network yet.</summary>
    public bool HasJustStarted
    {
        init => (wifi.HasAnother, wifi.LooksToRejoin) = (value, 2);
    }

    /// <summary>The cable is out as soon as the device was told its Wi-Fi.</summary>
    public bool PullsTheCable { get; init; }

    public async ValueTask DisposeAsync()
    {
        stop.Set();
        board.Join();
        await calling;
        line.Dispose();
    }

    private void Run()
    {
        for (var uptimeMs = 0L; !stop.Wait(StepMs); uptimeMs += StepMs)
        {
            port.Step(uptimeMs);
            if (PullsTheCable && wifi.Asked is not null)
            {
                line.Dispose();
                return;
            }

            if (Chatter.Length > 0 && uptimeMs % 50 == 0)
            {
                line.Write(Chatter, 0, Chatter.Length);
            }

            if (port.TakeIdentityChanged() && Calls && port.Identity is { Kind: IdentityKind.Screen } identity)
            {
                calling = Call(identity);
            }
        }
    }

    /// <summary>As a board does: with TLS it trusts the root that the cable gave it, and nothing else.</summary>
    private async Task Call(DeviceIdentity identity)
    {
        var client = new MqttClient(
            new MqttClientOptions
            {
                Host = identity.MqttHost, Port = identity.MqttPort, ClientId = identity.DeviceId, User = identity.MqttUser, Password = Encoding.UTF8.GetBytes(identity.MqttPassword),
                Tls = RootTrust.Of(identity, flash),
            },
            TimeProvider.System);
        await using (client)
        {
            try
            {
                await client.ConnectAsync();
            }
            catch (AuthenticationException)
            {
                // The certificate does not hang on its root: a board tries again and is never heard.
                return;
            }

            var payload = new byte[ScreenFormat.PayloadBytesMax];
            var length = new ScreenHello { Sequence = 1, Firmware = "9.9.9", WidthPixels = 320, HeightPixels = 240, PitchMicrometres = 153 }.Encode(payload);
            await client.PublishAsync(ScreenTopics.Build(identity.DeviceId, ScreenTopics.Hello), payload[..length]);
            await client.DisconnectAsync();
        }
    }
}
