using System.Text;

namespace Quartier.Wire
{
    public enum CborKind
    {
        /// <summary>Nothing is left, or the next byte begins no item.</summary>
        None = 0,
        Unsigned = 1,
        Negative = 2,
        Bytes = 3,
        Text = 4,
        Array = 5,
        Map = 6,
        Tag = 7,
        Bool = 8,
        Null = 9,
        /// <summary>Other simple values, undefined included: passed over by <see cref="CborReader.TrySkip"/>, never interpreted.</summary>
        Simple = 10,
        Float = 11,
    }

    /// <summary>Reads deterministic CBOR (RFC 8949 §4.2.1) and nothing else: longer heads than needed, indefinite lengths,
    /// unsorted or repeated map keys and floats that would fit a shorter form are refused. No method throws; a refused
    /// read leaves the position where it was. Supported: integers of 64 bits, byte and text strings, arrays, maps, booleans,
    /// null. Floats, tags and other simple values are checked and skipped only; no message of ours holds any.</summary>
    public sealed partial class CborReader
    {
        private readonly byte[] buffer;
        private readonly int end;
        private int position;

        /// <param name="length">Bytes of the buffer that count; outside the buffer reads as empty.</param>
        public CborReader(byte[] buffer, int length)
        {
            this.buffer = buffer;
            end = buffer == null || length < 0 || length > buffer.Length ? 0 : length;
        }

        public int Position
        {
            get { return position; }
        }

        public bool AtEnd
        {
            get { return position >= end; }
        }

        public CborKind Peek()
        {
            if (AtEnd)
            {
                return CborKind.None;
            }

            int first = buffer[position];
            int major = first >> 5;
            if (major < 7)
            {
                return (CborKind)(major + 1);
            }

            switch (first & 31)
            {
                case 20:
                case 21:
                    return CborKind.Bool;
                case 22:
                    return CborKind.Null;
                case 25:
                case 26:
                case 27:
                    return CborKind.Float;
                case 28:
                case 29:
                case 30:
                case 31:
                    return CborKind.None;
                default:
                    return CborKind.Simple;
            }
        }

        public bool TryReadUnsigned(out ulong value)
        {
            int next;
            if (!TryHead(0, out value, out next))
            {
                return false;
            }

            position = next;
            return true;
        }

        /// <summary>Reads -1 - magnitude.</summary>
        public bool TryReadNegative(out ulong magnitude)
        {
            int next;
            if (!TryHead(1, out magnitude, out next))
            {
                return false;
            }

            position = next;
            return true;
        }

        public bool TryReadLong(long min, long max, out long value)
        {
            ulong argument;
            int next;
            bool negative = Peek() == CborKind.Negative;
            value = 0;
            if (!TryHead(negative ? 1 : 0, out argument, out next) || argument > 0x7FFFFFFFFFFFFFFF)
            {
                return false;
            }

            long read = negative ? -1 - (long)argument : (long)argument;
            if (read < min || read > max)
            {
                return false;
            }

            value = read;
            position = next;
            return true;
        }

        public bool TryReadInt(int min, int max, out int value)
        {
            long read;
            bool ok = TryReadLong(min, max, out read);
            value = (int)read;
            return ok;
        }

        /// <summary>Gives the place of a byte string inside the buffer that is being read.</summary>
        public bool TryReadBytes(out int offset, out int count)
        {
            return TryString(2, out offset, out count);
        }

        /// <summary>Copies a byte string into a new array.</summary>
        public bool TryReadBytes(int countMin, int countMax, out byte[] bytes)
        {
            int before = position;
            int offset;
            int count;
            bytes = null;
            if (!TryString(2, out offset, out count) || count < countMin || count > countMax)
            {
                position = before;
                return false;
            }

            bytes = new byte[count];
            for (int i = 0; i < count; i++)
            {
                bytes[i] = buffer[offset + i];
            }

            return true;
        }

        /// <summary>Reads valid UTF-8 without NUL, of so many bytes.</summary>
        public bool TryReadText(int bytesMin, int bytesMax, out string text)
        {
            int before = position;
            int offset;
            int count;
            text = null;
            if (!TryString(3, out offset, out count) || count < bytesMin || count > bytesMax
                || !Utf8.IsText(buffer, offset, count))
            {
                position = before;
                return false;
            }

            text = count == 0 ? "" : Encoding.UTF8.GetString(buffer, offset, count);
            return true;
        }

        public bool TryReadArray(int countMin, int countMax, out int count)
        {
            return TryCount(4, countMin, countMax, out count);
        }

        /// <summary>The order of the keys is checked by <see cref="TryReadKey"/> or by the caller.</summary>
        public bool TryReadMap(int pairsMin, int pairsMax, out int pairs)
        {
            return TryCount(5, pairsMin, pairsMax, out pairs);
        }

        /// <summary>Reads the integer key that must come next; calling with rising keys makes unsorted maps fail.</summary>
        public bool TryReadKey(int expected)
        {
            int key;
            return TryReadInt(expected, expected, out key);
        }

        public bool TryReadBool(out bool value)
        {
            value = false;
            if (Peek() != CborKind.Bool)
            {
                return false;
            }

            value = buffer[position] == 0xF5;
            position++;
            return true;
        }

        public bool TryReadNull()
        {
            if (Peek() != CborKind.Null)
            {
                return false;
            }

            position++;
            return true;
        }

        /// <summary>Reads a float's bits in the width it was sent.</summary>
        /// <param name="width">2, 4 or 8 bytes.</param>
        public bool TryReadFloatBits(out int width, out ulong bits)
        {
            width = 0;
            bits = 0;
            if (Peek() != CborKind.Float)
            {
                return false;
            }

            int bytes = 1 << ((buffer[position] & 31) - 24);
            if (end - position - 1 < bytes)
            {
                return false;
            }

            ulong read = BigEndian(position + 1, bytes);
            if (!CborFloat.IsShortest(bytes, read))
            {
                return false;
            }

            width = bytes;
            bits = read;
            position += 1 + bytes;
            return true;
        }

        private bool TryString(int major, out int offset, out int count)
        {
            ulong argument;
            offset = 0;
            count = 0;
            int next;
            if (!TryHead(major, out argument, out next) || argument > (ulong)(end - next))
            {
                return false;
            }

            offset = next;
            count = (int)argument;
            position = next + count;
            return true;
        }

        private bool TryCount(int major, int min, int max, out int count)
        {
            ulong argument;
            int next;
            count = 0;
            // Every member takes a byte at least, so a count beyond the rest is a lie found before looping.
            if (!TryHead(major, out argument, out next) || argument > (ulong)(end - next)
                || (int)argument < min || (int)argument > max)
            {
                return false;
            }

            count = (int)argument;
            position = next;
            return true;
        }

        private bool TryHead(int major, out ulong argument, out int next)
        {
            argument = 0;
            next = position;
            if (AtEnd || buffer[position] >> 5 != major)
            {
                return false;
            }

            int info = buffer[position] & 31;
            if (info < 24)
            {
                argument = (ulong)info;
                next = position + 1;
                return true;
            }

            if (info > 27)
            {
                return false;
            }

            int bytes = 1 << (info - 24);
            if (end - position - 1 < bytes)
            {
                return false;
            }

            argument = BigEndian(position + 1, bytes);
            next = position + 1 + bytes;
            ulong least = bytes == 1 ? 24UL : bytes == 2 ? 0x100UL : bytes == 4 ? 0x10000UL : 0x100000000UL;
            return argument >= least;
        }

        private ulong BigEndian(int at, int count)
        {
            ulong value = 0;
            for (int i = 0; i < count; i++)
            {
                value = (value << 8) | buffer[at + i];
            }

            return value;
        }
    }
}
