using System.Text;

namespace Quartier.Wire
{
    /// <summary>The list of short strings inside Improv's commands and results: each a length byte and UTF-8.</summary>
    public static class ImprovText
    {
        public const int SendWifi = 1;
        public const int RequestState = 2;
        public const int RequestDevice = 3;
        public const int RequestNetworks = 4;
        public const int Hostname = 5;
        public const int DeviceName = 6;
        public const int NetworkState = 7;

        public const int StateStopped = 0;
        public const int StateReady = 2;
        public const int StateProvisioning = 3;
        public const int StateProvisioned = 4;

        public const int ErrorNone = 0;
        public const int ErrorInvalidPacket = 1;
        public const int ErrorUnknownCommand = 2;
        public const int ErrorUnableToConnect = 3;
        public const int ErrorBadHostname = 5;
        public const int ErrorUnknown = 255;

        /// <summary>Data of a result at most, its two head bytes not counted.</summary>
        public const int ListBytesMax = 253;

        /// <summary>Appends one string to data that begins with the command and its length byte, and sets that byte.</summary>
        /// <param name="length">Bytes in the data so far, 2 for none.</param>
        /// <returns>Bytes after it, or -1 when it does not fit.</returns>
        public static int Append(byte[] data, int length, byte[] text, int count)
        {
            if (length < 2 || count > 255 || length + 1 + count > ListBytesMax + 2)
            {
                return -1;
            }

            data[length] = (byte)count;
            for (int i = 0; i < count; i++)
            {
                data[length + 1 + i] = text[i];
            }

            data[1] = (byte)(length + 1 + count - 2);
            return length + 1 + count;
        }

        public static int Append(byte[] data, int length, string text)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            return Append(data, length, utf8, utf8.Length);
        }

        /// <summary>Takes the string at the offset.</summary>
        public static bool TryTake(byte[] data, int end, ref int offset, out string text)
        {
            text = null;
            if (offset >= end)
            {
                return false;
            }

            int count = data[offset];
            int start = offset + 1;
            if (count > end - start || !Utf8.IsText(data, start, count))
            {
                return false;
            }

            text = count == 0 ? "" : Encoding.UTF8.GetString(data, start, count);
            offset = start + count;
            return true;
        }
    }
}
