using Quartier.Board;
using Quartier.Provisioning;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>Why a catalogue could not be stored; what is on show stays.</summary>
    public enum StoreRefusal
    {
        None = 0,
        /// <summary>More than <see cref="CatalogueStore.CapacityEntries"/>.</summary>
        TooManyEntries = 1,
        /// <summary>It does not fit beside the one on show.</summary>
        NoRoom = 2,
        /// <summary>The flash took no index, or an entry that was written is gone.</summary>
        FlashFailed = 3,
    }

    /// <summary>The catalogue on flash: entries as records of a log, named by their digests; an index of two generations says which of
    /// them make the catalogue. Entries are written before any index names them, and room is taken back only from what neither the
    /// catalogue on show nor the one that is being fetched names. The switch is one guarded write of the index. So a cut at any
    /// byte leaves the old catalogue or the new one, whole.</summary>
    public sealed class CatalogueStore
    {
        public const int EntriesMax = LogRoom.EntriesMax;

        private const int IndexHeaderBytes = 18;
        private const int LoadedPerStep = 8;
        private readonly IFlash flash;
        private readonly SafeFile index;
        private readonly FlashLog log;
        private readonly SegmentReclaim reclaim;
        private readonly OldEntries old;
        private readonly Sha256 sha = new Sha256();
        private readonly byte[] hash = new byte[Sha256.DigestBytes];
        private readonly byte[] file = new byte[ScreenFormat.PayloadBytesMax + 4];
        /// <summary>Content of the index last read or written.</summary>
        private readonly byte[] named = new byte[IndexHeaderBytes + (EntriesMax * DigestList.DigestBytes)];
        private int namedBytes;
        private Catalogue loading;
        private int loadingAt;
        private int loadingCount;
        private bool loadingOlder;
        private bool loadingSome;
        private bool damaged;
        private bool scanning;

        public CatalogueStore(IFlash flash)
        {
            this.flash = flash;
            index = new SafeFile(flash, "index", named.Length);
            log = new FlashLog(flash, file);
            reclaim = new SegmentReclaim(log, file);
            old = new OldEntries(flash, log, file);
        }

        /// <summary>Never null; <see cref="Catalogue.None"/> when nothing is stored.</summary>
        public Catalogue Current { get; private set; } = Catalogue.None;

        /// <summary>A catalogue is being read from flash.</summary>
        public bool Loading
        {
            get { return scanning || loading != null; }
        }

        /// <summary>False while room is being made: leave the next entry where it is.</summary>
        public bool Ready
        {
            get { return !Loading && !reclaim.IsDue; }
        }

        /// <summary>How many entries a catalogue may have, so that the next one fits beside it.</summary>
        public int CapacityEntries
        {
            get { return LogRoom.CatalogueEntries(flash.TotalBytes, log.Segments); }
        }

        /// <summary>How many bytes their payloads may have together.</summary>
        public int CapacityBytes
        {
            get { return LogRoom.CatalogueBytes(flash.TotalBytes, log.Segments); }
        }

        /// <summary>Why the last catalogue was refused; None again after a switch.</summary>
        public StoreRefusal Refusal { get; private set; }

        /// <summary>Begins to load the newest catalogue that is whole.</summary>
        public void Open()
        {
            loading = null;
            if (index.TryLoadOlder(named, out namedBytes))
            {
                NoteNamed();
            }

            if (index.TryLoad(named, out namedBytes))
            {
                NoteNamed();
            }

            log.BeginScan();
            scanning = true;
        }

        /// <summary>Loads some entries, else does a part of what tidying there is: at most twenty calls of the flash, and once one listing.</summary>
        /// <returns>True when there is nothing left to load.</returns>
        public bool Step()
        {
            if (scanning)
            {
                ScanStep();
            }
            else if (loading != null)
            {
                LoadStep();
            }
            else if (reclaim.IsDue)
            {
                reclaim.Step();
            }
            else if (!old.Done)
            {
                old.Step();
            }

            return !Loading;
        }

        /// <summary>Another catalogue will be fetched: what an earlier one wanted gives its room back, but what this one
        /// <see cref="Has"/>.</summary>
        public void BeginTarget()
        {
            log.Records.Unmark(RecordTable.Wanted);
            reclaim.LookAgain();
        }

        /// <summary>Whether an entry is there; if so it stays for the catalogue that is being fetched.</summary>
        public bool Has(byte[] digest, int offset)
        {
            int record = log.Records.Find(digest, offset);
            if (record < 0 || log.Records.PlaceOf(record) == RecordTable.Nowhere)
            {
                return false;
            }

            log.Records.Mark(record, RecordTable.Wanted);
            return true;
        }

        /// <summary>Reads one entry's texts.</summary>
        public bool TryGet(byte[] digest, int offset, out CatalogueEntry entry)
        {
            int record = log.Records.Find(digest, offset);
            int length = record < 0 ? 0 : log.Records.LengthOf(record);
            entry = null;
            return ((record >= 0 && log.TryRead(record, file)) || old.TryRead(digest, offset, out length))
                && CatalogueEntry.TryDecode(file, length, out entry);
        }

        /// <summary>First eight bytes of the SHA-256.</summary>
        /// <param name="into">At least 32 bytes.</param>
        public void DigestOf(byte[] payload, int length, byte[] into)
        {
            sha.Compute(payload, 0, length, into);
        }

        /// <summary>Whether so many entries fit; notes the refusal if not.</summary>
        public bool CanHold(int entries)
        {
            Refusal = entries > CapacityEntries ? StoreRefusal.TooManyEntries : Refusal;
            return entries <= CapacityEntries;
        }

        /// <summary>Counts on the whole partition again, whatever was refused before.</summary>
        public void TryAllOfIt()
        {
            log.Grow();
            reclaim.LookAgain();
        }

        /// <summary>Takes an entry of the catalogue that is being fetched; it is durable when <see cref="Switch"/> has succeeded.</summary>
        public FlashStatus Put(byte[] payload, int length)
        {
            sha.Compute(payload, 0, length, hash);
            return Note(log.Append(hash, payload, length));
        }

        /// <summary>Makes a list of stored entries the catalogue and begins to load it.</summary>
        /// <returns>False when an entry or the index could not be written; nothing has changed then.</returns>
        public bool Switch(DigestList entries, byte[] digest, long issuedUnixSeconds)
        {
            if (Note(log.Flush()) != FlashStatus.Ok || !AreStored(entries))
            {
                return false;
            }

            Copy(digest, 0, named, 0, DigestList.DigestBytes);
            Bytes.Write(named, 8, 8, issuedUnixSeconds);
            Bytes.Write(named, 16, 2, entries.Count);
            Copy(entries.Packed, 0, named, IndexHeaderBytes, entries.Count * DigestList.DigestBytes);
            namedBytes = IndexHeaderBytes + (entries.Count * DigestList.DigestBytes);
            if (!index.Save(named, namedBytes))
            {
                log.Shrink();
                Refusal = StoreRefusal.FlashFailed;
                return false;
            }

            Refusal = StoreRefusal.None;
            log.Records.Unmark(RecordTable.Shown | RecordTable.Wanted);
            reclaim.LookAgain();
            loadingOlder = false;
            loadingSome = false;
            Begin(true);
            return true;
        }

        private FlashStatus Note(FlashStatus status)
        {
            if (status != FlashStatus.Ok)
            {
                Refusal = status == FlashStatus.Full ? StoreRefusal.NoRoom : StoreRefusal.FlashFailed;
            }

            return status;
        }

        private bool AreStored(DigestList entries)
        {
            for (int i = 0; i < entries.Count; i++)
            {
                if (!Has(entries.Packed, i * DigestList.DigestBytes))
                {
                    Refusal = StoreRefusal.FlashFailed;
                    return false;
                }
            }

            return true;
        }

        /// <summary>Before the log is read: so that what an index names finds its place in the table.</summary>
        private void NoteNamed()
        {
            for (int i = 0; i < NamedCount(); i++)
            {
                log.Records.Add(named, IndexHeaderBytes + (i * DigestList.DigestBytes));
            }
        }

        private void ScanStep()
        {
            if (log.ScanStep())
            {
                scanning = false;
                loadingOlder = false;
                loadingSome = false;
                old.Begin();
                Begin(index.TryLoad(named, out namedBytes));
            }
        }

        private int NamedCount()
        {
            int count = namedBytes < IndexHeaderBytes ? -1 : (int)Bytes.Read(named, 16, 2);
            return count > EntriesMax || namedBytes != IndexHeaderBytes + (count * DigestList.DigestBytes) ? -1 : count;
        }

        private void Begin(bool read)
        {
            loading = null;
            damaged = false;
            int count = read ? NamedCount() : -1;
            if (count < 0)
            {
                return;
            }

            loading = new Catalogue(count);
            loading.IssuedUnixSeconds = Bytes.Read(named, 8, 8);
            loadingCount = count;
            loadingAt = 0;
            for (int i = 0; i < count; i++)
            {
                int record = log.Records.Find(named, IndexHeaderBytes + (i * DigestList.DigestBytes));
                if (record >= 0)
                {
                    log.Records.Mark(record, RecordTable.Shown);
                }
            }
        }

        private void LoadStep()
        {
            for (int i = 0; loading != null && i < LoadedPerStep; i++)
            {
                if (loadingAt == loadingCount)
                {
                    Finish();
                }
                else
                {
                    LoadOne();
                }
            }
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
                Miss(offset);
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

        /// <summary>What cannot be read is fetched again.</summary>
        private void Miss(int offset)
        {
            int record = log.Records.Find(named, offset);
            if (record >= 0)
            {
                log.Records.SetPlace(record, RecordTable.Nowhere, 0);
            }
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
                Copy(named, 0, loading.Digest, 0, DigestList.DigestBytes);
            }

            Current = loading;
            loading = null;
        }

        private static void Copy(byte[] from, int start, byte[] to, int at, int count)
        {
            System.Array.Copy(from, start, to, at, count);
        }
    }
}
