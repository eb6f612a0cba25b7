namespace Quartier.Wire
{
    /// <summary>transport: how the screen reaches its gateway, and what came of a root that it was offered. Saying it means that the
    /// screen understands <see cref="RootOffer"/>; sent after every connect, and when it changes.</summary>
    public sealed class ScreenTransport
    {
        public const int HostBytesMax = DeviceIdentity.HostBytesMax;
        public const int TrialsMax = 255;
        public const int FaultMax = 6;

        public long Sequence;
        /// <summary>The session speaks TLS.</summary>
        public bool Tls;
        /// <summary>The gateway as the screen calls it, 1 to 128 bytes: the name that a certificate has to bear.</summary>
        public string Host = "";
        /// <summary>Of the root that the screen verifies against; empty: none, as without TLS.</summary>
        public byte[] Root = Empty.Bytes;
        /// <summary>Of a root that the screen was given and that has not proved itself; empty: none.</summary>
        public byte[] Offered = Empty.Bytes;
        /// <summary>How often the screen tried that one and gave up, 0..255.</summary>
        public int Trials;
        /// <summary>Why the last time: 0 it has not given up, 1 name not found, 2 no answer whether the gateway is there, 3 no connection,
        /// 4 certificate or handshake, 5 log-in refused, 6 the board stood still.</summary>
        public int Fault;

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            CborWriter writer = new CborWriter(buffer);
            ScreenFormat.Begin(writer, 8);
            ScreenFormat.WriteField(writer, 1, Sequence, 0, uint.MaxValue);
            writer.WriteInt(2);
            writer.WriteBool(Tls);
            ScreenFormat.WriteField(writer, 3, Host, 1, HostBytesMax);
            ScreenFormat.WriteDigest(writer, 4, true, Root);
            ScreenFormat.WriteDigest(writer, 5, true, Offered);
            ScreenFormat.WriteField(writer, 6, Trials, 0, TrialsMax);
            ScreenFormat.WriteField(writer, 7, Fault, 0, FaultMax);
            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out ScreenTransport transport)
        {
            CborReader reader = new CborReader(buffer, length);
            ScreenTransport read = new ScreenTransport();
            bool ok = ScreenFormat.TryBegin(reader, length, 8)
                && ScreenFormat.TryField(reader, 1, 0, uint.MaxValue, out read.Sequence)
                && ScreenFormat.TryField(reader, 2, out read.Tls)
                && ScreenFormat.TryField(reader, 3, 1, HostBytesMax, out read.Host)
                && ScreenFormat.TryDigest(reader, 4, true, out read.Root)
                && ScreenFormat.TryDigest(reader, 5, true, out read.Offered)
                && ScreenFormat.TryField(reader, 6, 0, TrialsMax, out read.Trials)
                && ScreenFormat.TryField(reader, 7, 0, FaultMax, out read.Fault)
                && reader.AtEnd;
            transport = ok ? read : null;
            return ok;
        }
    }
}
