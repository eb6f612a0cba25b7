namespace Quartier.Wire
{
    /// <summary>liveness v1: one datagram to the gateway, one back, so that a device knows that its own gateway is there before it
    /// begins what nothing can stop. Only who holds the device's key can answer; the answer is shorter than the question.</summary>
    public static class Liveness
    {
        public const int NonceBytes = 16;
        public const int NameBytesMax = 64;
        public const int KeyBytes = HmacSha256.DigestBytes;
        public const int QuestionBytesMax = HeaderBytes + NonceBytes + 1 + NameBytesMax;
        public const int AnswerBytes = HeaderBytes + CodeBytes;
        private const int HeaderBytes = 4;
        private const int CodeBytes = 16;
        private const int NameAt = HeaderBytes + NonceBytes + 1;
        private const byte Question = 1;
        private const byte Answer = 2;

        /// <summary>The key, from the secret that the device logs in with. The gateway keeps this one: it opens nothing.</summary>
        /// <param name="into">At least 32 bytes.</param>
        public static void DeriveKey(HmacSha256 hmac, byte[] secret, int secretLength, byte[] into)
        {
            byte[] label = new byte[] { (byte)'l', (byte)'i', (byte)'v', (byte)'e', (byte)'n', (byte)'e', (byte)'s', (byte)'s', (byte)' ', (byte)'v', (byte)'1' };
            hmac.Compute(secret, secretLength, label, label.Length, into);
        }

        /// <param name="nonce">16 bytes that nobody can foretell.</param>
        /// <param name="name">What the device logs in as, 1 to 64 bytes.</param>
        /// <param name="into">At least <see cref="QuestionBytesMax"/>.</param>
        /// <returns>Bytes written, or -1 when the name is too long or empty.</returns>
        public static int WriteQuestion(byte[] nonce, byte[] name, byte[] into)
        {
            if (name.Length < 1 || name.Length > NameBytesMax || nonce.Length != NonceBytes)
            {
                return -1;
            }

            WriteHeader(into, Question);
            for (int i = 0; i < NonceBytes; i++)
            {
                into[HeaderBytes + i] = nonce[i];
            }

            into[NameAt - 1] = (byte)name.Length;
            for (int i = 0; i < name.Length; i++)
            {
                into[NameAt + i] = name[i];
            }

            return NameAt + name.Length;
        }

        /// <param name="nameLength">The name begins at <paramref name="nameAt"/>.</param>
        public static bool TryReadQuestion(byte[] datagram, int length, out int nameAt, out int nameLength)
        {
            nameAt = NameAt;
            nameLength = 0;
            if (length <= NameAt || length > QuestionBytesMax || !HasHeader(datagram, Question) || datagram[NameAt - 1] != length - NameAt)
            {
                return false;
            }

            nameLength = length - NameAt;
            return true;
        }

        /// <param name="into">At least 20 bytes.</param>
        public static int WriteAnswer(HmacSha256 hmac, byte[] key, byte[] question, int length, byte[] into)
        {
            byte[] code = new byte[HmacSha256.DigestBytes];
            hmac.Compute(key, KeyBytes, question, length, code);
            WriteHeader(into, Answer);
            for (int i = 0; i < CodeBytes; i++)
            {
                into[HeaderBytes + i] = code[i];
            }

            return AnswerBytes;
        }

        /// <summary>Whether a datagram is the answer to this very question.</summary>
        public static bool IsAnswer(HmacSha256 hmac, byte[] key, byte[] question, int questionLength, byte[] datagram, int length)
        {
            if (length != AnswerBytes || !HasHeader(datagram, Answer))
            {
                return false;
            }

            byte[] expected = new byte[AnswerBytes];
            WriteAnswer(hmac, key, question, questionLength, expected);
            int different = 0;
            for (int i = 0; i < AnswerBytes; i++)
            {
                different |= expected[i] ^ datagram[i];
            }

            return different == 0;
        }

        private static void WriteHeader(byte[] into, byte kind)
        {
            into[0] = (byte)'Q';
            into[1] = (byte)'L';
            into[2] = 1;
            into[3] = kind;
        }

        private static bool HasHeader(byte[] datagram, byte kind)
        {
            return datagram[0] == 'Q' && datagram[1] == 'L' && datagram[2] == 1 && datagram[3] == kind;
        }
    }
}
