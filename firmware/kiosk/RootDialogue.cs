using Quartier.Board;
using Quartier.Provisioning;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>What the screen and the gateway say to each other about TLS: how the session came about and what became of a root, up;
    /// a root, down.</summary>
    public sealed class RootDialogue
    {
        /// <summary>After a hello, so that the content is not kept waiting.</summary>
        private const long SayAfterMs = 1000;

        private readonly KioskBoard board;
        private readonly TlsSwitch way;
        private readonly Outbox outbox;
        private readonly string topic;
        private readonly ScreenTransport transport = new ScreenTransport();
        private bool wasUp;
        private bool wasTrial;
        private bool due;
        private long sayAtMs;

        public RootDialogue(KioskBoard board, TlsSwitch way, Outbox outbox, string deviceId)
        {
            this.board = board;
            this.way = way;
            this.outbox = outbox;
            topic = ScreenTopics.Build(deviceId, ScreenTopics.Transport);
        }

        public void Step(long uptimeMs, bool isUp)
        {
            bool hasNetwork = board.Wifi == null || board.Wifi.State == WifiState.Connected;
            way.Step(uptimeMs, hasNetwork, isUp, board.Link.LastFault);
            bool isOver = wasTrial && !way.IsTrial;
            wasTrial = way.IsTrial;
            if (isUp && (!wasUp || isOver))
            {
                Plan(uptimeMs);
            }

            wasUp = isUp;
            if (due && isUp && uptimeMs >= sayAtMs)
            {
                due = false;
                Say();
            }
        }

        /// <summary>A message under the leaf root.</summary>
        public void Hear(MqttMessage message, long uptimeMs)
        {
            RootOffer offer;
            if (RootOffer.TryDecode(message.Payload, message.Length, out offer) && way.Take(offer))
            {
                Plan(uptimeMs);
            }
        }

        private void Plan(long uptimeMs)
        {
            due = true;
            sayAtMs = uptimeMs + SayAfterMs;
        }

        private void Say()
        {
            way.Describe(transport);
            transport.Sequence = outbox.TakeSequence();
            outbox.Commit(topic, transport.Encode(outbox.Reserve()));
        }
    }
}
