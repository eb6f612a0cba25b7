namespace Quartier.Wire
{
    /// <summary>usage: how often offers of each category were opened in one hour; counts only, bounded per visit by the screen.</summary>
    public sealed class ScreenUsage
    {
        public const int CountMax = 65535;

        public long Sequence;
        /// <summary>Hours since 1970-01-01 UTC.</summary>
        public int UnixHour;
        /// <summary>Openings, one number a category; zeros are not sent.</summary>
        public readonly int[] Counts = new int[ScreenFormat.CategoryCount];

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            CborWriter writer = new CborWriter(buffer);
            ScreenFormat.Begin(writer, 4);
            ScreenFormat.WriteField(writer, 1, Sequence, 0, uint.MaxValue);
            ScreenFormat.WriteField(writer, 2, UnixHour, 0, int.MaxValue);
            writer.WriteInt(3);
            int pairs = 0;
            for (int category = 0; category < Counts.Length; category++)
            {
                pairs += Counts[category] != 0 ? 1 : 0;
            }

            writer.WriteMap(pairs);
            for (int category = 0; category < Counts.Length; category++)
            {
                if (Counts[category] != 0)
                {
                    ScreenFormat.WriteField(writer, category, Counts[category], 1, CountMax);
                }
            }

            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out ScreenUsage usage)
        {
            CborReader reader = new CborReader(buffer, length);
            ScreenUsage read = new ScreenUsage();
            bool ok = ScreenFormat.TryBegin(reader, length, 4)
                && ScreenFormat.TryField(reader, 1, 0, uint.MaxValue, out read.Sequence)
                && ScreenFormat.TryField(reader, 2, 0, int.MaxValue, out read.UnixHour)
                && TryCounts(reader, read)
                && reader.AtEnd;
            usage = ok ? read : null;
            return ok;
        }

        private static bool TryCounts(CborReader reader, ScreenUsage read)
        {
            int pairs;
            if (!reader.TryReadKey(3) || !reader.TryReadMap(0, ScreenFormat.CategoryCount, out pairs))
            {
                return false;
            }

            int before = -1;
            for (int i = 0; i < pairs; i++)
            {
                int category;
                int count;
                if (!reader.TryReadInt(before + 1, ScreenFormat.CategoryCount - 1, out category)
                    || !reader.TryReadInt(1, CountMax, out count))
                {
                    return false;
                }

                read.Counts[category] = count;
                before = category;
            }

            return true;
        }
    }
}
