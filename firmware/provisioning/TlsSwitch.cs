using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Provisioning
{
    /// <summary>Takes a screen in service to the root that its gateway offers, from a port without TLS or from a root before. A start
    /// with the offered way is a trial; a session over TLS ends it for good, by writing the identity. Without one the screen goes back
    /// to the way before and tries again later. There is no way back from TLS to a port without: only the cable writes that.
    /// Each change of the way is a restart, because the platform reads its roots at boot.</summary>
    public sealed class TlsSwitch
    {
        /// <summary>A trial lasts so long, with network and without a session.</summary>
        public const long TrialMs = 300000;
        /// <summary>Of one trial: a board that stands still in a handshake is started again by its watchdog.</summary>
        public const int StartsMax = 3;
        /// <summary>From the first trial that was given up to the next; twice as long each time.</summary>
        public const long PauseMs = 3600000;
        public const long PauseMsMax = 86400000;
        /// <summary>Where the way before leads nowhere any more, as after the end of plain connections; up to four times as long.</summary>
        public const long LostMs = 900000;
        private const long SaveAgainMs = 60000;
        private const string Name = "switch";

        private readonly IdentityFile identityFile;
        private readonly RootFile rootFile;
        private readonly SafeFile file;
        private readonly byte[] content = new byte[SwitchRecord.Bytes];
        private DeviceIdentity own;
        private DeviceIdentity tried;
        private SwitchRecord record;
        private long lookedAtMs;
        private long withoutSessionMs;
        private long saveAtMs;

        /// <param name="identity">As it stands on flash; null or without a host: not set up.</param>
        public TlsSwitch(IFlash flash, DeviceIdentity identity, ResetReason lastReset)
        {
            identityFile = new IdentityFile(flash);
            rootFile = new RootFile(flash);
            file = new SafeFile(flash, Name, SwitchRecord.Bytes);
            own = identity;
            record = identity == null ? null : Load();
            if (record == null)
            {
                return;
            }

            if (!record.IsGivenUp && record.Starts >= StartsMax)
            {
                GiveUp(LinkFault.Stopped);
                WantsRestart = false;
            }
            else if (record.IsGivenUp && lastReset != ResetReason.Software)
            {
                // Somebody has pulled the plug: perhaps what was in the way is mended.
                TryAgain();
            }

            tried = record.IsGivenUp ? null : Tried();
        }

        /// <summary>What this start goes by. Null where there is no identity.</summary>
        public DeviceIdentity InForce
        {
            get { return tried == null ? own : tried; }
        }

        public bool IsTrial
        {
            get { return tried != null; }
        }

        /// <summary>The way to the gateway changes with the next start.</summary>
        public bool WantsRestart { get; private set; }

        /// <summary>A gateway's offer can be taken.</summary>
        public bool CanTake
        {
            get { return own != null && own.MqttHost.Length > 0; }
        }

        public static bool Erase(IFlash flash)
        {
            return new SafeFile(flash, Name, SwitchRecord.Bytes).Erase();
        }

        /// <summary>Once at each start, when the root is where TLS looks for it: counts the start, so that a board that does not come out
        /// of a handshake does not try for ever.</summary>
        public void Begin()
        {
            if (tried == null)
            {
                return;
            }

            record.Starts++;
            if (!Save())
            {
                tried = null;
            }
        }

        /// <summary>The gateway offers a root, in a session of this start.</summary>
        /// <returns>True when it is new and kept: the next start tries it.</returns>
        public bool Take(RootOffer offer)
        {
            if (!CanTake || tried != null || IsInForce(offer) || IsKnown(offer))
            {
                return false;
            }

            // The root first: a record never names one that is not there.
            if (!rootFile.Save(offer.Root, own.RootDigest))
            {
                return false;
            }

            SwitchRecord before = record;
            record = new SwitchRecord();
            record.Port = offer.Port;
            record.TimePort = offer.TimePort;
            record.IssuedAt = offer.IssuedAt;
            record.Root = offer.Digest;
            record.Identity = DigestOf(own);
            if (!Save())
            {
                record = before;
                return false;
            }

            WantsRestart = true;
            return true;
        }

        /// <param name="hasNetwork">The station has an address.</param>
        /// <param name="isUp">A session with the gateway stands, in the way of this start.</param>
        public void Step(long uptimeMs, bool hasNetwork, bool isUp, LinkFault fault)
        {
            long passed = uptimeMs - lookedAtMs;
            lookedAtMs = uptimeMs;
            withoutSessionMs = isUp ? 0 : hasNetwork ? withoutSessionMs + passed : withoutSessionMs;
            if (record == null || WantsRestart)
            {
                return;
            }

            if (tried == null)
            {
                WantsRestart = record.IsGivenUp && IsDue(uptimeMs) && TryAgain();
            }
            else if (isUp && uptimeMs >= saveAtMs)
            {
                saveAtMs = uptimeMs + SaveAgainMs;
                Prove();
            }
            else if (withoutSessionMs >= TrialMs)
            {
                GiveUp(fault == LinkFault.None ? LinkFault.NoConnection : fault);
            }
        }

        public void Describe(ScreenTransport transport)
        {
            transport.Tls = InForce.MqttTls;
            transport.Host = InForce.MqttHost;
            transport.Root = Short(InForce.RootDigest);
            transport.Offered = record == null ? Empty.Bytes : Short(record.Root);
            transport.Trials = record == null ? 0 : record.Trials;
            transport.Fault = record == null ? 0 : record.Fault;
        }

        private bool IsDue(long uptimeMs)
        {
            long pause = PauseMs;
            long lost = LostMs;
            for (int i = 1; i < record.Trials && pause < PauseMsMax; i++)
            {
                pause *= 2;
                lost = lost < 4 * LostMs ? lost * 2 : lost;
            }

            return uptimeMs >= (pause < PauseMsMax ? pause : PauseMsMax) || withoutSessionMs >= lost;
        }

        private bool TryAgain()
        {
            record.IsGivenUp = false;
            record.Starts = 0;
            bool saved = Save();
            record.IsGivenUp = !saved;
            return saved;
        }

        /// <summary>One write: before it a trial is due, after it the record is no longer this identity's.</summary>
        private void Prove()
        {
            if (identityFile.Save(tried))
            {
                own = tried;
                tried = null;
                record = null;
                file.Erase();
            }
        }

        private void GiveUp(LinkFault fault)
        {
            record.IsGivenUp = true;
            record.Trials = record.Trials < SwitchRecord.CountMax ? record.Trials + 1 : record.Trials;
            record.Fault = (int)fault;
            Save();
            WantsRestart = true;
        }

        private bool IsInForce(RootOffer offer)
        {
            return own.MqttTls && own.MqttPort == offer.Port && Sha256.AreEqual(own.RootDigest, offer.Digest);
        }

        private bool IsKnown(RootOffer offer)
        {
            return record != null && record.Port == offer.Port && record.TimePort == offer.TimePort && Sha256.AreEqual(record.Root, offer.Digest);
        }

        /// <returns>Null where there is none that is whole, of this identity, and with its root.</returns>
        private SwitchRecord Load()
        {
            int length;
            byte[] der;
            SwitchRecord loaded;
            return file.TryLoad(content, out length) && SwitchRecord.TryDecode(content, length, out loaded)
                && Sha256.AreEqual(loaded.Identity, DigestOf(own)) && rootFile.TryLoad(loaded.Root, out der) ? loaded : null;
        }

        private bool Save()
        {
            record.Encode(content);
            return file.Save(content, SwitchRecord.Bytes);
        }

        private DeviceIdentity Tried()
        {
            DeviceIdentity copy = new DeviceIdentity();
            copy.Kind = own.Kind;
            copy.DeviceId = own.DeviceId;
            copy.Place = own.Place;
            copy.Language = own.Language;
            copy.MqttHost = own.MqttHost;
            copy.MqttPort = record.Port;
            copy.MqttTls = true;
            copy.MqttUser = own.MqttUser;
            copy.MqttPassword = own.MqttPassword;
            copy.RootDigest = record.Root;
            copy.IssuedAt = record.IssuedAt;
            copy.TimePort = record.TimePort;
            return copy;
        }

        private static byte[] DigestOf(DeviceIdentity identity)
        {
            byte[] bytes = new byte[PortFrames.PayloadBytesMax];
            byte[] digest = new byte[Sha256.DigestBytes];
            int length = identity.Encode(bytes);
            new Sha256().Compute(bytes, 0, length > 0 ? length : 0, digest);
            return digest;
        }

        private static byte[] Short(byte[] digest)
        {
            byte[] part = new byte[digest.Length < ScreenFormat.DigestBytes ? 0 : ScreenFormat.DigestBytes];
            for (int i = 0; i < part.Length; i++)
            {
                part[i] = digest[i];
            }

            return part;
        }
    }
}
