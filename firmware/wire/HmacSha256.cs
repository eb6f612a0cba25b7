namespace Quartier.Wire
{
    /// <summary>HMAC with SHA-256 (RFC 2104) over short messages; the instance's buffers are used again.</summary>
    public sealed class HmacSha256
    {
        public const int DigestBytes = Sha256.DigestBytes;
        public const int MessageBytesMax = 128;
        private const int BlockBytes = 64;

        private readonly Sha256 sha = new Sha256();
        private readonly byte[] padded = new byte[BlockBytes];
        private readonly byte[] inner = new byte[BlockBytes + MessageBytesMax];
        private readonly byte[] outer = new byte[BlockBytes + DigestBytes];
        private readonly byte[] digest = new byte[DigestBytes];

        /// <param name="keyLength">Bytes of the key; a longer one than a block is hashed first.</param>
        /// <param name="length">At most <see cref="MessageBytesMax"/>.</param>
        /// <param name="into">At least 32 bytes.</param>
        public void Compute(byte[] key, int keyLength, byte[] message, int length, byte[] into)
        {
            bool hashed = keyLength > BlockBytes;
            if (hashed)
            {
                sha.Compute(key, 0, keyLength, digest);
            }

            int used = hashed ? DigestBytes : keyLength;
            for (int i = 0; i < BlockBytes; i++)
            {
                padded[i] = i >= used ? (byte)0 : hashed ? digest[i] : key[i];
                inner[i] = (byte)(padded[i] ^ 0x36);
                outer[i] = (byte)(padded[i] ^ 0x5C);
            }

            for (int i = 0; i < length; i++)
            {
                inner[BlockBytes + i] = message[i];
            }

            sha.Compute(inner, 0, BlockBytes + length, digest);
            for (int i = 0; i < DigestBytes; i++)
            {
                outer[BlockBytes + i] = digest[i];
            }

            sha.Compute(outer, 0, outer.Length, into);
        }
    }
}
