using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>Entries as earlier versions kept them: a file each, named by its digest, its bytes then their CRC-32. They are shown as
    /// long as the catalogue names them, taken over into the log, and deleted, some a step; the folder is listed twice for all.</summary>
    public sealed class OldEntries
    {
        private const int NameLength = 18;
        private const int FilesPerStep = 4;
        private const int CrcBytes = 4;

        private readonly IFlash flash;
        private readonly FlashLog log;
        private readonly byte[] file;
        private readonly byte[] digest = new byte[DigestList.DigestBytes];
        private readonly char[] name = new char[NameLength];
        private int at;
        private int taken;
        private bool taking;
        private bool done = true;

        /// <param name="file">Room for the longest payload and four bytes more; used during calls only.</param>
        public OldEntries(IFlash flash, FlashLog log, byte[] file)
        {
            this.flash = flash;
            this.log = log;
            this.file = file;
        }

        public bool Done
        {
            get { return done; }
        }

        public void Begin()
        {
            done = false;
            taking = false;
            at = 0;
            taken = 0;
        }

        /// <summary>Reads an entry's payload to the file buffer's beginning.</summary>
        public bool TryRead(byte[] wanted, int offset, out int length)
        {
            return TryRead(NameOf(wanted, offset), out length);
        }

        /// <summary>First deletes what the catalogue does not name, which makes room; then takes over the rest.</summary>
        public void Step()
        {
            int files = 0;
            string found;
            while (files < FilesPerStep)
            {
                if (!flash.TryGetName(at, out found))
                {
                    Turn();
                    return;
                }

                at++;
                if (TryParseName(found, digest))
                {
                    files++;
                    Treat(found);
                }
            }
        }

        private void Turn()
        {
            done = taking || taken == 0;
            taking = true;
            at = 0;
        }

        private void Treat(string found)
        {
            int record = log.Records.Find(digest, 0);
            bool named = record >= 0 && log.Records.IsMarked(record) && log.Records.PlaceOf(record) == RecordTable.Nowhere;
            int length;
            if (named && !taking)
            {
                taken++;
                return;
            }

            if (!named || !TryRead(found, out length) || (log.Append(digest, file, length) == FlashStatus.Ok && log.Flush() == FlashStatus.Ok))
            {
                flash.Delete(found);
            }
        }

        private bool TryRead(string from, out int length)
        {
            length = 0;
            int bytes;
            if (flash.Read(from, file, out bytes) != FlashStatus.Ok || bytes <= CrcBytes
                || Bytes.Read(file, bytes - CrcBytes, CrcBytes) != Crc32.Of(file, 0, bytes - CrcBytes))
            {
                return false;
            }

            length = bytes - CrcBytes;
            return true;
        }

        private string NameOf(byte[] wanted, int offset)
        {
            name[0] = 'e';
            name[1] = '-';
            for (int i = 0; i < DigestList.DigestBytes; i++)
            {
                name[2 + (2 * i)] = HexOf(wanted[offset + i] / 16);
                name[3 + (2 * i)] = HexOf(wanted[offset + i] % 16);
            }

            return new string(name);
        }

        private static bool TryParseName(string text, byte[] digest)
        {
            char[] letters = text.ToCharArray();
            if (letters.Length != NameLength || letters[0] != 'e' || letters[1] != '-')
            {
                return false;
            }

            for (int i = 0; i < DigestList.DigestBytes; i++)
            {
                int high = HexValue(letters[2 + (2 * i)]);
                int low = HexValue(letters[3 + (2 * i)]);
                if (high < 0 || low < 0)
                {
                    return false;
                }

                digest[i] = (byte)((high * 16) + low);
            }

            return true;
        }

        /// <summary>Small letters: so the files are named on flashes in the field.</summary>
        private static char HexOf(int digit)
        {
            return (char)(Hex.Digit(digit) | 0x20);
        }

        private static int HexValue(char c)
        {
            return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        }
    }
}
