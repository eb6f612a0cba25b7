namespace Quartier.Wire
{
    /// <summary>SHA-256 (FIPS 180-4): the address of a catalogue entry is the beginning of its digest. The platform's library has
    /// only the keyed form. About 5 ms per 64 bytes is expected on an ESP32, which is a few entries between two frames.</summary>
    public sealed class Sha256
    {
        public const int DigestBytes = 32;
        private const int BlockBytes = 64;

        private static readonly uint[] Constants =
        {
            0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
            0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
            0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
            0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
            0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
            0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
            0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
            0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
        };

        private readonly uint[] state = new uint[8];
        private readonly uint[] schedule = new uint[64];
        private readonly byte[] tail = new byte[2 * BlockBytes];

        /// <summary>Of digests as they stand; one of another length is another. Not for secrets: it ends at the first difference.</summary>
        public static bool AreEqual(byte[] a, byte[] b)
        {
            bool same = a.Length == b.Length;
            for (int i = 0; same && i < a.Length; i++)
            {
                same = a[i] == b[i];
            }

            return same;
        }

        /// <summary>Digest of a part of a buffer; the instance's own buffers are used again.</summary>
        /// <param name="into">At least 32 bytes.</param>
        public void Compute(byte[] buffer, int offset, int count, byte[] into)
        {
            Begin();
            int whole = count - (count % BlockBytes);
            for (int at = 0; at < whole; at += BlockBytes)
            {
                Block(buffer, offset + at);
            }

            int rest = count - whole;
            int tailBytes = rest + 9 > BlockBytes ? 2 * BlockBytes : BlockBytes;
            for (int i = 0; i < tailBytes; i++)
            {
                tail[i] = i < rest ? buffer[offset + whole + i] : (byte)0;
            }

            tail[rest] = 0x80;
            long bits = (long)count * 8;
            for (int i = tailBytes - 1; bits > 0; i--)
            {
                tail[i] = (byte)bits;
                bits >>= 8;
            }

            for (int at = 0; at < tailBytes; at += BlockBytes)
            {
                Block(tail, at);
            }

            for (int i = 0; i < DigestBytes; i++)
            {
                into[i] = (byte)(state[i / 4] >> (24 - (8 * (i % 4))));
            }
        }

        private void Begin()
        {
            state[0] = 0x6A09E667;
            state[1] = 0xBB67AE85;
            state[2] = 0x3C6EF372;
            state[3] = 0xA54FF53A;
            state[4] = 0x510E527F;
            state[5] = 0x9B05688C;
            state[6] = 0x1F83D9AB;
            state[7] = 0x5BE0CD19;
        }

        private void Block(byte[] buffer, int offset)
        {
            for (int i = 0; i < 16; i++)
            {
                int at = offset + (4 * i);
                schedule[i] = ((uint)buffer[at] << 24) | ((uint)buffer[at + 1] << 16) | ((uint)buffer[at + 2] << 8) | buffer[at + 3];
            }

            for (int i = 16; i < 64; i++)
            {
                uint w15 = schedule[i - 15];
                uint w2 = schedule[i - 2];
                uint s0 = ((w15 >> 7) | (w15 << 25)) ^ ((w15 >> 18) | (w15 << 14)) ^ (w15 >> 3);
                uint s1 = ((w2 >> 17) | (w2 << 15)) ^ ((w2 >> 19) | (w2 << 13)) ^ (w2 >> 10);
                schedule[i] = schedule[i - 16] + s0 + schedule[i - 7] + s1;
            }

            uint a = state[0];
            uint b = state[1];
            uint c = state[2];
            uint d = state[3];
            uint e = state[4];
            uint f = state[5];
            uint g = state[6];
            uint h = state[7];
            for (int i = 0; i < 64; i++)
            {
                uint s1 = ((e >> 6) | (e << 26)) ^ ((e >> 11) | (e << 21)) ^ ((e >> 25) | (e << 7));
                uint first = h + s1 + ((e & f) ^ (~e & g)) + Constants[i] + schedule[i];
                uint s0 = ((a >> 2) | (a << 30)) ^ ((a >> 13) | (a << 19)) ^ ((a >> 22) | (a << 10));
                uint second = s0 + ((a & b) ^ (a & c) ^ (b & c));
                h = g;
                g = f;
                f = e;
                e = d + first;
                d = c;
                c = b;
                b = a;
                a = first + second;
            }

            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
            state[5] += f;
            state[6] += g;
            state[7] += h;
        }
    }
}
