namespace Quartier.Board
{
    public enum ModemState
    {
        Off = 0,
        Joining = 1,
        Ready = 2,
        /// <summary>A frame is on the air or its receive windows are open.</summary>
        Busy = 3,
        /// <summary>The module does not answer; it is being reset.</summary>
        Failed = 4,
    }

    public enum SendStatus
    {
        Accepted = 0,
        NotJoined = 1,
        Busy = 2,
        /// <summary>The regional duty cycle forbids it now; nothing was sent.</summary>
        DutyCycle = 3,
        TooLong = 4,
        Failed = 5,
    }

    /// <summary>A LoRaWAN module that runs the MAC itself and is driven from the step loop; no call blocks.</summary>
    public interface ILoRaModem
    {
        /// <summary>Moves bytes on the module's line and keeps the join going.</summary>
        ModemState Step(long uptimeMs);

        /// <param name="port">FPort, 1..223.</param>
        /// <param name="length">0..51, so that it fits DR0.</param>
        /// <param name="confirmed">Ask the network server for an acknowledgement. It proves only that the server heard it.</param>
        SendStatus Send(int port, byte[] payload, int length, bool confirmed);

        /// <summary>Takes the oldest downlink; false when there is none.</summary>
        /// <param name="into">At least 51 bytes.</param>
        bool TryReceive(byte[] into, out int port, out int length);
    }

    public enum LinkState
    {
        Down = 0,
        Connecting = 1,
        Up = 2,
    }

    /// <summary>Why an attempt to connect failed, as far as the device can tell. The numbers stand in messages.</summary>
    public enum LinkFault
    {
        None = 0,
        /// <summary>The gateway's name was not found.</summary>
        NoName = 1,
        /// <summary>The gateway did not answer whether it is there.</summary>
        NoAnswer = 2,
        NoConnection = 3,
        /// <summary>The port takes connections, and no session over TLS comes about.</summary>
        NotVerified = 4,
        /// <summary>Name or password.</summary>
        Refused = 5,
        /// <summary>The board did not come out of the attempt.</summary>
        Stopped = 6,
    }

    /// <summary>One MQTT message taken from the link; reused by its owner, so copy what must last.</summary>
    public sealed class MqttMessage
    {
        public const int PayloadBytesMax = 4096;
        public string Topic;
        public readonly byte[] Payload = new byte[PayloadBytesMax];
        public int Length;
    }

    /// <summary>An MQTT 3.1.1 session driven from the step loop; no call blocks.
    /// Device: M2Mqtt. The retained presence message and its last will belong to the link's settings, not to the application.</summary>
    public interface IMqttLink
    {
        /// <summary>Reconnects with bounded back-off when down and moves bytes.</summary>
        LinkState Step(long uptimeMs);

        /// <summary>Hands one message to the session.</summary>
        /// <param name="token">Chosen by the caller, returned by <see cref="TryAcknowledged"/> when the broker has acknowledged (QoS 1). 0 for QoS 0.</param>
        /// <returns>False when the link is down or its queue is full; nothing was taken.</returns>
        bool Publish(string topic, byte[] payload, int length, int qos, int token);

        /// <summary>Takes the oldest acknowledged token; false when there is none.</summary>
        bool TryAcknowledged(out int token);

        /// <summary>Takes the oldest received message; false when there is none.</summary>
        bool TryReceive(MqttMessage into);

        /// <summary>Of the last attempt that failed; none when there was none since the start.</summary>
        LinkFault LastFault { get; }
    }

    public enum WifiState
    {
        /// <summary>No credentials.</summary>
        Unconfigured = 0,
        Connecting = 1,
        Connected = 2,
        /// <summary>The network is near and refused the password. Only where that is known.</summary>
        WrongPassword = 3,
        NotInRange = 4,
        /// <summary>It did not work and the station cannot tell why: reception, password, the router, or credentials that it cannot keep.</summary>
        Failed = 5,
    }

    /// <summary>The station interface. Credentials can be written, never read back.</summary>
    public interface IWifi
    {
        /// <summary>How things are: whoever has an address is connected, whatever a join has said.</summary>
        WifiState State { get; }

        /// <summary>How the join that <see cref="Connect"/> asked for last went: connecting until it has ended, connected only
        /// when the network also outlives a restart; unconfigured when none was asked for.</summary>
        WifiState LastJoin { get; }

        /// <summary>Dotted IPv4 address, or empty when not connected.</summary>
        string Address { get; }

        /// <param name="rssiDbm">-127..0, of the network that the station has joined.</param>
        /// <returns>False when it has joined none, or cannot tell.</returns>
        bool TryGetSignal(out int rssiDbm);

        /// <summary>Starts to join; the outcome shows in <see cref="LastJoin"/>. May be called again with other credentials.
        /// The network before is kept until the new one has worked, and taken up again when it has not.</summary>
        void Connect(string ssid, string password);

        /// <summary>Starts a scan, which never waits; false when one is running or the station is joining.</summary>
        bool StartScan();

        /// <summary>Number of networks of the finished scan, or -1 while it runs.</summary>
        int ScanCount { get; }

        /// <param name="rssiDbm">-120..0.</param>
        void GetNetwork(int index, out string ssid, out int rssiDbm, out bool secured);
    }

    /// <summary>Where the platform's TLS looks for the root that it verifies against.</summary>
    public interface IRootStore
    {
        /// <param name="der">One certificate.</param>
        /// <returns>False when the platform did not take it.</returns>
        bool Replace(byte[] der);
    }

    /// <summary>The chip's own clock, which knows the time only when somebody has told it.</summary>
    public interface ISystemTime
    {
        /// <summary>Milliseconds since 1970.</summary>
        long UnixMs { get; }

        void Set(long unixMs);
    }

    /// <summary>Datagrams to the place where the gateway tells the time. Waits for nothing but a name's look-up, once.</summary>
    public interface ITimeLine
    {
        /// <returns>False when there is no way; nothing was sent.</returns>
        bool Send(byte[] packet, int length);

        /// <returns>Bytes of a datagram from the gateway, 0 when none came.</returns>
        int Receive(byte[] buffer);
    }

    /// <summary>The platform's own client of public time servers. It sets the clock and does not say when.</summary>
    public interface IPublicTime
    {
        bool IsOn { get; }

        void Switch(bool on);
    }

    /// <summary>A serial line such as the board's service port; never blocks.</summary>
    public interface ISerialLine
    {
        /// <returns>Bytes moved into the buffer, 0 when none waited.</returns>
        int Read(byte[] buffer, int offset, int count);

        /// <returns>Bytes taken, fewer than count when the line is full.</returns>
        int Write(byte[] buffer, int offset, int count);
    }
}
