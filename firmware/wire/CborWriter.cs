using System.Text;

namespace Quartier.Wire
{
    /// <summary>Writes deterministic CBOR (RFC 8949 §4.2.1: shortest heads, definite lengths; the caller orders map keys).
    /// A value out of its stated range, or a full buffer, makes <see cref="Length"/> -1 for good, so a message is written
    /// in one chain and checked once.</summary>
    public sealed class CborWriter
    {
        private byte[] buffer;
        private int position;
        private bool failed;

        public CborWriter(byte[] buffer)
        {
            Reset(buffer);
        }

        /// <returns>Bytes written, or -1 when anything did not fit.</returns>
        public int Length
        {
            get { return failed ? -1 : position; }
        }

        public void Reset(byte[] buffer)
        {
            this.buffer = buffer;
            position = 0;
            failed = buffer == null;
        }

        public void WriteUnsigned(ulong value)
        {
            WriteHead(0, value);
        }

        public void WriteInt(long value)
        {
            if (value < 0)
            {
                WriteHead(1, (ulong)(-1 - value));
            }
            else
            {
                WriteHead(0, (ulong)value);
            }
        }

        public void WriteInt(long value, long min, long max)
        {
            if (value < min || value > max)
            {
                failed = true;
                return;
            }

            WriteInt(value);
        }

        /// <param name="magnitude">n for the integer -1 - n, so that the whole range of CBOR can be written.</param>
        public void WriteNegative(ulong magnitude)
        {
            WriteHead(1, magnitude);
        }

        public void WriteBytes(byte[] bytes, int offset, int count)
        {
            if (bytes == null || offset < 0 || count < 0 || offset > bytes.Length - count)
            {
                failed = true;
                return;
            }

            WriteHead(2, (ulong)count);
            Append(bytes, offset, count);
        }

        /// <summary>Writes text of so many bytes in UTF-8. A NUL is refused: it would end the string on the device.</summary>
        public void WriteText(string text, int bytesMin, int bytesMax)
        {
            byte[] utf8 = text == null ? null : Encoding.UTF8.GetBytes(text);
            if (utf8 == null || utf8.Length < bytesMin || utf8.Length > bytesMax || Utf8.HasNul(utf8, 0, utf8.Length))
            {
                failed = true;
                return;
            }

            WriteHead(3, (ulong)utf8.Length);
            Append(utf8, 0, utf8.Length);
        }

        public void WriteArray(int count)
        {
            WriteCount(4, count);
        }

        public void WriteMap(int pairs)
        {
            WriteCount(5, pairs);
        }

        public void WriteBool(bool value)
        {
            AppendByte(value ? 0xF5 : 0xF4);
        }

        public void WriteNull()
        {
            AppendByte(0xF6);
        }

        private void WriteCount(int major, int count)
        {
            if (count < 0)
            {
                failed = true;
                return;
            }

            WriteHead(major, (ulong)count);
        }

        private void WriteHead(int major, ulong argument)
        {
            int first = major << 5;
            if (argument < 24)
            {
                AppendByte(first | (int)argument);
            }
            else if (argument <= 0xFF)
            {
                AppendByte(first | 24);
                AppendBigEndian(argument, 1);
            }
            else if (argument <= 0xFFFF)
            {
                AppendByte(first | 25);
                AppendBigEndian(argument, 2);
            }
            else if (argument <= 0xFFFFFFFF)
            {
                AppendByte(first | 26);
                AppendBigEndian(argument, 4);
            }
            else
            {
                AppendByte(first | 27);
                AppendBigEndian(argument, 8);
            }
        }

        private void AppendBigEndian(ulong value, int count)
        {
            for (int i = count - 1; i >= 0; i--)
            {
                AppendByte((int)((value >> (8 * i)) & 0xFF));
            }
        }

        private void AppendByte(int value)
        {
            if (failed || position >= buffer.Length)
            {
                failed = true;
                return;
            }

            buffer[position] = (byte)value;
            position++;
        }

        private void Append(byte[] bytes, int offset, int count)
        {
            if (failed || count > buffer.Length - position)
            {
                failed = true;
                return;
            }

            for (int i = 0; i < count; i++)
            {
                buffer[position + i] = bytes[offset + i];
            }

            position += count;
        }
    }
}
