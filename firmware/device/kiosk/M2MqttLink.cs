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
        public string Host;
        public int Port;
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

    /// <summary>M2Mqtt 5.1.220 driven from the step loop. Connecting blocks (TLS takes seconds), so it runs on a thread of its
    /// own; what arrives waits in bounded queues. The application keeps its own outbox: a token is reported only when the
    /// broker's PUBACK came, and a lost connection forgets all that were on their way.</summary>
    public sealed class M2MqttLink : IMqttLink
    {
        private const int InboundMax = 16;
        private const int OnTheirWayMax = 8;
        private const long BackoffMsMin = 2000;
        private const long BackoffMsMax = 120000;
        private const ushort KeepAliveSeconds = 60;
        // Longer than a TLS handshake on this chip; the library has been seen to hang in connecting and closing.
        private const long ConnectMsMax = 180000;

        private readonly LinkSettings settings;
        private readonly object turn = new object();
        private readonly Queue inbound = new Queue();
        private readonly Queue acknowledged = new Queue();
        private readonly ushort[] messageIds = new ushort[OnTheirWayMax];
        private readonly int[] tokens = new int[OnTheirWayMax];
        private MqttClient client;
        private bool connecting;
        private long connectingSinceMs;
        private int attempt;
        private bool connected;
        private long retryAtMs;
        private long backoffMs = BackoffMsMin;

        public M2MqttLink(LinkSettings settings)
        {
            this.settings = settings;
        }

        public LinkState Step(long uptimeMs)
        {
            lock (turn)
            {
                if (connected && !client.IsConnected)
                {
                    Forget();
                }

                if (connected)
                {
                    backoffMs = BackoffMsMin;
                    return LinkState.Up;
                }

                if (connecting && uptimeMs - connectingSinceMs >= ConnectMsMax)
                {
                    connecting = false;
                }

                if (!connecting && settings.Host.Length > 0 && uptimeMs >= retryAtMs)
                {
                    connecting = true;
                    connectingSinceMs = uptimeMs;
                    int mine = ++attempt;
                    retryAtMs = uptimeMs + backoffMs;
                    backoffMs = backoffMs * 2 > BackoffMsMax ? BackoffMsMax : backoffMs * 2;
                    new Thread(() => Connect(mine)).Start();
                }

                return connecting ? LinkState.Connecting : LinkState.Down;
            }
        }

        public bool Publish(string topic, byte[] payload, int length, int qos, int token)
        {
            lock (turn)
            {
                int slot = FreeSlot();
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
                    Forget();
                    return false;
                }

                if (qos > 0)
                {
                    messageIds[slot] = id;
                    tokens[slot] = token;
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

        /// <summary>On a thread of its own. Looking up the host's name happens in the library's constructor and throws without a network,
        /// so that stands inside too: a thread that died here would leave the screen "connecting" for ever.</summary>
        private void Connect(int mine)
        {
            MqttClient before = client;
            MqttClient next = null;
            bool up = false;
            try
            {
                // The chip has some ten sockets: what the session before still holds is given back first.
                if (before != null)
                {
                    before.Close();
                    before.Dispose();
                }

                next = new MqttClient(settings.Host, settings.Port, settings.Tls, null, null, settings.Tls ? MqttSslProtocols.TLSv1_2 : MqttSslProtocols.None);
                up = Open(next);
            }
            catch (Exception)
            {
                // Sockets, TLS and the library's own exceptions all mean the same here: not connected, try again after the pause.
                up = false;
            }

            lock (turn)
            {
                // An attempt that came back after it was given up must not replace the one that followed it.
                if (mine == attempt)
                {
                    client = next;
                    connected = up;
                    connecting = false;
                }
            }

            StepLoop.Wake();
        }

        private bool Open(MqttClient next)
        {
            next.ProtocolVersion = MqttProtocolVersion.Version_3_1_1;
            next.MqttMsgPublishReceived += Received;
            next.MqttMsgPublished += Published;
            if (next.Connect(settings.ClientId, settings.User, settings.Password, true, MqttQoSLevel.AtLeastOnce, true, settings.PresenceTopic, settings.OfflineWill, false, KeepAliveSeconds) != MqttReasonCode.Success)
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
                // What does not fit is asked for again: the screen requests every entry that it lacks.
                if (inbound.Count < InboundMax && e.Message.Length <= MqttMessage.PayloadBytesMax)
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
                for (int i = 0; i < OnTheirWayMax; i++)
                {
                    if (messageIds[i] == e.MessageId && messageIds[i] != 0)
                    {
                        messageIds[i] = 0;
                        if (e.IsPublished)
                        {
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

        private void Forget()
        {
            connected = false;
            for (int i = 0; i < OnTheirWayMax; i++)
            {
                messageIds[i] = 0;
            }
        }
    }
}
