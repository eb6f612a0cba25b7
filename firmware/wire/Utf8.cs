namespace Quartier.Wire
{
    /// <summary>Checks bytes before they become a string: the platform's decoder has thrown on invalid ones.</summary>
    public static class Utf8
    {
        /// <summary>Well-formed as in Unicode table 3-7: no overlong form, no surrogate, nothing above U+10FFFF.</summary>
        public static bool IsValid(byte[] buffer, int offset, int count)
        {
            return IsValid(buffer, offset, count, true);
        }

        /// <summary>Well-formed and without NUL, which would end a string on the device.</summary>
        public static bool IsText(byte[] buffer, int offset, int count)
        {
            return IsValid(buffer, offset, count, false);
        }

        private static bool IsValid(byte[] buffer, int offset, int count, bool nulAllowed)
        {
            int end = offset + count;
            int at = offset;
            while (at < end)
            {
                int first = buffer[at];
                at++;
                if (first < 0x80)
                {
                    if (first == 0 && !nulAllowed)
                    {
                        return false;
                    }

                    continue;
                }

                int more = first >= 0xC2 && first <= 0xDF ? 1 : first >= 0xE0 && first <= 0xEF ? 2 : first >= 0xF0 && first <= 0xF4 ? 3 : 0;
                if (more == 0 || more > end - at)
                {
                    return false;
                }

                int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
                int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
                if (buffer[at] < low || buffer[at] > high)
                {
                    return false;
                }

                for (int i = 1; i < more; i++)
                {
                    if ((buffer[at + i] & 0xC0) != 0x80)
                    {
                        return false;
                    }
                }

                at += more;
            }

            return true;
        }

        public static bool HasNul(byte[] buffer, int offset, int count)
        {
            for (int i = 0; i < count; i++)
            {
                if (buffer[offset + i] == 0)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
