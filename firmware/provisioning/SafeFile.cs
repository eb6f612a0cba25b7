using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Provisioning
{
    /// <summary>A file that a power cut at any byte cannot spoil: two names, written in turn, each with its generation and a CRC-32.
    /// Everything that a device keeps goes through it, but the catalogue's entries, which are named by their digest.
    /// <code>
    /// 0..3 generation | 4..5 length | 6.. content | last 4 CRC-32 of all before; numbers big-endian
    /// </code></summary>
    public sealed class SafeFile
    {
        private const int HeadBytes = 6;
        private const int CrcBytes = 4;

        private readonly IFlash flash;
        private readonly string[] names;
        private readonly byte[] buffer;

        public SafeFile(IFlash flash, string name, int contentBytesMax)
        {
            this.flash = flash;
            names = new string[] { name + ".0", name + ".1" };
            buffer = new byte[HeadBytes + contentBytesMax + CrcBytes];
        }

        /// <summary>The newest content that is whole.</summary>
        /// <param name="into">Room for the longest content; a longer one is refused.</param>
        public bool TryLoad(byte[] into, out int length)
        {
            long generation;
            return TryLoad(Newest(out generation), into, out length);
        }

        /// <summary>The content before the newest; false when it is not whole.</summary>
        public bool TryLoadOlder(byte[] into, out int length)
        {
            long generation;
            int newest = Newest(out generation);
            return TryLoad(newest < 0 ? newest : 1 - newest, into, out length);
        }

        /// <returns>False when the flash refused; the content before is still there then.</returns>
        public bool Save(byte[] from, int length)
        {
            long generation;
            int newest = Newest(out generation);
            return Save(from, length, newest == 0 ? 1 : 0, newest < 0 ? 1 : generation + 1);
        }

        /// <summary>Takes the place of the newest; the content before that is kept.</summary>
        /// <returns>False when the flash refused; the newest may be lost then.</returns>
        public bool SaveOverNewest(byte[] from, int length)
        {
            long generation;
            int newest = Newest(out generation);
            return Save(from, length, newest < 0 ? 0 : newest, generation + 1);
        }

        public bool Erase()
        {
            bool erased = true;
            for (int i = 0; i < names.Length; i++)
            {
                FlashStatus status = flash.Delete(names[i]);
                erased = erased && (status == FlashStatus.Ok || status == FlashStatus.NotFound);
            }

            return erased;
        }

        private bool Save(byte[] from, int length, int target, long generation)
        {
            if (length < 0 || length > buffer.Length - HeadBytes - CrcBytes)
            {
                return false;
            }

            Put(0, (uint)generation);
            buffer[4] = (byte)(length / 256);
            buffer[5] = (byte)(length % 256);
            for (int i = 0; i < length; i++)
            {
                buffer[HeadBytes + i] = from[i];
            }

            Put(HeadBytes + length, Crc32.Of(buffer, 0, HeadBytes + length));
            int total = HeadBytes + length + CrcBytes;
            if (flash.Write(names[target], buffer, total) != FlashStatus.Ok)
            {
                return false;
            }

            // Read back: what was acknowledged must be there after the cable is pulled.
            long written;
            int back;
            return TryRead(target, out written, out back) && written == generation && back == length;
        }

        private bool TryLoad(int which, byte[] into, out int length)
        {
            long generation;
            length = 0;
            if (which < 0 || !TryRead(which, out generation, out length) || length > into.Length)
            {
                length = 0;
                return false;
            }

            for (int i = 0; i < length; i++)
            {
                into[i] = buffer[HeadBytes + i];
            }

            return true;
        }

        private int Newest(out long generation)
        {
            long first;
            long second;
            int length;
            bool hasFirst = TryRead(0, out first, out length);
            bool hasSecond = TryRead(1, out second, out length);
            if (hasFirst && (!hasSecond || first > second))
            {
                generation = first;
                return 0;
            }

            generation = second;
            return hasSecond ? 1 : -1;
        }

        private bool TryRead(int which, out long generation, out int length)
        {
            int total;
            generation = 0;
            length = 0;
            if (flash.Read(names[which], buffer, out total) != FlashStatus.Ok || total < HeadBytes + CrcBytes || total > buffer.Length)
            {
                return false;
            }

            int claimed = (buffer[4] * 256) + buffer[5];
            if (claimed != total - HeadBytes - CrcBytes || Get(total - CrcBytes) != Crc32.Of(buffer, 0, total - CrcBytes))
            {
                return false;
            }

            generation = Get(0);
            length = claimed;
            return true;
        }

        private void Put(int at, uint value)
        {
            for (int i = 3; i >= 0; i--)
            {
                buffer[at + i] = (byte)(value % 256);
                value /= 256;
            }
        }

        private uint Get(int at)
        {
            uint value = 0;
            for (int i = 0; i < 4; i++)
            {
                value = (value * 256) + buffer[at + i];
            }

            return value;
        }
    }
}
