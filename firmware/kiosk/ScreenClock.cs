using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>The screen's time: the gateway is asked first, the public servers that the platform knows only when it is silent.
    /// Until somebody has answered, the chip's clock stands at a day that is surely past, so that certificates of that day hold;
    /// nobody is shown it.</summary>
    public sealed class ScreenClock : IClock
    {
        public const long AnswerMs = 2000;
        public const long AskAgainMs = 3600000;
        /// <summary>The gateway alone is asked for so long after the network is there.</summary>
        public const long GatewayAloneMs = 60000;
        private const long RetryMsMin = 4000;
        private const long RetryMsMax = 900000;
        /// <summary>More than a step of the loop can shift: somebody has set the clock.</summary>
        private const long SetMs = 2000;

        private readonly ISystemTime system;
        private readonly ITimeLine gateway;
        private readonly IPublicTime others;
        private readonly byte[] packet = new byte[TimePacket.Bytes];

        private bool believed;
        private bool gatewayAnswered;
        private bool looked;
        private long offsetMs;
        private bool connected;
        private long connectedAtMs;
        private bool waiting;
        private long askAtMs;
        private long askedAtMs;
        private long retryMs = RetryMsMin;
        private long nonce;

        /// <param name="gateway">Null when the gateway tells no time.</param>
        /// <param name="floorUnixSeconds">A day that is surely past: of the firmware's build, or of the identity.</param>
        /// <param name="seed">Another one at each start; answers are known by what follows from it.</param>
        public ScreenClock(ISystemTime system, ITimeLine gateway, IPublicTime others, long floorUnixSeconds, long seed)
        {
            this.system = system;
            this.gateway = gateway;
            this.others = others;
            nonce = seed;
            system.Set(floorUnixSeconds * 1000);
        }

        public bool TryGetUtc(out long unixSeconds)
        {
            unixSeconds = system.UnixMs / 1000;
            return believed;
        }

        /// <param name="hasNetwork">The station has an address.</param>
        public void Step(long uptimeMs, bool hasNetwork)
        {
            Look(uptimeMs);
            if (!hasNetwork)
            {
                connected = false;
                waiting = false;
                return;
            }

            if (!connected)
            {
                connected = true;
                connectedAtMs = uptimeMs;
                askAtMs = believed && askAtMs > uptimeMs ? askAtMs : uptimeMs;
                retryMs = RetryMsMin;
            }

            if (gateway != null)
            {
                AskGateway(uptimeMs);
            }

            bool wanted = !gatewayAnswered && (gateway == null || uptimeMs - connectedAtMs >= GatewayAloneMs);
            if (others.IsOn != wanted)
            {
                // The platform switches its servers on by itself when the network comes.
                others.Switch(wanted);
            }
        }

        private void AskGateway(long uptimeMs)
        {
            if (waiting)
            {
                Hear(uptimeMs);
            }

            if (waiting || uptimeMs < askAtMs)
            {
                return;
            }

            // Any full-period sequence does: what counts is that nobody off the path knows where it stands.
            nonce = (nonce * 6364136223846793005L) + 1442695040888963407L;
            TimePacket.WriteRequest(packet, nonce);
            askedAtMs = uptimeMs;
            waiting = gateway.Send(packet, TimePacket.Bytes);
            if (!waiting)
            {
                Retry(uptimeMs);
            }
        }

        private void Hear(long uptimeMs)
        {
            long unixMs;
            int length = gateway.Receive(packet);
            if (length > 0 && TimePacket.TryReadAnswer(packet, length, nonce, out unixMs))
            {
                // The answer is about as old as half of its way there and back.
                system.Set(unixMs + ((uptimeMs - askedAtMs) / 2));
                looked = false;
                believed = true;
                gatewayAnswered = true;
                waiting = false;
                askAtMs = uptimeMs + AskAgainMs;
                retryMs = RetryMsMin;
            }
            else if (uptimeMs - askedAtMs >= AnswerMs)
            {
                Retry(uptimeMs);
            }
        }

        private void Retry(long uptimeMs)
        {
            waiting = false;
            askAtMs = uptimeMs + retryMs;
            retryMs = retryMs * 2 > RetryMsMax ? RetryMsMax : retryMs * 2;
        }

        /// <summary>The platform's client does not say when it has set the clock; a clock that jumps against the uptime was set.</summary>
        private void Look(long uptimeMs)
        {
            long offset = system.UnixMs - uptimeMs;
            believed = believed || (looked && (offset - offsetMs > SetMs || offsetMs - offset > SetMs));
            offsetMs = offset;
            looked = true;
        }
    }
}
