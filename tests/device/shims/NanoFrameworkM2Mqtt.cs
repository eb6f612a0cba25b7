using System.Collections;
using System.Security.Cryptography.X509Certificates;
using nanoFramework.M2Mqtt.Messages;
using Quartier.Tests.Device;

namespace nanoFramework.M2Mqtt
{
    public enum MqttSslProtocols
    {
        None = 0,
        TLSv1_2 = 1,
    }

    public enum MqttProtocolVersion
    {
        Version_3_1 = 3,
        Version_3_1_1 = 4,
        Version_5 = 5,
    }

    public static class IMqttClient
    {
        public delegate void MqttMsgPublishEventHandler(object sender, MqttMsgPublishEventArgs e);

        public delegate void MqttMsgPublishedEventHandler(object sender, MqttMsgPublishedEventArgs e);
    }

    /// <summary>The part of nanoFramework.M2Mqtt 5.1.220 that the screen uses, with the library's behaviour: what arrives is acknowledged
    /// before the handler runs; what goes out at QoS 1 is sent again after a second, twice, and then reported as failed, and an
    /// acknowledgement after that is told to nobody; pings go out only when nothing else did; after a refused connect the receiving
    /// thread spins until the client is closed.</summary>
    public sealed class MqttClient : IDisposable
    {
        private const int AttemptsMax = 3;
        private const int ResendMs = 1000;
        private readonly MqttPlatform platform = MqttPlatform.Current;
        private readonly List<Outgoing> onTheirWay = [];
        private readonly ManualResetEventSlim closed = new();
        private ushort lastId;
        private long sentAtMs;
        private long pingAtMs;
        private long keepAliveMs;
        [ThreadStatic]
        private static bool inHandler;

        public MqttClient(string brokerHostName, int brokerPort, bool secure, X509Certificate caCert, X509Certificate clientCert, MqttSslProtocols sslProtocol)
        {
            platform.LookUp(brokerHostName);
            (Host, IsSecure) = (brokerHostName, secure);
            platform.Add(this);
        }

        public event IMqttClient.MqttMsgPublishEventHandler MqttMsgPublishReceived;

        public event IMqttClient.MqttMsgPublishedEventHandler MqttMsgPublished;

        public string Host { get; }

        public bool IsSecure { get; }

        public bool IsConnected { get; private set; }

        public MqttProtocolVersion ProtocolVersion { get; set; }

        public bool CleanSession { get; private set; }

        /// <summary>The receiving thread takes the whole processor.</summary>
        public bool IsSpinning { get; private set; }

        public bool IsClosed => closed.IsSet;

        /// <summary>Closing in a handler waits for the very thread that closes.</summary>
        public bool WasClosedInHandler { get; private set; }

        /// <summary>Packets of one publish, by topic, repetitions included.</summary>
        public List<(string Topic, int Qos)> Sent { get; } = [];

        public MqttReasonCode Connect(string clientId, string username, string password, bool willRetain, MqttQoSLevel willQosLevel, bool willFlag, string willTopic, string willMessage, bool cleanSession, ushort keepAlivePeriod)
        {
            CleanSession = cleanSession;
            keepAliveMs = keepAlivePeriod * 1000L;
            sentAtMs = platform.NowMs;
            switch (platform.IsHalfOpen ? Peer.Unreachable : platform.Peer)
            {
                case Peer.Accepts:
                    IsConnected = true;
                    return MqttReasonCode.Success;
                case Peer.Refuses:
                    IsSpinning = !closed.IsSet;
                    return MqttReasonCode.BadUserNameOrPassword;
                case Peer.Silent:
                    closed.Wait();
                    throw new InvalidOperationException("closed while connecting");
                default:
                    throw new InvalidOperationException("nobody listens");
            }
        }

        public ushort Publish(string topic, byte[] message, string contentType, ArrayList userProperties, MqttQoSLevel qosLevel, bool retain)
        {
            var publish = new Outgoing { Id = ++lastId, Topic = topic, Qos = (int)qosLevel };
            Send(publish);
            if (qosLevel != MqttQoSLevel.AtMostOnce)
            {
                lock (onTheirWay)
                {
                    onTheirWay.Add(publish);
                }
            }

            return publish.Id;
        }

        public ushort Subscribe(string[] topics, MqttQoSLevel[] qosLevels) => ++lastId;

        public void Close()
        {
            WasClosedInHandler |= inHandler;
            IsConnected = false;
            IsSpinning = false;
            closed.Set();
        }

        public void Dispose() => Close();

        /// <summary>A message comes from the broker.</summary>
        public void Deliver(string topic, byte[] message)
        {
            if (platform.IsHalfOpen || !IsConnected)
            {
                return;
            }

            Raise(() => MqttMsgPublishReceived?.Invoke(this, new MqttMsgPublishEventArgs(topic, message, false, MqttQoSLevel.AtLeastOnce, false)));
        }

        /// <summary>A PUBACK comes for all that went out.</summary>
        public void AcknowledgeAll()
        {
            foreach (var publish in Waiting())
            {
                Forget(publish);
                Acknowledge(publish.Id);
            }
        }

        /// <summary>Tells whoever listens of a PUBACK, whether anything waits for it or not.</summary>
        public void Acknowledge(ushort id) => Raise(() => MqttMsgPublished?.Invoke(this, new MqttMsgPublishedEventArgs(id, true)));

        public void Tick(long nowMs)
        {
            if (!IsConnected)
            {
                return;
            }

            if (platform.AcknowledgesAtOnce && !platform.IsHalfOpen)
            {
                AcknowledgeAll();
            }

            foreach (var publish in Waiting().Where(publish => nowMs - publish.SentAtMs >= ResendMs))
            {
                if (publish.Attempts < AttemptsMax)
                {
                    Send(publish);
                    continue;
                }

                Forget(publish);
                Raise(() => MqttMsgPublished?.Invoke(this, new MqttMsgPublishedEventArgs(publish.Id, false)));
            }

            if (pingAtMs == 0 && nowMs - sentAtMs >= keepAliveMs)
            {
                sentAtMs = nowMs;
                pingAtMs = platform.IsHalfOpen ? nowMs : 0;
            }

            IsConnected &= pingAtMs == 0 || nowMs - pingAtMs < keepAliveMs;
        }

        private void Send(Outgoing publish)
        {
            publish.Attempts++;
            publish.SentAtMs = sentAtMs = platform.NowMs;
            Sent.Add((publish.Topic, publish.Qos));
        }

        private Outgoing[] Waiting()
        {
            lock (onTheirWay)
            {
                return [.. onTheirWay];
            }
        }

        private void Forget(Outgoing publish)
        {
            lock (onTheirWay)
            {
                onTheirWay.Remove(publish);
            }
        }

        private static void Raise(Action handler)
        {
            inHandler = true;
            handler();
            inHandler = false;
        }

        private sealed class Outgoing
        {
            public ushort Id { get; init; }

            public string Topic { get; init; }

            public int Qos { get; init; }

            public int Attempts { get; set; }

            public long SentAtMs { get; set; }
        }
    }
}

namespace nanoFramework.M2Mqtt.Messages
{
    public enum MqttQoSLevel
    {
        AtMostOnce = 0,
        AtLeastOnce = 1,
        ExactlyOnce = 2,
    }

    public enum MqttReasonCode
    {
        Success = 0,
        BadUserNameOrPassword = 0x86,
    }

    public sealed class MqttMsgPublishEventArgs(string topic, byte[] message, bool dupFlag, MqttQoSLevel qosLevel, bool retain) : EventArgs
    {
        public string Topic => topic;

        public byte[] Message => message;

        public bool DupFlag => dupFlag;

        public MqttQoSLevel QosLevel => qosLevel;

        public bool Retain => retain;
    }

    public sealed class MqttMsgPublishedEventArgs(ushort messageId, bool isPublished) : EventArgs
    {
        public ushort MessageId => messageId;

        public bool IsPublished => isPublished;
    }
}
