namespace Quartier.Wire
{
    /// <summary>root: where the gateway speaks TLS, and the root certificate to verify it against. Whole in one message; one that is
    /// damaged does not decode.</summary>
    public sealed class RootOffer
    {
        /// <summary>Of the broker with TLS.</summary>
        public int Port;
        /// <summary>As <see cref="DeviceIdentity.TimePort"/>.</summary>
        public int TimePort;
        /// <summary>As <see cref="DeviceIdentity.IssuedAt"/>.</summary>
        public long IssuedAt;
        /// <summary>DER, 1 to 2,048 bytes.</summary>
        public byte[] Root = Empty.Bytes;
        /// <summary>SHA-256 of the root; computed when encoding, held against it when decoding.</summary>
        public byte[] Digest = Empty.Bytes;

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            bool fits = Root != null && Root.Length > 0 && Root.Length <= DeviceIdentity.RootBytesMax;
            Digest = fits ? DigestOf(Root) : Empty.Bytes;
            CborWriter writer = new CborWriter(buffer);
            ScreenFormat.Begin(writer, 6);
            ScreenFormat.WriteField(writer, 1, Port, 1, 65535);
            ScreenFormat.WriteField(writer, 2, TimePort, 0, 65535);
            ScreenFormat.WriteField(writer, 3, IssuedAt, 1, ScreenFormat.SecondsMax);
            writer.WriteInt(4);
            writer.WriteBytes(Digest, 0, Digest.Length);
            writer.WriteInt(5);
            writer.WriteBytes(fits ? Root : null, 0, fits ? Root.Length : 0);
            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out RootOffer offer)
        {
            CborReader reader = new CborReader(buffer, length);
            RootOffer read = new RootOffer();
            bool ok = ScreenFormat.TryBegin(reader, length, 6)
                && ScreenFormat.TryField(reader, 1, 1, 65535, out read.Port)
                && ScreenFormat.TryField(reader, 2, 0, 65535, out read.TimePort)
                && ScreenFormat.TryField(reader, 3, 1, ScreenFormat.SecondsMax, out read.IssuedAt)
                && reader.TryReadKey(4) && reader.TryReadBytes(Sha256.DigestBytes, Sha256.DigestBytes, out read.Digest)
                && reader.TryReadKey(5) && reader.TryReadBytes(1, DeviceIdentity.RootBytesMax, out read.Root)
                && reader.AtEnd
                && Sha256.AreEqual(DigestOf(read.Root), read.Digest);
            offer = ok ? read : null;
            return ok;
        }

        private static byte[] DigestOf(byte[] root)
        {
            byte[] digest = new byte[Sha256.DigestBytes];
            new Sha256().Compute(root, 0, root.Length, digest);
            return digest;
        }
    }
}
