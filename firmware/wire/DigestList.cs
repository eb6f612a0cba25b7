namespace Quartier.Wire
{
    /// <summary>Digests of eight bytes in one array: two hundred of them cost one object on the device.</summary>
    public sealed class DigestList
    {
        public const int DigestBytes = ScreenFormat.DigestBytes;

        /// <summary>Digest i begins at i × 8.</summary>
        public readonly byte[] Packed;
        public int Count;

        public DigestList(int capacity)
        {
            Packed = new byte[capacity * DigestBytes];
        }

        public int Capacity
        {
            get { return Packed.Length / DigestBytes; }
        }

        /// <returns>False when the list is full or the source too short.</returns>
        public bool TryAdd(byte[] source, int offset)
        {
            if (Count >= Capacity || source == null || offset < 0 || offset > source.Length - DigestBytes)
            {
                return false;
            }

            int at = Count * DigestBytes;
            for (int i = 0; i < DigestBytes; i++)
            {
                Packed[at + i] = source[offset + i];
            }

            Count++;
            return true;
        }

        /// <returns>Place in the list, or -1.</returns>
        public int IndexOf(byte[] source, int offset)
        {
            for (int i = 0; i < Count; i++)
            {
                if (AreEqual(Packed, i * DigestBytes, source, offset))
                {
                    return i;
                }
            }

            return -1;
        }

        /// <summary>A new array with one digest.</summary>
        public byte[] Get(int index)
        {
            byte[] digest = new byte[DigestBytes];
            for (int i = 0; i < DigestBytes; i++)
            {
                digest[i] = Packed[(index * DigestBytes) + i];
            }

            return digest;
        }

        public static bool AreEqual(byte[] a, int aOffset, byte[] b, int bOffset)
        {
            for (int i = 0; i < DigestBytes; i++)
            {
                if (a[aOffset + i] != b[bOffset + i])
                {
                    return false;
                }
            }

            return true;
        }

        internal void Write(CborWriter writer)
        {
            writer.WriteArray(Count);
            for (int i = 0; i < Count; i++)
            {
                writer.WriteBytes(Packed, i * DigestBytes, DigestBytes);
            }
        }

        internal static bool TryRead(CborReader reader, byte[] buffer, int countMax, out DigestList digests)
        {
            digests = null;
            int count;
            if (!reader.TryReadArray(0, countMax, out count))
            {
                return false;
            }

            DigestList read = new DigestList(count);
            for (int i = 0; i < count; i++)
            {
                int offset;
                int bytes;
                if (!reader.TryReadBytes(out offset, out bytes) || bytes != DigestBytes || !read.TryAdd(buffer, offset))
                {
                    return false;
                }
            }

            digests = read;
            return true;
        }
    }
}
