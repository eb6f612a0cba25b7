namespace Quartier.Wire
{
    /// <summary>hello: what the screen is and which catalogue it shows; sent after every connect and after every catalogue change.</summary>
    public sealed class ScreenHello
    {
        public const int FirmwareBytesMax = 32;
        public const int CapacityEntriesMax = 1000;
        public const int CapacityBytesMax = 16777216;
        private const int PairsWithoutCapacity = 8;
        private const int Pairs = 10;

        /// <summary>0..4294967295, rising by one with every message of this screen, whatever its leaf.</summary>
        public long Sequence;
        public string Firmware = "";
        public int WidthPixels;
        public int HeightPixels;
        public int PitchMicrometres;
        /// <summary>Digest of the catalogue on the screen; empty when it has none.</summary>
        public byte[] Catalogue = Empty.Bytes;
        /// <summary>Number of the board's reset reason: 0 power on, 1 deep sleep, 2 watchdog, 3 brown-out, 4 software, 5 unknown.</summary>
        public int ResetReason;
        /// <summary>Entries that the largest catalogue may have, 1..1000; 0 when not said, as by screens before this key.</summary>
        public int CapacityEntries;
        /// <summary>Sum of their payloads' lengths, 1..16777216; said together with the entries or not at all (0).</summary>
        public int CapacityBytes;

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            CborWriter writer = new CborWriter(buffer);
            bool saysCapacity = CapacityEntries != 0 || CapacityBytes != 0;
            ScreenFormat.Begin(writer, saysCapacity ? Pairs : PairsWithoutCapacity);
            ScreenFormat.WriteField(writer, 1, Sequence, 0, uint.MaxValue);
            ScreenFormat.WriteField(writer, 2, Firmware, 1, FirmwareBytesMax);
            ScreenFormat.WriteField(writer, 3, WidthPixels, 1, 4096);
            ScreenFormat.WriteField(writer, 4, HeightPixels, 1, 4096);
            ScreenFormat.WriteField(writer, 5, PitchMicrometres, 1, 5000);
            ScreenFormat.WriteDigest(writer, 6, true, Catalogue);
            ScreenFormat.WriteField(writer, 7, ResetReason, 0, 5);
            if (saysCapacity)
            {
                ScreenFormat.WriteField(writer, 8, CapacityEntries, 1, CapacityEntriesMax);
                ScreenFormat.WriteField(writer, 9, CapacityBytes, 1, CapacityBytesMax);
            }

            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out ScreenHello hello)
        {
            CborReader reader = new CborReader(buffer, length);
            ScreenHello read = new ScreenHello();
            int pairs;
            bool ok = ScreenFormat.TryBegin(reader, length, PairsWithoutCapacity, Pairs, out pairs)
                && ScreenFormat.TryField(reader, 1, 0, uint.MaxValue, out read.Sequence)
                && ScreenFormat.TryField(reader, 2, 1, FirmwareBytesMax, out read.Firmware)
                && ScreenFormat.TryField(reader, 3, 1, 4096, out read.WidthPixels)
                && ScreenFormat.TryField(reader, 4, 1, 4096, out read.HeightPixels)
                && ScreenFormat.TryField(reader, 5, 1, 5000, out read.PitchMicrometres)
                && ScreenFormat.TryDigest(reader, 6, true, out read.Catalogue)
                && ScreenFormat.TryField(reader, 7, 0, 5, out read.ResetReason)
                && (pairs == PairsWithoutCapacity
                    || (pairs == Pairs
                        && ScreenFormat.TryField(reader, 8, 1, CapacityEntriesMax, out read.CapacityEntries)
                        && ScreenFormat.TryField(reader, 9, 1, CapacityBytesMax, out read.CapacityBytes)))
                && reader.AtEnd;
            hello = ok ? read : null;
            return ok;
        }
    }
}
