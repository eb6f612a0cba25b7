namespace Quartier.Wire
{
    /// <summary>CRC-32 as in IEEE 802.3 and zlib: polynomial 04C11DB7 reflected, start and final exclusive-or FFFFFFFF.
    /// Check value of the ASCII digits 1 to 9: CBF43926.</summary>
    public static class Crc32
    {
        // Sixteen entries and two look-ups a byte: a quarter of the steps of the bitwise form, without a 1 kB table in the device's heap.
        private static readonly uint[] Nibbles =
        {
            0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
            0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
        };

        public static uint Of(byte[] buffer, int offset, int count)
        {
            return Continue(0, buffer, offset, count);
        }

        /// <summary>Goes on where an earlier part ended, so that a file need not be in memory at once.</summary>
        /// <param name="soFar">Result for the bytes before; 0 for none.</param>
        public static uint Continue(uint soFar, byte[] buffer, int offset, int count)
        {
            uint crc = ~soFar;
            int end = offset + count;
            for (int i = offset; i < end; i++)
            {
                crc ^= buffer[i];
                crc = (crc >> 4) ^ Nibbles[(int)(crc & 15)];
                crc = (crc >> 4) ^ Nibbles[(int)(crc & 15)];
            }

            return ~crc;
        }
    }
}
