namespace Quartier.Kiosk
{
    /// <summary>Whole numbers in files on flash, big-endian; and whether two contents are the same.</summary>
    internal static class Bytes
    {
        public static void Write(byte[] buffer, int offset, int count, long value)
        {
            for (int i = count - 1; i >= 0; i--)
            {
                buffer[offset + i] = (byte)(value % 256);
                value /= 256;
            }
        }

        public static long Read(byte[] buffer, int offset, int count)
        {
            long value = 0;
            for (int i = 0; i < count; i++)
            {
                value = (value * 256) + buffer[offset + i];
            }

            return value;
        }

        public static bool AreEqual(byte[] first, int firstLength, byte[] second, int secondLength)
        {
            if (firstLength != secondLength)
            {
                return false;
            }

            for (int i = 0; i < firstLength; i++)
            {
                if (first[i] != second[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
