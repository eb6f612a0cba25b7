namespace Quartier.Wire
{
    /// <summary>want: the entries of a manifest that the screen lacks.</summary>
    public sealed class ScreenWant
    {
        public const int EntriesMax = 32;

        public byte[] Manifest = Empty.Bytes;
        public DigestList Entries = new DigestList(EntriesMax);

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            if (Entries == null || Entries.Count > EntriesMax)
            {
                return -1;
            }

            CborWriter writer = new CborWriter(buffer);
            ScreenFormat.Begin(writer, 3);
            ScreenFormat.WriteDigest(writer, 1, false, Manifest);
            writer.WriteInt(2);
            Entries.Write(writer);
            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out ScreenWant want)
        {
            CborReader reader = new CborReader(buffer, length);
            ScreenWant read = new ScreenWant();
            bool ok = ScreenFormat.TryBegin(reader, length, 3)
                && ScreenFormat.TryDigest(reader, 1, false, out read.Manifest)
                && reader.TryReadKey(2)
                && DigestList.TryRead(reader, buffer, EntriesMax, out read.Entries)
                && reader.AtEnd;
            want = ok ? read : null;
            return ok;
        }
    }
}
