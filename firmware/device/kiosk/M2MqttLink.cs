using System;
using System.Collections;
using System.Threading;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Messages;
using Quartier.Board;
using Quartier.Device;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>The broker's address and the screen's account. Without a host the link stays down.</summary>
    public sealed class LinkSettings
    {
        public GatewayAddress Gateway;
        public int Port;
        /// <summary>UDP, where the gateway answers whether it is there; 0: nowhere, it is not asked.</summary>
        public int QuestionPort;
        public bool Tls;
        public string User;
        public string Password;
        public string ClientId;

        /// <summary>The retained presence topic, its will and what is said after connecting.</summary>
        public string PresenceTopic;
        public string OfflineWill;
        public byte[] Online;
        public string[] Subscriptions;
    }

    /// <summary>M2Mqtt 5.1.220 driven from the step loop. Connecting blocks (TLS takes seconds) and closing takes more than one, so each
    /// runs on a thread of its own; what arrives waits in bounded queues. The application keeps its own outbox: a token is reported
    /// only when the broker's PUBACK came, and a lost connection forgets all that were on their way.</summary>
    public sealed class M2MqttLink : IMqttLink
    {
        private const int OnTheirWayMax = 8;
        private const long BackoffMsMin = 2000;
        private const long BackoffMsMax = 120000;
        private const ushort KeepAliveSeconds = 60;
        // Longer than a TLS handshake on this chip; the library has been seen to hang in connecting.
        private const long ConnectMsMax = 180000;

        private readonly LinkSettings settings;
        private readonly GatewayDoor door;
        private readonly object turn = new object();
        private readonly Queue inbound = new Queue();
        private readonly Queue acknowledged = new Queue();
        private readonly ushort[] messageIds = new ushort[OnTheirWayMax];
        private readonly int[] tokens = new int[OnTheirWayMax];
        private readonly LinkLife life = new LinkLife();
        /// <summary>Of the present attempt or session; what any other says is not heard.</summary>
        private MqttClient client;
        private bool connecting;
        private long connectingSinceMs;
        private int attempt;
        private bool connected;
        private bool heard;
        private bool tooLong;
        private LinkFault fault;
        private long nowMs;
        private long retryAtMs;
        private long backoffMs = BackoffMsMin;

        public M2MqttLink(LinkSettings settings)
        {
            this.settings = settings;
            door = new GatewayDoor(settings.Gateway, settings.QuestionPort, settings.User, settings.Password);
        }

        public LinkState Step(long uptimeMs)
        {
            lock (turn)
            {
                nowMs = uptimeMs;
                if (heard)
                {
                    heard = false;
                    life.Heard(uptimeMs, !IsAnyOnItsWay());
                }

                if (connected && (tooLong || !client.IsConnected || life.IsDead(uptimeMs)))
                {
                    GiveUp();
                }

                if (connected)
                {
                    return LinkState.Up;
                }

                if (connecting && uptimeMs - connectingSinceMs >= ConnectMsMax)
                {
                    fault = LinkFault.NoConnection;
                    GiveUp();
                }

                if (!connecting && settings.Gateway.Host.Length > 0 && uptimeMs >= retryAtMs)
                {
                    Begin(uptimeMs);
                }

                return connecting ? LinkState.Connecting : LinkState.Down;
            }
        }

        public bool Publish(string topic, byte[] payload, int length, int qos, int token)
        {
            lock (turn)
            {
                int slot = qos > 0 ? FreeSlot() : 0;
                if (!connected || slot < 0)
                {
                    return false;
                }

                byte[] message = new byte[length];
                Array.Copy(payload, message, length);
                ushort id;
                try
                {
                    id = client.Publish(topic, message, null, null, qos == 0 ? MqttQoSLevel.AtMostOnce : MqttQoSLevel.AtLeastOnce, false);
                }
                catch (Exception)
                {
                    // The connection broke under the message; the application keeps it and offers it to the next session.
                    GiveUp();
                    return false;
                }

                if (qos > 0)
                {
                    messageIds[slot] = id;
                    tokens[slot] = token;
                    life.Sent(nowMs);
                }

                return true;
            }
        }

        public bool TryAcknowledged(out int token)
        {
            lock (turn)
            {
                token = acknowledged.Count > 0 ? (int)acknowledged.Dequeue() : 0;
                return token != 0;
            }
        }

        public bool TryReceive(MqttMessage into)
        {
            MqttMsgPublishEventArgs next;
            lock (turn)
            {
                if (inbound.Count == 0)
                {
                    return false;
                }

                next = (MqttMsgPublishEventArgs)inbound.Dequeue();
            }

            into.Topic = next.Topic;
            into.Length = next.Message.Length;
            Array.Copy(next.Message, into.Payload, next.Message.Length);
            return true;
        }

        public LinkFault LastFault
        {
            get
            {
                lock (turn)
                {
                    return fault;
                }
            }
        }

        private void Begin(long uptimeMs)
        {
            connecting = true;
            connectingSinceMs = uptimeMs;
            tooLong = false;
            life.Begin();
            int mine = ++attempt;
            retryAtMs = uptimeMs + backoffMs;
            backoffMs = backoffMs * 2 > BackoffMsMax ? BackoffMsMax : backoffMs * 2;
            new Thread(() => Connect(mine)).Start();
        }

        /// <summary>On a thread of its own. Looking up the host's name throws without a network, so that stands inside too: a thread that
        /// died here would leave the screen "connecting" for ever.</summary>
        private void Connect(int mine)
        {
            MqttClient next = null;
            bool up = false;
            LinkFault why = LinkFault.NoName;
            try
            {
                string address = settings.Gateway.Find();
                why = LinkFault.NoAnswer;
                if (settings.Tls && settings.QuestionPort > 0 && !door.Answers())
                {
                    settings.Gateway.Forget();
                }
                else
                {
                    // A certificate names a host and no address; the name's look-up was answered a moment ago and is still remembered.
                    why = LinkFault.NoConnection;
                    next = new MqttClient(settings.Tls ? settings.Gateway.Host : address, settings.Port, settings.Tls, null, null, settings.Tls ? MqttSslProtocols.TLSv1_2 : MqttSslProtocols.None);
                    up = IsCurrent(mine, next) && Open(next);
                    why = LinkFault.Refused;
                }
            }
            catch (Exception)
            {
                // Sockets, TLS and the library's own exceptions all mean the same here: not connected, try again after the pause.
                up = false;
                why = why == LinkFault.NoConnection && settings.Tls && settings.Gateway.TakesConnections(settings.Port) ? LinkFault.NotVerified : why;
                settings.Gateway.Forget();
            }

            lock (turn)
            {
                fault = up || mine != attempt ? fault : why;
                // An attempt that comes back after it was given up must not replace the one that followed it.
                if (mine == attempt && connecting)
                {
                    client = up ? next : null;
                    connected = up;
                    connecting = false;
                }
                else
                {
                    up = false;
                }
            }

            if (!up)
            {
                Close(next);
            }

            StepLoop.Wake();
        }

        /// <summary>From here on this client is heard, and closed when the attempt is given up.</summary>
        private bool IsCurrent(int mine, MqttClient next)
        {
            lock (turn)
            {
                bool current = mine == attempt && connecting;
                client = current ? next : client;
                return current;
            }
        }

        private bool Open(MqttClient next)
        {
            next.ProtocolVersion = MqttProtocolVersion.Version_3_1_1;
            next.MqttMsgPublishReceived += Received;
            next.MqttMsgPublished += Published;
            // A clean session: the gateway says everything again after a hello, and what an old session has in store would come twice.
            if (next.Connect(settings.ClientId, settings.User, settings.Password, true, MqttQoSLevel.AtLeastOnce, true, settings.PresenceTopic, settings.OfflineWill, true, KeepAliveSeconds) != MqttReasonCode.Success)
            {
                return false;
            }

            MqttQoSLevel[] levels = new MqttQoSLevel[settings.Subscriptions.Length];
            for (int i = 0; i < levels.Length; i++)
            {
                levels[i] = MqttQoSLevel.AtLeastOnce;
            }

            next.Subscribe(settings.Subscriptions, levels);
            next.Publish(settings.PresenceTopic, settings.Online, null, null, MqttQoSLevel.AtLeastOnce, true);
            return true;
        }

        private void Received(object sender, MqttMsgPublishEventArgs e)
        {
            lock (turn)
            {
                if (sender != client)
                {
                    return;
                }

                heard = true;
                // Nothing of ours is so long: whoever sends it is not our gateway, and the library would give it any amount of memory.
                tooLong |= e.Message.Length > MqttMessage.PayloadBytesMax;
                // What does not fit is asked for again: the screen requests every entry that it lacks.
                if (!tooLong && inbound.Count < ScreenDialogue.InboundMax)
                {
                    inbound.Enqueue(e);
                }
            }

            StepLoop.Wake();
        }

        private void Published(object sender, MqttMsgPublishedEventArgs e)
        {
            lock (turn)
            {
                if (sender != client)
                {
                    return;
                }

                heard |= e.IsPublished;
                for (int i = 0; i < OnTheirWayMax; i++)
                {
                    if (messageIds[i] == e.MessageId && messageIds[i] != 0)
                    {
                        messageIds[i] = 0;
                        if (e.IsPublished)
                        {
                            backoffMs = BackoffMsMin;
                            acknowledged.Enqueue(tokens[i]);
                        }
                    }
                }
            }

            StepLoop.Wake();
        }

        private int FreeSlot()
        {
            for (int i = 0; i < OnTheirWayMax; i++)
            {
                if (messageIds[i] == 0)
                {
                    return i;
                }
            }

            return -1;
        }

        private bool IsAnyOnItsWay()
        {
            for (int i = 0; i < OnTheirWayMax; i++)
            {
                if (messageIds[i] != 0)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Ends the session or the attempt. Its client is closed wherever it stands: until then a refused one spins in its
        /// receiving thread, and the chip has some ten sockets.</summary>
        private void GiveUp()
        {
            MqttClient gone = client;
            client = null;
            connected = false;
            connecting = false;
            for (int i = 0; i < OnTheirWayMax; i++)
            {
                messageIds[i] = 0;
            }

            if (gone != null)
            {
                new Thread(() => Close(gone)).Start();
            }
        }

        private static void Close(MqttClient gone)
        {
            try
            {
                if (gone != null)
                {
                    gone.Close();
                }
            }
            catch (Exception)
            {
                // Whatever it died of, nobody listens to it any more.
                return;
            }
        }
    }
}
