namespace Quartier.Wire
{
    /// <summary>RFC 8949 §4.2.2: a float travels in the shortest of three widths that keeps its value, NaN as 7E00.
    /// Decided on the bits, so that no float arithmetic runs on the device.</summary>
    public static class CborFloat
    {
        /// <param name="width">2, 4 or 8 bytes.</param>
        public static bool IsShortest(int width, ulong bits)
        {
            if (width == 2)
            {
                bool notANumber = (bits & 0x7C00) == 0x7C00 && (bits & 0x3FF) != 0;
                return !notANumber || bits == 0x7E00;
            }

            return width == 4 ? !FitsHalf((uint)bits) : !FitsSingle(bits);
        }

        private static bool FitsHalf(uint bits)
        {
            int exponent = (int)((bits >> 23) & 0xFF);
            uint fraction = bits & 0x7FFFFF;
            if (exponent == 0xFF || (exponent == 0 && fraction == 0))
            {
                return true;
            }

            // A half holds exponents -14..15 with ten fraction bits, and -24..-15 with fewer.
            int power = exponent - 127;
            if (power > 15 || power < -24)
            {
                return false;
            }

            int lost = power >= -14 ? 13 : -1 - power;
            return (fraction & ((1u << lost) - 1)) == 0;
        }

        private static bool FitsSingle(ulong bits)
        {
            int exponent = (int)((bits >> 52) & 0x7FF);
            ulong fraction = bits & 0xFFFFFFFFFFFFF;
            if (exponent == 0x7FF || (exponent == 0 && fraction == 0))
            {
                return true;
            }

            // A single holds exponents -126..127 with 23 fraction bits, and -149..-127 with fewer.
            int power = exponent - 1023;
            if (power > 127 || power < -149)
            {
                return false;
            }

            int lost = power >= -126 ? 29 : -97 - power;
            return (fraction & ((1UL << lost) - 1)) == 0;
        }
    }
}
