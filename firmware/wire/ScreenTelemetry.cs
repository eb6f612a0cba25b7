namespace Quartier.Wire
{
    /// <summary>telemetry: how the screen fares, every few minutes.</summary>
    public sealed class ScreenTelemetry
    {
        public const int PageBytesMax = 32;
        public const long AgeUnknown = -1;
        public const long HeapUnknown = -1;
        public const int SignalUnknown = int.MinValue;

        public long Sequence;
        public long UptimeSeconds;
        /// <summary>Digest of the catalogue on the screen; empty when it has none.</summary>
        public byte[] Catalogue = Empty.Bytes;
        /// <summary>Name of the page on show, for example now, list, detail, emergency.</summary>
        public string Page = "";
        /// <summary>Of the smallest memory that matters, or <see cref="HeapUnknown"/>.</summary>
        public long FreeHeapBytes = HeapUnknown;
        /// <summary>-127..0, or <see cref="SignalUnknown"/>.</summary>
        public int RssiDbm = SignalUnknown;
        /// <summary>Seconds since the gateway last confirmed the content, or <see cref="AgeUnknown"/>.</summary>
        public long ContentAgeSeconds = AgeUnknown;
        public bool TimeKnown;

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            CborWriter writer = new CborWriter(buffer);
            ScreenFormat.Begin(writer, 9);
            ScreenFormat.WriteField(writer, 1, Sequence, 0, uint.MaxValue);
            ScreenFormat.WriteField(writer, 2, UptimeSeconds, 0, uint.MaxValue);
            ScreenFormat.WriteDigest(writer, 3, true, Catalogue);
            ScreenFormat.WriteField(writer, 4, Page, 0, PageBytesMax);
            WriteOrNull(writer, 5, FreeHeapBytes, HeapUnknown, 0, uint.MaxValue);
            WriteOrNull(writer, 6, RssiDbm, SignalUnknown, -127, 0);
            WriteOrNull(writer, 7, ContentAgeSeconds, AgeUnknown, 0, uint.MaxValue);
            writer.WriteInt(8);
            writer.WriteBool(TimeKnown);
            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out ScreenTelemetry telemetry)
        {
            CborReader reader = new CborReader(buffer, length);
            ScreenTelemetry read = new ScreenTelemetry();
            long signal = SignalUnknown;
            bool ok = ScreenFormat.TryBegin(reader, length, 9)
                && ScreenFormat.TryField(reader, 1, 0, uint.MaxValue, out read.Sequence)
                && ScreenFormat.TryField(reader, 2, 0, uint.MaxValue, out read.UptimeSeconds)
                && ScreenFormat.TryDigest(reader, 3, true, out read.Catalogue)
                && ScreenFormat.TryField(reader, 4, 0, PageBytesMax, out read.Page)
                && TryOrNull(reader, 5, HeapUnknown, 0, uint.MaxValue, out read.FreeHeapBytes)
                && TryOrNull(reader, 6, SignalUnknown, -127, 0, out signal)
                && TryOrNull(reader, 7, AgeUnknown, 0, uint.MaxValue, out read.ContentAgeSeconds)
                && ScreenFormat.TryField(reader, 8, out read.TimeKnown)
                && reader.AtEnd;
            read.RssiDbm = (int)signal;
            telemetry = ok ? read : null;
            return ok;
        }

        /// <summary>What the device cannot tell is null, never a number that looks measured.</summary>
        private static void WriteOrNull(CborWriter writer, int key, long value, long unknown, long lowest, long highest)
        {
            writer.WriteInt(key);
            if (value == unknown)
            {
                writer.WriteNull();
            }
            else
            {
                writer.WriteInt(value, lowest, highest);
            }
        }

        private static bool TryOrNull(CborReader reader, int key, long unknown, long lowest, long highest, out long value)
        {
            value = unknown;
            return reader.TryReadKey(key) && (reader.TryReadNull() || reader.TryReadLong(lowest, highest, out value));
        }
    }
}
