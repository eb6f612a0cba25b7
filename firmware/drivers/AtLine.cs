using Quartier.Board;

namespace Quartier.Drivers
{
    /// <summary>Lines of an AT dialect over a serial line: assembles what comes in pieces, drops what is too long, writes commands.
    /// Compares in place; no strings are made of what arrives.</summary>
    public sealed class AtLine
    {
        private const int LineBytesMax = 160;

        private readonly ISerialLine serial;
        private readonly byte[] pending = new byte[LineBytesMax];
        private readonly byte[] chunk = new byte[32];
        private readonly byte[] outgoing = new byte[LineBytesMax];
        private int chunkLength;
        private int chunkAt;
        private int length;
        private bool overlong;
        private bool complete;

        public AtLine(ISerialLine serial)
        {
            this.serial = serial;
        }

        /// <summary>Takes the next complete, non-empty line; its text stays until the next call.</summary>
        public bool TryRead()
        {
            length = complete ? 0 : length;
            complete = false;
            while (TryByte(out byte next))
            {
                if (next == '\r' || next == '\n')
                {
                    if (length > 0 && !overlong)
                    {
                        complete = true;
                        return true;
                    }

                    length = 0;
                    overlong = false;
                }
                else if (length < LineBytesMax)
                {
                    pending[length++] = next;
                }
                else
                {
                    overlong = true;
                }
            }

            return false;
        }

        public bool Is(string text)
        {
            return length == text.Length && StartsWith(text);
        }

        public bool StartsWith(string text)
        {
            if (length < text.Length)
            {
                return false;
            }

            char[] letters = text.ToCharArray();
            for (int i = 0; i < letters.Length; i++)
            {
                if (pending[i] != letters[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>Position after the n-th separator, or -1.</summary>
        public int FieldAt(int field, char separator)
        {
            int at = 0;
            for (int i = 0; i < length && field > 0; i++)
            {
                if (pending[i] == separator)
                {
                    field--;
                    at = i + 1;
                }
            }

            return field == 0 ? at : -1;
        }

        /// <summary>Decimal digits from a position to the next non-digit; -1 when there is none.</summary>
        public int NumberAt(int at)
        {
            int number = -1;
            for (int i = at; i >= 0 && i < length && pending[i] >= '0' && pending[i] <= '9' && number < 100000; i++)
            {
                number = ((number < 0 ? 0 : number) * 10) + (pending[i] - '0');
            }

            return number;
        }

        /// <summary>Decodes hex digits from a position to the line's end.</summary>
        /// <returns>Bytes written; -1 when the digits are odd, foreign, or too many.</returns>
        public int HexAt(int at, byte[] into)
        {
            int digits = length - at;
            if (at < 0 || digits < 0 || digits % 2 != 0 || digits / 2 > into.Length)
            {
                return -1;
            }

            for (int i = 0; i < digits / 2; i++)
            {
                int high = Digit(pending[at + (i * 2)]);
                int low = Digit(pending[at + (i * 2) + 1]);
                if (high < 0 || low < 0)
                {
                    return -1;
                }

                into[i] = (byte)((high * 16) + low);
            }

            return digits / 2;
        }

        /// <summary>Writes a command and its line end. A line that is full drops it; the answer's time-out finds out.</summary>
        public void Write(string command)
        {
            Finish(Begin(command));
        }

        /// <summary>Writes a command followed by a number from 1 to 999, a colon and bytes as hex digits.</summary>
        public void Write(string command, int number, byte[] bytes, int count)
        {
            int at = Begin(command);
            for (int unit = number >= 100 ? 100 : number >= 10 ? 10 : 1; unit > 0; unit /= 10)
            {
                outgoing[at++] = (byte)('0' + (number / unit % 10));
            }

            outgoing[at++] = (byte)':';
            for (int i = 0; i < count; i++)
            {
                outgoing[at++] = HexOf(bytes[i] >> 4);
                outgoing[at++] = HexOf(bytes[i] & 15);
            }

            Finish(at);
        }

        private int Begin(string command)
        {
            char[] letters = command.ToCharArray();
            for (int i = 0; i < letters.Length; i++)
            {
                outgoing[i] = (byte)letters[i];
            }

            return letters.Length;
        }

        private void Finish(int at)
        {
            outgoing[at++] = (byte)'\r';
            outgoing[at++] = (byte)'\n';
            serial.Write(outgoing, 0, at);
        }

        private bool TryByte(out byte next)
        {
            if (chunkAt >= chunkLength)
            {
                chunkLength = serial.Read(chunk, 0, chunk.Length);
                chunkAt = 0;
            }

            bool any = chunkAt < chunkLength;
            next = any ? chunk[chunkAt++] : (byte)0;
            return any;
        }

        /// <summary>As Hex.Digit of wire, which a driver does not know.</summary>
        private static byte HexOf(int digit)
        {
            return (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);
        }

        private static int Digit(byte character)
        {
            if (character >= '0' && character <= '9')
            {
                return character - '0';
            }

            int letter = character | 0x20;
            return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
        }
    }
}
