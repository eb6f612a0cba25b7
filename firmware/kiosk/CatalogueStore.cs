using Quartier.Board;
using Quartier.Provisioning;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>The catalogue on flash. An entry is a file named by its digest, its bytes then their CRC-32, written before any
    /// index names it and deleted only when neither of the two generations of the index does. The switch to a new catalogue is one
    /// guarded write of the index. So a cut at any byte leaves the old catalogue or the new one, whole.</summary>
    public sealed class CatalogueStore
    {
        /// <summary>Limited by the index's buffer in memory.</summary>
        public const int EntriesMax = 1000;

        private const int EntryNameLength = 18;
        private const int IndexHeaderBytes = 18;
        private const int LoadedPerStep = 8;
        private readonly IFlash flash;
        private readonly SafeFile index;
        private readonly Sha256 sha = new Sha256();
        private readonly byte[] hash = new byte[Sha256.DigestBytes];
        private readonly byte[] file = new byte[ScreenFormat.PayloadBytesMax + 4];
        /// <summary>Content of the index last read or written.</summary>
        private readonly byte[] named = new byte[IndexHeaderBytes + (EntriesMax * DigestList.DigestBytes)];
        private readonly char[] name = new char[EntryNameLength];
        private int namedBytes;
        private Catalogue loading;
        private int loadingAt;
        private int loadingCount;
        private bool loadingOlder;
        private bool loadingSome;
        private bool damaged;

        public CatalogueStore(IFlash flash)
        {
            this.flash = flash;
            index = new SafeFile(flash, "index", named.Length);
        }

        /// <summary>Never null; <see cref="Catalogue.None"/> when nothing is stored.</summary>
        public Catalogue Current { get; private set; } = Catalogue.None;

        /// <summary>Begins to load the newest catalogue that is whole.</summary>
        public void Open()
        {
            loadingOlder = false;
            loadingSome = false;
            Begin(index.TryLoad(named, out namedBytes));
        }

        /// <summary>Loads some entries.</summary>
        /// <returns>True when there is nothing left to load.</returns>
        public bool Step()
        {
            for (int i = 0; loading != null && i < LoadedPerStep; i++)
            {
                if (loadingAt == loadingCount)
                {
                    Finish();
                    break;
                }

                LoadOne();
            }

            return loading == null;
        }

        public bool Has(byte[] digest, int offset)
        {
            int ignored;
            return Current.Digests.IndexOf(digest, offset) >= 0 || TryReadEntry(digest, offset, out ignored);
        }

        /// <summary>Reads one entry's texts.</summary>
        public bool TryGet(byte[] digest, int offset, out CatalogueEntry entry)
        {
            int length;
            entry = null;
            return TryReadEntry(digest, offset, out length) && CatalogueEntry.TryDecode(file, length, out entry);
        }

        /// <summary>First eight bytes of the SHA-256.</summary>
        /// <param name="into">At least 32 bytes.</param>
        public void DigestOf(byte[] payload, int length, byte[] into)
        {
            sha.Compute(payload, 0, length, into);
        }

        public FlashStatus Put(byte[] payload, int length)
        {
            sha.Compute(payload, 0, length, hash);
            for (int i = 0; i < length; i++)
            {
                file[i] = payload[i];
            }

            Bytes.Write(file, length, 4, Crc32.Of(file, 0, length));
            return flash.Write(NameOf(hash, 0), file, length + 4);
        }

        /// <summary>Makes a list of stored entries the catalogue and begins to load it.</summary>
        /// <returns>False when the index could not be written; nothing has changed then.</returns>
        public bool Switch(DigestList entries, byte[] digest, long issuedUnixSeconds)
        {
            for (int i = 0; i < DigestList.DigestBytes; i++)
            {
                named[i] = digest[i];
            }

            Bytes.Write(named, 8, 8, issuedUnixSeconds);
            Bytes.Write(named, 16, 2, entries.Count);
            for (int i = 0; i < entries.Count * DigestList.DigestBytes; i++)
            {
                named[IndexHeaderBytes + i] = entries.Packed[i];
            }

            if (!index.Save(named, IndexHeaderBytes + (entries.Count * DigestList.DigestBytes)))
            {
                return false;
            }

            Open();
            return true;
        }

        /// <summary>Deletes entries that no generation names.</summary>
        public void Collect()
        {
            DigestList kept = new DigestList(2 * EntriesMax);
            if (index.TryLoad(named, out namedBytes))
            {
                AddNamed(kept);
            }

            if (index.TryLoadOlder(named, out namedBytes))
            {
                AddNamed(kept);
            }

            byte[] digest = new byte[DigestList.DigestBytes];
            int at = 0;
            string found;
            while (flash.TryGetName(at, out found))
            {
                bool garbage = TryParseName(found, digest) && kept.IndexOf(digest, 0) < 0;
                if (!garbage || flash.Delete(found) != FlashStatus.Ok)
                {
                    at++;
                }
            }
        }

        private void AddNamed(DigestList to)
        {
            int count = (int)Bytes.Read(named, 16, 2);
            for (int i = 0; i < count; i++)
            {
                to.TryAdd(named, IndexHeaderBytes + (i * DigestList.DigestBytes));
            }
        }

        private void Begin(bool read)
        {
            loading = null;
            damaged = false;
            if (!read || namedBytes < IndexHeaderBytes)
            {
                return;
            }

            int count = (int)Bytes.Read(named, 16, 2);
            if (count > EntriesMax || namedBytes != IndexHeaderBytes + (count * DigestList.DigestBytes))
            {
                return;
            }

            loading = new Catalogue(count);
            loading.IssuedUnixSeconds = Bytes.Read(named, 8, 8);
            loadingCount = count;
            loadingAt = 0;
        }

        private void LoadOne()
        {
            int offset = IndexHeaderBytes + (loadingAt * DigestList.DigestBytes);
            CatalogueEntry entry;
            if (TryGet(named, offset, out entry))
            {
                loading.Add(named, offset, entry);
            }
            else
            {
                damaged = true;
                if (!loadingOlder && !loadingSome)
                {
                    loadingOlder = true;
                    Begin(index.TryLoadOlder(named, out namedBytes));
                    FallBackToSome();
                    return;
                }

                if (loadingOlder)
                {
                    loadingOlder = false;
                    loading = null;
                    FallBackToSome();
                    return;
                }
            }

            loadingAt++;
        }

        /// <summary>Neither generation is whole, which a power cut alone cannot cause: show what can be read rather than nothing.</summary>
        private void FallBackToSome()
        {
            if (loading == null)
            {
                loadingOlder = false;
                loadingSome = true;
                Begin(index.TryLoad(named, out namedBytes));
            }
        }

        private void Finish()
        {
            if (!damaged)
            {
                loading.Digest = new byte[DigestList.DigestBytes];
                for (int i = 0; i < DigestList.DigestBytes; i++)
                {
                    loading.Digest[i] = named[i];
                }
            }

            Current = loading;
            loading = null;
        }

        private bool TryReadEntry(byte[] digest, int offset, out int length)
        {
            length = 0;
            int bytes;
            if (flash.Read(NameOf(digest, offset), file, out bytes) != FlashStatus.Ok || bytes < 5
                || Bytes.Read(file, bytes - 4, 4) != Crc32.Of(file, 0, bytes - 4))
            {
                return false;
            }

            length = bytes - 4;
            return true;
        }

        private string NameOf(byte[] digest, int offset)
        {
            name[0] = 'e';
            name[1] = '-';
            for (int i = 0; i < DigestList.DigestBytes; i++)
            {
                name[2 + (2 * i)] = HexOf(digest[offset + i] / 16);
                name[3 + (2 * i)] = HexOf(digest[offset + i] % 16);
            }

            return new string(name);
        }

        private static bool TryParseName(string text, byte[] digest)
        {
            char[] letters = text.ToCharArray();
            if (letters.Length != EntryNameLength || letters[0] != 'e' || letters[1] != '-')
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
