using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    public enum SyncResult
    {
        Nothing = 0,
        /// <summary>The gateway named the very catalogue on show.</summary>
        Confirmed = 1,
        /// <summary>A new catalogue was written and is being loaded.</summary>
        Switched = 2,
        /// <summary>The change does not start from what is on show: say hello again.</summary>
        Refused = 3,
        /// <summary>It does not fit. What is on show stays; the same catalogue is not tried again before <see cref="CatalogueSync.TryAgainAtMs"/>.</summary>
        Full = 4,
    }

    /// <summary>Follows a manifest: collects its parts, asks for the entries that are not on flash, thirty-two at a time, and
    /// switches when all are there. Entries that arrived before a cut are not asked for again. One request is open at a time, and
    /// the entries are its answer: it is asked again only after a silence, however late its acknowledgement is.</summary>
    public sealed class CatalogueSync
    {
        private const long PatienceMsMin = 20000;
        private const long PatienceMsMax = 300000;
        private const long FullMsMin = 60000;
        private const long FullMsMax = 6 * 3600000;

        private readonly CatalogueStore store;
        private readonly Outbox outbox;
        private readonly string wantTopic;
        private readonly DigestList target = new DigestList(CatalogueStore.EntriesMax);
        private readonly bool[] present = new bool[CatalogueStore.EntriesMax];
        private readonly byte[] digest = new byte[DigestList.DigestBytes];
        private readonly byte[] tooLarge = new byte[DigestList.DigestBytes];
        private readonly byte[] hash = new byte[Sha256.DigestBytes];
        private bool collecting;
        private int nextPart;
        private bool fetching;
        private int missing;
        private int asked;
        private int entryCount;
        private long issuedUnixSeconds;
        private long heardAtMs;
        private long patienceMs = PatienceMsMin;
        private long fullMs;
        private long fullSinceMs;

        public CatalogueSync(CatalogueStore store, Outbox outbox, string deviceId)
        {
            this.store = store;
            this.outbox = outbox;
            wantTopic = ScreenTopics.Build(deviceId, ScreenTopics.Want);
        }

        public bool Busy
        {
            get { return fetching || collecting; }
        }

        /// <summary>When the catalogue that did not fit may be tried again; each time it still does not, the pause doubles.</summary>
        public long TryAgainAtMs { get; private set; }

        public SyncResult OnManifest(CatalogueManifest manifest, long uptimeMs)
        {
            heardAtMs = uptimeMs;
            if (manifest.Digest.Length == store.Current.Digest.Length && DigestList.AreEqual(manifest.Digest, 0, store.Current.Digest, 0))
            {
                Abandon();
                return SyncResult.Confirmed;
            }

            if (fetching && DigestList.AreEqual(manifest.Digest, 0, digest, 0))
            {
                return SyncResult.Nothing;
            }

            if (uptimeMs < TryAgainAtMs && DigestList.AreEqual(manifest.Digest, 0, tooLarge, 0))
            {
                return SyncResult.Full;
            }

            if (manifest.Part == 1)
            {
                SyncResult started = Start(manifest, uptimeMs);
                if (started != SyncResult.Nothing)
                {
                    return started;
                }
            }
            else if (!collecting || manifest.Part != nextPart || !DigestList.AreEqual(manifest.Digest, 0, digest, 0))
            {
                return SyncResult.Nothing;
            }

            if (!Apply(manifest))
            {
                return Refuse();
            }

            nextPart++;
            return manifest.Part < manifest.Parts ? SyncResult.Nothing : Complete(uptimeMs);
        }

        public SyncResult OnEntry(byte[] payload, int length, long uptimeMs)
        {
            if (!fetching)
            {
                return SyncResult.Nothing;
            }

            heardAtMs = uptimeMs;
            store.DigestOf(payload, length, hash);
            int at = target.IndexOf(hash, 0);
            CatalogueEntry entry;
            if (at < 0 || present[at] || !CatalogueEntry.TryDecode(payload, length, out entry))
            {
                return SyncResult.Nothing;
            }

            if (store.Put(payload, length) != FlashStatus.Ok)
            {
                return Full(uptimeMs);
            }

            patienceMs = PatienceMsMin;
            present[at] = true;
            missing--;
            asked--;
            if (missing == 0)
            {
                return Switch(uptimeMs);
            }

            if (asked <= 0)
            {
                Ask(uptimeMs);
            }

            return SyncResult.Nothing;
        }

        /// <summary>Asks again when nothing at all has come for a while, ever more rarely. A manifest whose parts do not all come is let go.</summary>
        /// <returns>True when it did: then the line itself is in doubt.</returns>
        public bool Step(long uptimeMs)
        {
            if (fullSinceMs > 0 && uptimeMs - fullSinceMs >= FullMsMax)
            {
                // What filled the flash may be gone by now; a try that fails costs a segment.
                fullSinceMs = 0;
                store.TryAllOfIt();
            }

            if (!Busy || uptimeMs - heardAtMs < patienceMs)
            {
                return false;
            }

            if (fetching)
            {
                patienceMs = patienceMs * 2 > PatienceMsMax ? PatienceMsMax : patienceMs * 2;
                Ask(uptimeMs);
            }

            collecting = false;
            return true;
        }

        /// <summary>The session ended; the gateway will send a manifest again.</summary>
        public void Abandon()
        {
            fetching = false;
            collecting = false;
        }

        private SyncResult Refuse()
        {
            Abandon();
            return SyncResult.Refused;
        }

        private SyncResult Full(long uptimeMs)
        {
            Abandon();
            bool again = DigestList.AreEqual(digest, 0, tooLarge, 0);
            fullMs = !again || fullMs == 0 ? FullMsMin : fullMs * 2 > FullMsMax ? FullMsMax : fullMs * 2;
            TryAgainAtMs = uptimeMs + fullMs;
            fullSinceMs = fullSinceMs == 0 ? uptimeMs : fullSinceMs;
            for (int i = 0; i < DigestList.DigestBytes; i++)
            {
                tooLarge[i] = digest[i];
            }

            return SyncResult.Full;
        }

        private SyncResult Start(CatalogueManifest manifest, long uptimeMs)
        {
            Abandon();
            target.Count = 0;
            for (int i = 0; i < DigestList.DigestBytes; i++)
            {
                digest[i] = manifest.Digest[i];
            }

            if (!store.CanHold(manifest.EntryCount))
            {
                return Full(uptimeMs);
            }

            if (manifest.Base.Length > 0)
            {
                byte[] shown = store.Current.Digest;
                if (shown.Length == 0 || !DigestList.AreEqual(manifest.Base, 0, shown, 0))
                {
                    return SyncResult.Refused;
                }

                for (int i = 0; i < store.Current.Count; i++)
                {
                    target.TryAdd(store.Current.Digests.Packed, i * DigestList.DigestBytes);
                }
            }

            patienceMs = PatienceMsMin;
            collecting = true;
            nextPart = 1;
            entryCount = manifest.EntryCount;
            issuedUnixSeconds = manifest.IssuedUnixSeconds;
            return SyncResult.Nothing;
        }

        private bool Apply(CatalogueManifest manifest)
        {
            for (int i = 0; i < manifest.Drop.Count; i++)
            {
                int at = target.IndexOf(manifest.Drop.Packed, i * DigestList.DigestBytes);
                if (at < 0)
                {
                    return false;
                }

                Drop(at);
            }

            for (int i = 0; i < manifest.Add.Count; i++)
            {
                if (target.IndexOf(manifest.Add.Packed, i * DigestList.DigestBytes) < 0
                    && !target.TryAdd(manifest.Add.Packed, i * DigestList.DigestBytes))
                {
                    return false;
                }
            }

            return true;
        }

        private void Drop(int at)
        {
            int last = target.Count - 1;
            for (int i = 0; i < DigestList.DigestBytes; i++)
            {
                target.Packed[(at * DigestList.DigestBytes) + i] = target.Packed[(last * DigestList.DigestBytes) + i];
            }

            target.Count = last;
        }

        private SyncResult Complete(long uptimeMs)
        {
            collecting = false;
            if (target.Count != entryCount)
            {
                return Refuse();
            }

            missing = 0;
            store.BeginTarget();
            for (int i = 0; i < target.Count; i++)
            {
                present[i] = store.Has(target.Packed, i * DigestList.DigestBytes);
                missing += present[i] ? 0 : 1;
            }

            if (missing == 0)
            {
                return Switch(uptimeMs);
            }

            fetching = true;
            Ask(uptimeMs);
            return SyncResult.Nothing;
        }

        private void Ask(long uptimeMs)
        {
            ScreenWant want = new ScreenWant();
            want.Manifest = digest;
            for (int i = 0; i < target.Count && want.Entries.Count < ScreenWant.EntriesMax; i++)
            {
                if (!present[i])
                {
                    want.Entries.TryAdd(target.Packed, i * DigestList.DigestBytes);
                }
            }

            asked = want.Entries.Count;
            heardAtMs = uptimeMs;
            outbox.CommitQuestion(wantTopic, want.Encode(outbox.Reserve()));
        }

        private SyncResult Switch(long uptimeMs)
        {
            fetching = false;
            if (!store.Switch(target, digest, issuedUnixSeconds))
            {
                return Full(uptimeMs);
            }

            TryAgainAtMs = 0;
            fullMs = 0;
            return SyncResult.Switched;
        }
    }
}
