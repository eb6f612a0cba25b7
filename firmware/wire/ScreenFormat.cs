namespace Quartier.Wire
{
    /// <summary>What the screen's messages of version 1 have in common: a CBOR map with the keys 0, 1, 2 … in order, all of
    /// them present (but a hello's capacity), key 0 the version. Limits here bound the memory that a screen needs.</summary>
    public static class ScreenFormat
    {
        public const int Version = 1;
        public const int PayloadBytesMax = 4096;
        public const int DigestBytes = 8;
        public const int CategoryCount = 12;
        public const int LanguagesMax = 8;
        public const long SecondsMax = 253402300799;

        /// <summary>Two to twelve of a-z, 0-9 and hyphen, beginning with a letter: de, en, ar, de-easy.</summary>
        public static bool IsLanguage(string text)
        {
            if (text == null)
            {
                return false;
            }

            char[] letters = text.ToCharArray();
            if (letters.Length < 2 || letters.Length > 12 || letters[0] < 'a' || letters[0] > 'z')
            {
                return false;
            }

            for (int i = 1; i < letters.Length; i++)
            {
                char c = letters[i];
                bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                if (!allowed)
                {
                    return false;
                }
            }

            return true;
        }

        internal static void Begin(CborWriter writer, int pairs)
        {
            Begin(writer, pairs, Version);
        }

        internal static void Begin(CborWriter writer, int pairs, int version)
        {
            writer.WriteMap(pairs);
            writer.WriteInt(0);
            writer.WriteInt(version);
        }

        internal static bool TryBegin(CborReader reader, int length, int pairs)
        {
            int ignored;
            return TryBegin(reader, length, pairs, pairs, out ignored);
        }

        internal static bool TryBegin(CborReader reader, int length, int pairsMin, int pairsMax, out int pairs)
        {
            int ignored;
            pairs = 0;
            return length <= PayloadBytesMax && reader.TryReadMap(pairsMin, pairsMax, out pairs) && reader.TryReadKey(0)
                && reader.TryReadInt(Version, Version, out ignored);
        }

        internal static bool TryField(CborReader reader, int key, int min, int max, out int value)
        {
            value = 0;
            return reader.TryReadKey(key) && reader.TryReadInt(min, max, out value);
        }

        internal static bool TryField(CborReader reader, int key, long min, long max, out long value)
        {
            value = 0;
            return reader.TryReadKey(key) && reader.TryReadLong(min, max, out value);
        }

        internal static bool TryField(CborReader reader, int key, out bool value)
        {
            value = false;
            return reader.TryReadKey(key) && reader.TryReadBool(out value);
        }

        internal static bool TryField(CborReader reader, int key, int bytesMin, int bytesMax, out string value)
        {
            value = null;
            return reader.TryReadKey(key) && reader.TryReadText(bytesMin, bytesMax, out value);
        }

        internal static bool TryDigest(CborReader reader, int key, bool mayBeEmpty, out byte[] digest)
        {
            digest = null;
            return reader.TryReadKey(key) && reader.TryReadBytes(mayBeEmpty ? 0 : DigestBytes, DigestBytes, out digest)
                && (digest.Length == 0 || digest.Length == DigestBytes);
        }

        /// <summary>Writes a digest; any other length than eight, or none where that is allowed, fails the message.</summary>
        internal static void WriteDigest(CborWriter writer, int key, bool mayBeEmpty, byte[] digest)
        {
            writer.WriteInt(key);
            bool fits = digest != null && (digest.Length == DigestBytes || (mayBeEmpty && digest.Length == 0));
            writer.WriteBytes(fits ? digest : null, 0, fits ? digest.Length : 0);
        }

        internal static void WriteField(CborWriter writer, int key, long value, long min, long max)
        {
            writer.WriteInt(key);
            writer.WriteInt(value, min, max);
        }

        internal static void WriteField(CborWriter writer, int key, string value, int bytesMin, int bytesMax)
        {
            writer.WriteInt(key);
            writer.WriteText(value, bytesMin, bytesMax);
        }

        /// <summary>Order of CBOR text keys: the shorter first, then by character.</summary>
        internal static int CompareKeys(string a, string b)
        {
            char[] first = a.ToCharArray();
            char[] second = b.ToCharArray();
            if (first.Length != second.Length)
            {
                return first.Length - second.Length;
            }

            for (int i = 0; i < first.Length; i++)
            {
                if (first[i] != second[i])
                {
                    return first[i] - second[i];
                }
            }

            return 0;
        }

        /// <summary>Each a language and in the order in which CBOR wants the keys of a map.</summary>
        internal static bool AreLanguagesInOrder(string[] languages, int countMax)
        {
            if (languages == null || languages.Length > countMax)
            {
                return false;
            }

            for (int i = 0; i < languages.Length; i++)
            {
                if (!IsLanguage(languages[i]) || (i > 0 && CompareKeys(languages[i - 1], languages[i]) >= 0))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
