using Quartier.Board;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Faults;
using Quartier.Simulator.World;

namespace Quartier.Simulator;

/// <summary>From the wish to connect to a connection that stands: the name's look-up, with TLS the question whether the gateway is there
/// and the handshake. Look-up and handshake stop the board; with a peer that takes the connection and says nothing, for good.</summary>
internal sealed class GatewayCall(VirtualWorld world, SimulatedChip chip, GatewayName name, LineConditions line)
{
    private const long ConnectMs = 300;
    private const long NobodyMs = 10_000;
    /// <summary>The library's patience with a peer that says nothing.</summary>
    private const long SilentMs = 30_000;
    private const long QuestionsMs = 3_000;
    /// <summary>Without CONNECT, which the link sends itself.</summary>
    private const int ConnectRoundTrips = 2;
    private const int HandshakeRoundTrips = 2;
    /// <summary>A client's session with a certificate check, by estimate; published figures for this chip lie between 1 and 7 s.</summary>
    private const long HandshakeMs = 4_000;
    /// <summary>Its buffers, 16 kB in and 16 kB out, and the certificates, by estimate.</summary>
    private const int HandshakeBytes = 45_000;

    private int taken;

    /// <summary>Why the last attempt failed.</summary>
    public LinkFault Fault { get; private set; }

    public GatewayInProcess? Gateway { get; set; }

    public bool Tls { get; set; }

    /// <summary>The gateway answers whether it is there, and is asked before each handshake.</summary>
    public bool Asks { get; set; }

    /// <param name="ended">Called once with the outcome, or never when the board is stopped for good.</param>
    public void Begin(Action<bool> ended)
    {
        var found = name.TryFind();
        world.At(Math.Max(world.NowMs, chip.Interpreter.FreeAtMs), () =>
        {
            if (!found)
            {
                End(ended, LinkFault.NoName);
            }
            else if (Tls && Asks)
            {
                Ask(ended);
            }
            else
            {
                Connect(ended);
            }
        });
    }

    /// <summary>The connection has ended, or the attempt was given up: its memory is free again.</summary>
    public void Close()
    {
        chip.Memory.Give(taken);
        taken = 0;
    }

    private void Ask(Action<bool> ended)
    {
        if (line.IsHalfOpen || line.IsStranger || line.IsTimeSilent || Gateway is not { IsUp: true })
        {
            world.After(QuestionsMs, () => End(ended, LinkFault.NoAnswer));
            return;
        }

        world.After(line.RoundTripMs, () => Connect(ended));
    }

    private void Connect(Action<bool> ended)
    {
        if (line.IsHalfOpen || (Tls && line.IsTlsBlocked))
        {
            world.After(NobodyMs, () => End(ended, LinkFault.NoConnection));
        }
        else if (Tls)
        {
            Shake(ended);
        }
        else
        {
            world.After(line.IsStranger ? SilentMs : ConnectMs + (ConnectRoundTrips * line.RoundTripMs), () => End(ended, line.IsStranger ? LinkFault.NoConnection : LinkFault.None));
        }
    }

    private void Shake(Action<bool> ended)
    {
        if (!chip.Memory.TryTake(HandshakeBytes))
        {
            End(ended, LinkFault.NotVerified);
            return;
        }

        taken += HandshakeBytes;
        if (line.IsStranger)
        {
            chip.Interpreter.Stop(long.MaxValue);
            return;
        }

        chip.Interpreter.Stop(HandshakeMs + (HandshakeRoundTrips * line.RoundTripMs));
        var holds = chip.Time.UnixMs >= line.CertificateFromUnixMs && (Gateway?.DevicesRoot is not { } root || root.AsSpan().SequenceEqual(chip.Roots.InUse));
        world.At(chip.Interpreter.FreeAtMs, () => world.After(ConnectMs + (ConnectRoundTrips * line.RoundTripMs), () => End(ended, holds ? LinkFault.None : LinkFault.NotVerified)));
    }

    private void End(Action<bool> ended, LinkFault fault)
    {
        if (fault != LinkFault.None)
        {
            Fault = fault;
            Close();
            name.Forget();
        }

        ended(fault == LinkFault.None);
    }
}
