namespace Quartier.Wire
{
    /// <summary>telemetry: how the screen fares, every few minutes.</summary>
    public sealed class ScreenTelemetry
    {
        public const int PageBytesMax = 32;
        public const long AgeUnknown = -1;

        public long Sequence;
        public long UptimeSeconds;
        /// <summary>Digest of the catalogue on the screen; empty when it has none.</summary>
        public byte[] Catalogue = Empty.Bytes;
        /// <summary>Name of the page on show, for example now, list, detail, emergency.</summary>
        public string Page = "";
        public long FreeHeapBytes;
        /// <summary>-127..0.</summary>
        public int RssiDbm;
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
            ScreenFormat.WriteField(writer, 5, FreeHeapBytes, 0, uint.MaxValue);
            ScreenFormat.WriteField(writer, 6, RssiDbm, -127, 0);
            writer.WriteInt(7);
            if (ContentAgeSeconds == AgeUnknown)
            {
                writer.WriteNull();
            }
            else
            {
                writer.WriteInt(ContentAgeSeconds, 0, uint.MaxValue);
            }

            writer.WriteInt(8);
            writer.WriteBool(TimeKnown);
            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out ScreenTelemetry telemetry)
        {
            CborReader reader = new CborReader(buffer, length);
            ScreenTelemetry read = new ScreenTelemetry();
            bool ok = ScreenFormat.TryBegin(reader, length, 9)
                && ScreenFormat.TryField(reader, 1, 0, uint.MaxValue, out read.Sequence)
                && ScreenFormat.TryField(reader, 2, 0, uint.MaxValue, out read.UptimeSeconds)
                && ScreenFormat.TryDigest(reader, 3, true, out read.Catalogue)
                && ScreenFormat.TryField(reader, 4, 0, PageBytesMax, out read.Page)
                && ScreenFormat.TryField(reader, 5, 0, uint.MaxValue, out read.FreeHeapBytes)
                && ScreenFormat.TryField(reader, 6, -127, 0, out read.RssiDbm)
                && TryAge(reader, read)
                && ScreenFormat.TryField(reader, 8, out read.TimeKnown)
                && reader.AtEnd;
            telemetry = ok ? read : null;
            return ok;
        }

        private static bool TryAge(CborReader reader, ScreenTelemetry read)
        {
            if (!reader.TryReadKey(7))
            {
                return false;
            }

            return reader.TryReadNull() || reader.TryReadLong(0, uint.MaxValue, out read.ContentAgeSeconds);
        }
    }
}
