using Quartier.Wire;

namespace Quartier.Provisioning
{
    /// <summary>What a screen keeps of a root that its gateway offered, until a session with it has come about.
    /// <code>
    /// 0 version 1 | 1 given up | 2 starts | 3 trials | 4 fault | 5..6 port | 7..8 time port | 9..16 issued at |
    /// 17..48 SHA-256 of the root | 49..80 SHA-256 of the identity that it is for; numbers big-endian
    /// </code></summary>
    public sealed class SwitchRecord
    {
        public const int Bytes = 81;
        public const int CountMax = 255;
        private const int RootAt = 17;
        private const int IdentityAt = 49;

        /// <summary>The way before is in use; else a trial is due or running.</summary>
        public bool IsGivenUp;
        /// <summary>Of the trial that is due or running.</summary>
        public int Starts;
        /// <summary>Given up.</summary>
        public int Trials;
        /// <summary>A LinkFault's number, of the last trial.</summary>
        public int Fault;
        public int Port;
        public int TimePort;
        public long IssuedAt;
        public byte[] Root = new byte[Sha256.DigestBytes];
        /// <summary>The cable writes another identity, and this record is nobody's.</summary>
        public byte[] Identity = new byte[Sha256.DigestBytes];

        public void Encode(byte[] into)
        {
            into[0] = 1;
            into[1] = (byte)(IsGivenUp ? 1 : 0);
            into[2] = (byte)Starts;
            into[3] = (byte)Trials;
            into[4] = (byte)Fault;
            Put(into, 5, 2, Port);
            Put(into, 7, 2, TimePort);
            Put(into, 9, 8, IssuedAt);
            for (int i = 0; i < Sha256.DigestBytes; i++)
            {
                into[RootAt + i] = Root[i];
                into[IdentityAt + i] = Identity[i];
            }
        }

        public static bool TryDecode(byte[] from, int length, out SwitchRecord record)
        {
            record = null;
            if (length != Bytes || from[0] != 1 || from[1] > 1 || from[4] > ScreenTransport.FaultMax)
            {
                return false;
            }

            record = new SwitchRecord();
            record.IsGivenUp = from[1] == 1;
            record.Starts = from[2];
            record.Trials = from[3];
            record.Fault = from[4];
            record.Port = (int)Get(from, 5, 2);
            record.TimePort = (int)Get(from, 7, 2);
            record.IssuedAt = Get(from, 9, 8);
            for (int i = 0; i < Sha256.DigestBytes; i++)
            {
                record.Root[i] = from[RootAt + i];
                record.Identity[i] = from[IdentityAt + i];
            }

            return true;
        }

        private static void Put(byte[] into, int at, int bytes, long value)
        {
            for (int i = bytes - 1; i >= 0; i--)
            {
                into[at + i] = (byte)(value % 256);
                value /= 256;
            }
        }

        private static long Get(byte[] from, int at, int bytes)
        {
            long value = 0;
            for (int i = 0; i < bytes; i++)
            {
                value = (value * 256) + from[at + i];
            }

            return value;
        }
    }
}
