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
        /// <summary>The change does not start from what is on show, or could not be stored: say hello again.</summary>
        Refused = 3,
    }

    /// <summary>Follows a manifest: collects its parts, asks for the entries that are not on flash, thirty-two at a time, and
    /// switches when all are there. Entries that arrived before a cut are not asked for again.</summary>
    public sealed class CatalogueSync
    {
        private const long PatienceMs = 20000;

        private readonly CatalogueStore store;
        private readonly Outbox outbox;
        private readonly string wantTopic;
        private readonly DigestList target = new DigestList(CatalogueStore.EntriesMax);
        private readonly bool[] present = new bool[CatalogueStore.EntriesMax];
        private readonly byte[] digest = new byte[DigestList.DigestBytes];
        private readonly byte[] hash = new byte[Sha256.DigestBytes];
        private bool collecting;
        private int nextPart;
        private bool fetching;
        private int missing;
        private int asked;
        private int entryCount;
        private long issuedUnixSeconds;
        private long askedAtMs;

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

        public SyncResult OnManifest(CatalogueManifest manifest, long uptimeMs)
        {
            if (manifest.Digest.Length == store.Current.Digest.Length && DigestList.AreEqual(manifest.Digest, 0, store.Current.Digest, 0))
            {
                Abandon();
                return SyncResult.Confirmed;
            }

            if (fetching && DigestList.AreEqual(manifest.Digest, 0, digest, 0))
            {
                return SyncResult.Nothing;
            }

            if (manifest.Part == 1)
            {
                if (!Start(manifest))
                {
                    return Refuse();
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

            store.DigestOf(payload, length, hash);
            int at = target.IndexOf(hash, 0);
            CatalogueEntry entry;
            if (at < 0 || present[at] || !CatalogueEntry.TryDecode(payload, length, out entry))
            {
                return SyncResult.Nothing;
            }

            if (store.Put(payload, length) != FlashStatus.Ok)
            {
                return Refuse();
            }

            present[at] = true;
            missing--;
            asked--;
            askedAtMs = uptimeMs;
            if (missing == 0)
            {
                return Switch();
            }

            if (asked <= 0)
            {
                Ask(uptimeMs);
            }

            return SyncResult.Nothing;
        }

        /// <summary>Asks again for what did not come.</summary>
        public void Step(long uptimeMs)
        {
            if (fetching && uptimeMs - askedAtMs >= PatienceMs)
            {
                Ask(uptimeMs);
            }
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

        private bool Start(CatalogueManifest manifest)
        {
            Abandon();
            target.Count = 0;
            if (!store.CanHold(manifest.EntryCount))
            {
                return false;
            }

            if (manifest.Base.Length > 0)
            {
                byte[] shown = store.Current.Digest;
                if (shown.Length == 0 || !DigestList.AreEqual(manifest.Base, 0, shown, 0))
                {
                    return false;
                }

                for (int i = 0; i < store.Current.Count; i++)
                {
                    target.TryAdd(store.Current.Digests.Packed, i * DigestList.DigestBytes);
                }
            }

            for (int i = 0; i < DigestList.DigestBytes; i++)
            {
                digest[i] = manifest.Digest[i];
            }

            collecting = true;
            nextPart = 1;
            entryCount = manifest.EntryCount;
            issuedUnixSeconds = manifest.IssuedUnixSeconds;
            return true;
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
                return Switch();
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
            askedAtMs = uptimeMs;
            outbox.Commit(wantTopic, want.Encode(outbox.Reserve()));
        }

        private SyncResult Switch()
        {
            fetching = false;
            if (!store.Switch(target, digest, issuedUnixSeconds))
            {
                return Refuse();
            }

            return SyncResult.Switched;
        }
    }
}
