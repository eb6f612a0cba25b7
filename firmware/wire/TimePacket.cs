namespace Quartier.Wire
{
    /// <summary>The 48 bytes in which time is asked for and told: SNTP version 4 (RFC 4330, RFC 5905), client and server.
    /// A request tells nothing about its sender: its only time is a number that the answer must repeat.</summary>
    public static class TimePacket
    {
        public const int Bytes = 48;

        private const int ClientMode = 3;
        private const int ServerMode = 4;
        private const int Unsynchronised = 3;
        /// <summary>The answer of a clock that is told by the system it runs on.</summary>
        private const int Stratum = 10;
        private const int OriginAt = 24;
        private const int ReceiveAt = 32;
        private const int TransmitAt = 40;
        /// <summary>Seconds from 1900 to 1970, and from there to 2036, when the seconds begin at 0 again.</summary>
        private const long UnixEpoch = 2208988800;
        private const long Era = 4294967296;

        /// <param name="nonce">Any number but 0; the answer is known by it.</param>
        public static void WriteRequest(byte[] packet, long nonce)
        {
            Clear(packet);
            packet[0] = (4 << 3) | ClientMode;
            Put(packet, TransmitAt, nonce >> 32);
            Put(packet, TransmitAt + 4, nonce);
        }

        /// <param name="unixMs">The server's time when it answered, milliseconds since 1970.</param>
        /// <returns>False for anything but the answer of a server that knows the time to this very request.</returns>
        public static bool TryReadAnswer(byte[] packet, int length, long nonce, out long unixMs)
        {
            unixMs = 0;
            if (length < Bytes || (packet[0] & 7) != ServerMode || ((packet[0] >> 3) & 7) < 3 || packet[0] >> 6 == Unsynchronised
                || packet[1] == 0 || packet[1] > 15 || Get(packet, OriginAt) != ((nonce >> 32) & (Era - 1)) || Get(packet, OriginAt + 4) != (nonce & (Era - 1)))
            {
                return false;
            }

            long seconds = Get(packet, TransmitAt);
            long fraction = Get(packet, TransmitAt + 4);
            if (seconds == 0 && fraction == 0)
            {
                return false;
            }

            seconds = seconds < Era / 2 ? seconds + Era : seconds;
            unixMs = ((seconds - UnixEpoch) * 1000) + (((fraction * 1000) + (Era / 2)) >> 32);
            return true;
        }

        /// <summary>The server's side: turns a request into its answer in place.</summary>
        /// <returns>False for anything but a request; nothing is to be sent then, so that two servers never talk to each other.</returns>
        public static bool TryAnswer(byte[] packet, int length, long receivedUnixMs, long nowUnixMs)
        {
            if (length < Bytes || (packet[0] & 7) != ClientMode || ((packet[0] >> 3) & 7) < 3 || ((packet[0] >> 3) & 7) > 4)
            {
                return false;
            }

            int version = packet[0] & 0x38;
            byte poll = packet[2];
            long nonceHigh = Get(packet, TransmitAt);
            long nonceLow = Get(packet, TransmitAt + 4);
            Clear(packet);
            packet[0] = (byte)(version | ServerMode);
            packet[1] = Stratum;
            packet[2] = poll;
            // To the millisecond: 2 to the power of -10 seconds.
            packet[3] = 0xF6;
            // Root dispersion of a second: nobody here vouches for the system's clock.
            Put(packet, 8, 65536);
            packet[12] = (byte)'L';
            packet[13] = (byte)'O';
            packet[14] = (byte)'C';
            packet[15] = (byte)'L';
            PutTime(packet, 16, nowUnixMs);
            Put(packet, OriginAt, nonceHigh);
            Put(packet, OriginAt + 4, nonceLow);
            PutTime(packet, ReceiveAt, receivedUnixMs);
            PutTime(packet, TransmitAt, nowUnixMs);
            return true;
        }

        private static void PutTime(byte[] packet, int at, long unixMs)
        {
            Put(packet, at, (unixMs / 1000) + UnixEpoch);
            Put(packet, at + 4, ((unixMs % 1000) << 32) / 1000);
        }

        private static void Put(byte[] packet, int at, long value)
        {
            for (int i = 3; i >= 0; i--)
            {
                packet[at + i] = (byte)value;
                value >>= 8;
            }
        }

        private static long Get(byte[] packet, int at)
        {
            long value = 0;
            for (int i = 0; i < 4; i++)
            {
                value = (value << 8) | packet[at + i];
            }

            return value;
        }

        private static void Clear(byte[] packet)
        {
            for (int i = 0; i < Bytes; i++)
            {
                packet[i] = 0;
            }
        }
    }
}
