using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Provisioning
{
    /// <summary>What answers on the board's service port: Improv for Wi-Fi, our own frames for the identity. Total against
    /// garbage: text and damaged frames change nothing. Secrets go in and never come out.
    /// The application steps it; whoever owns the line also wakes the application when bytes have arrived.</summary>
    public sealed class ServicePort
    {
        /// <summary>A frame that stops arriving for so long is given up.</summary>
        public const long PartialMs = 500;
        private const long RetryMs = 10;
        private const int BytesPerStep = 2048;

        private readonly ISerialLine line;
        private readonly IWifi wifi;
        private readonly IdentityKind kind;
        private readonly string firmware;
        private readonly IdentityFile file;
        private readonly IFlash flash;
        private readonly RootTransfer root = new RootTransfer();
        private readonly PortFrames frames = new PortFrames();
        private readonly PortOutbox outbox = new PortOutbox();
        private readonly ImprovDevice improv;
        private readonly byte[] chunk = new byte[128];
        private readonly byte[] answer = new byte[PortFrames.PayloadBytesMax];
        private int chunkAt;
        private int chunkEnd;
        private long lastByteMs;
        private bool changed;

        /// <param name="line">Null when the board has no service port; then nothing ever happens.</param>
        /// <param name="wifi">Null for a device without Wi-Fi.</param>
        public ServicePort(ISerialLine line, IWifi wifi, IFlash flash, IdentityKind kind, string firmwareVersion)
        {
            this.line = line;
            this.wifi = wifi;
            this.kind = kind;
            firmware = firmwareVersion;
            file = new IdentityFile(flash);
            this.flash = flash;
            improv = new ImprovDevice(outbox, wifi, new NamesFile(flash), kind, firmwareVersion);
            Reload();
        }

        /// <summary>The identity on flash, or null.</summary>
        public DeviceIdentity Identity { get; private set; }

        /// <summary>True once after an identity was written or deleted and its answer has left: time to restart the link.</summary>
        public bool TakeIdentityChanged()
        {
            bool now = changed && outbox.IsEmpty;
            changed = changed && !now;
            return now;
        }

        /// <returns>When it next wants to run; long.MaxValue while only new bytes could give it work.</returns>
        public long Step(long uptimeMs)
        {
            if (line == null)
            {
                return long.MaxValue;
            }

            outbox.Flush(line);
            improv.Step(uptimeMs);
            bool more = Receive(uptimeMs);
            if (frames.IsPartial && outbox.HasRoom && uptimeMs - lastByteMs >= PartialMs)
            {
                frames.GiveUp();
                HandleFrames(uptimeMs);
            }

            outbox.Flush(line);
            if (more)
            {
                return uptimeMs + 1;
            }

            if (!outbox.IsEmpty || changed)
            {
                return uptimeMs + RetryMs;
            }

            long next = improv.IsBusy ? uptimeMs + ImprovDevice.LookMs : long.MaxValue;
            long giveUp = frames.IsPartial ? lastByteMs + PartialMs : long.MaxValue;
            return giveUp < next ? giveUp : next;
        }

        /// <returns>True when bytes may still wait.</returns>
        private bool Receive(long uptimeMs)
        {
            for (int taken = 0; taken < BytesPerStep; taken += chunk.Length)
            {
                if (chunkAt == chunkEnd)
                {
                    chunkAt = 0;
                    chunkEnd = line.Read(chunk, 0, chunk.Length);
                    if (chunkEnd <= 0)
                    {
                        chunkEnd = 0;
                        return false;
                    }

                    lastByteMs = uptimeMs;
                }

                chunkAt += frames.Append(chunk, chunkAt, chunkEnd - chunkAt);
                HandleFrames(uptimeMs);
                if (!outbox.HasRoom)
                {
                    return true;
                }
            }

            return true;
        }

        private void HandleFrames(long uptimeMs)
        {
            while (outbox.HasRoom)
            {
                switch (frames.Next())
                {
                    case PortFrameKind.Improv:
                        if (frames.Type == PortFrames.ImprovCommand)
                        {
                            improv.Handle(frames.Payload, frames.PayloadLength, uptimeMs);
                        }

                        break;
                    case PortFrameKind.ImprovDamaged:
                        improv.AnswerDamaged();
                        break;
                    case PortFrameKind.Provision:
                        if (frames.Type == PortFrames.ProvisionRequestType)
                        {
                            // A switch to TLS may have written it meanwhile.
                            Reload();
                            int version;
                            ProvisionStatus status = Handle(out version);
                            Answer(status, version, uptimeMs);
                        }

                        break;
                    case PortFrameKind.ProvisionDamaged:
                        Answer(ProvisionStatus.Damaged, 1, uptimeMs);
                        break;
                    default:
                        return;
                }
            }
        }

        private ProvisionStatus Handle(out int version)
        {
            ProvisionRequest request;
            bool ok = ProvisionRequest.TryDecode(frames.Payload, frames.PayloadLength, out request);
            // The payload may hold secrets, and the buffer lives as long as the device.
            for (int i = 0; i < frames.PayloadLength; i++)
            {
                frames.Payload[i] = 0;
            }

            version = ok ? request.Version : 1;
            if (!ok)
            {
                return ProvisionStatus.Malformed;
            }

            switch (request.Command)
            {
                case ProvisionCommand.Write:
                    return request.Identity.Kind == kind ? Keep(request.Identity) : ProvisionStatus.WrongKind;
                case ProvisionCommand.Forget:
                    return Changed(file.Erase() && new RootFile(flash).Erase() && TlsSwitch.Erase(flash));
                case ProvisionCommand.Root:
                    return root.Take(request.RootBytes, request.PartAt, request.Part) ? ProvisionStatus.Ok : ProvisionStatus.RootMissing;
                default:
                    return ProvisionStatus.Ok;
            }
        }

        private ProvisionStatus Keep(DeviceIdentity identity)
        {
            byte[] der;
            if (identity.RootDigest.Length == 0)
            {
                return Changed(file.Save(identity));
            }

            // The root first: an identity never names one that is not there.
            byte[] kept = Identity == null ? Empty.Bytes : Identity.RootDigest;
            return root.TryComplete(identity.RootDigest, out der) ? Changed(new RootFile(flash).Save(der, kept) && file.Save(identity)) : ProvisionStatus.RootMissing;
        }

        private ProvisionStatus Changed(bool stored)
        {
            if (!stored)
            {
                return ProvisionStatus.StorageFailed;
            }

            changed = true;
            Reload();
            return ProvisionStatus.Ok;
        }

        private void Reload()
        {
            DeviceIdentity identity;
            Identity = file.TryLoad(out identity) && identity.Kind == kind ? identity : null;
            improv.DeviceId = Identity == null ? "" : Identity.DeviceId;
            improv.Place = Identity == null ? "" : Identity.Place;
        }

        /// <summary>The answer's fifth value means a device without Wi-Fi; version 1 has no word for a failure that nobody can name.</summary>
        private static int WifiOnTheWire(WifiState state, int version)
        {
            return state != WifiState.Failed ? (int)state : version == 1 ? (int)WifiState.Unconfigured : ProvisionAnswer.WifiFailed;
        }

        private void Answer(ProvisionStatus status, int version, long uptimeMs)
        {
            ProvisionAnswer message = new ProvisionAnswer();
            message.Version = version;
            message.Status = status;
            message.Kind = kind;
            message.Firmware = firmware;
            if (Identity != null)
            {
                message.DeviceId = Identity.DeviceId;
                message.Place = Identity.Place;
                message.Language = Identity.Language;
                message.MqttHost = Identity.MqttHost;
                message.MqttPort = Identity.MqttPort;
                message.DevEui = Identity.DevEui;
                message.HasSecret = true;
            }

            if (wifi != null)
            {
                message.Wifi = WifiOnTheWire(improv.Told(uptimeMs), version);
                message.Address = wifi.Address;
            }

            int length = message.Encode(answer);
            Invariant.Require(length > 0, "an answer did not fit its limits");
            outbox.SendAnswer(frames.RequestId, answer, length);
        }
    }
}
