using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>What the screen and the gateway say to each other: hello, telemetry and usage up; manifest, entries, notice and
    /// settings down. One message is taken per step, so that a burst does not stop the keys.</summary>
    public sealed class ScreenDialogue
    {
        /// <summary>Messages that may wait for the application: all that it asks for at once, and what comes unasked (the parts of a
        /// manifest, settings, a notice). A link has to hold them: its library has acknowledged them before anybody reads them.</summary>
        public const int InboundMax = ScreenWant.EntriesMax + 8;

        private const long TelemetryEveryMs = 300000;
        /// <summary>Doubles with each refusal that follows, so that two who do not agree leave the line in peace.</summary>
        private const long HelloAfterRefusalMs = 60000;
        /// <summary>A gateway that has another catalogue offers it at once when it hears a hello; silence after an acknowledged
        /// hello means that the content is right.</summary>
        private const long SilenceMs = 15000;
        private const long HelloEveryMs = 3600000;

        private readonly KioskBoard board;
        private readonly string firmware;
        private readonly CatalogueStore store;
        private readonly CatalogueSync sync;
        private readonly ScreenMemory memory;
        private readonly Outbox outbox;
        private readonly Usage usage;
        private readonly ContentAge age;
        private readonly RootDialogue roots;
        private readonly MqttMessage message = new MqttMessage();
        private readonly ScreenHello hello = new ScreenHello();
        private readonly ScreenTelemetry telemetry = new ScreenTelemetry();
        private readonly string topicPrefix;
        private readonly string helloTopic;
        private readonly string telemetryTopic;
        private readonly string usageTopic;
        private LinkState link = LinkState.Down;
        private bool confirmedInSession;
        private int acknowledgedSeen;
        private long helloAtMs;
        private long telemetryAtMs;
        private long helloSaidAtMs;
        private bool refused;
        private int refusals;
        private bool loaded;

        /// <param name="roots">Null for a screen that takes no root from its gateway.</param>
        public ScreenDialogue(KioskBoard board, string deviceId, string firmware, CatalogueStore store, ScreenMemory memory, Outbox outbox, Usage usage, ContentAge age, RootDialogue roots)
        {
            this.board = board;
            this.firmware = firmware;
            this.store = store;
            this.memory = memory;
            this.outbox = outbox;
            this.usage = usage;
            this.age = age;
            this.roots = roots;
            sync = new CatalogueSync(store, outbox, deviceId);
            topicPrefix = ScreenTopics.Prefix + deviceId + "/";
            helloTopic = ScreenTopics.Build(deviceId, ScreenTopics.Hello);
            telemetryTopic = ScreenTopics.Build(deviceId, ScreenTopics.Telemetry);
            usageTopic = ScreenTopics.Build(deviceId, ScreenTopics.Usage);
        }

        public bool Busy
        {
            get { return sync.Busy; }
        }

        /// <summary>A message was taken in the last step: another may wait behind it.</summary>
        public bool HasHeard { get; private set; }

        /// <returns>True when something on the page may have changed.</returns>
        public bool Step(long uptimeMs, bool timeKnown, long unixSeconds, Page page)
        {
            LinkState before = link;
            // Connecting stops the whole board for seconds, by a look-up and a handshake: what is stored is on show before.
            link = loaded || before == LinkState.Up ? board.Link.Step(uptimeMs) : LinkState.Down;
            if (link == LinkState.Up && before != LinkState.Up)
            {
                confirmedInSession = false;
                helloSaidAtMs = 0;
                sync.Abandon();
                outbox.Reconnected();
                helloAtMs = uptimeMs;
                telemetryAtMs = uptimeMs + 2000;
            }
            else if (link != LinkState.Up && before == LinkState.Up)
            {
                // What was on its way is asked for again in the next session; until then nothing keeps the board awake.
                sync.Abandon();
            }

            if (roots != null)
            {
                roots.Step(uptimeMs, link == LinkState.Up);
            }

            bool changed = LoadStep(uptimeMs);
            HasHeard = false;
            if (link == LinkState.Up && loaded)
            {
                changed |= Receive(uptimeMs, timeKnown, unixSeconds);
                AskAgain(uptimeMs);
                Speak(uptimeMs, timeKnown, page);
            }

            if (timeKnown)
            {
                usage.TryTake(unixSeconds, outbox, usageTopic);
            }

            if (link == LinkState.Up)
            {
                outbox.Step(uptimeMs);
                bool quiet = loaded && !refused && outbox.Count == 0 && helloSaidAtMs > 0 && uptimeMs - helloSaidAtMs >= SilenceMs;
                if (!confirmedInSession && quiet && !sync.Busy && store.Current.Digest.Length > 0)
                {
                    confirmedInSession = true;
                    Confirm(uptimeMs, timeKnown, unixSeconds);
                }

                if (confirmedInSession && !sync.Busy && outbox.Acknowledged != acknowledgedSeen)
                {
                    Confirm(uptimeMs, timeKnown, unixSeconds);
                }

                acknowledgedSeen = outbox.Acknowledged;
            }

            return changed;
        }

        private void AskAgain(long uptimeMs)
        {
            if (sync.Step(uptimeMs))
            {
                // A question is not acknowledged; this is, and so tells whether anybody is still there.
                telemetryAtMs = uptimeMs;
                helloAtMs = sync.Busy ? helloAtMs : uptimeMs;
            }
        }

        private bool LoadStep(long uptimeMs)
        {
            if (loaded || store.Loading)
            {
                return false;
            }

            loaded = true;
            helloAtMs = uptimeMs;
            return true;
        }

        private bool Receive(long uptimeMs, bool timeKnown, long unixSeconds)
        {
            HasHeard = store.Ready && board.Link.TryReceive(message);
            return HasHeard && message.Topic.StartsWith(topicPrefix) && Hear(uptimeMs, timeKnown, unixSeconds);
        }

        private bool Hear(long uptimeMs, bool timeKnown, long unixSeconds)
        {
            string leaf = message.Topic.Substring(topicPrefix.Length);
            switch (leaf)
            {
                case ScreenTopics.Manifest:
                    CatalogueManifest manifest;
                    if (!CatalogueManifest.TryDecode(message.Payload, message.Length, out manifest))
                    {
                        return false;
                    }

                    outbox.Answered(helloTopic);
                    return Follow(sync.OnManifest(manifest, uptimeMs), uptimeMs, timeKnown, unixSeconds);
                case ScreenTopics.Entry:
                    return Follow(sync.OnEntry(message.Payload, message.Length, uptimeMs), uptimeMs, timeKnown, unixSeconds);
                case ScreenTopics.Notice:
                    return memory.TakeNotice(message.Payload, message.Length);
                case ScreenTopics.Settings:
                    return memory.TakeSettings(message.Payload, message.Length);
                case ScreenTopics.Root:
                    if (roots != null)
                    {
                        roots.Hear(message, uptimeMs);
                    }

                    return false;
                default:
                    return false;
            }
        }

        private bool Follow(SyncResult result, long uptimeMs, bool timeKnown, long unixSeconds)
        {
            switch (result)
            {
                case SyncResult.Confirmed:
                    refusals = 0;
                    confirmedInSession = true;
                    Confirm(uptimeMs, timeKnown, unixSeconds);
                    return true;
                case SyncResult.Switched:
                    loaded = false;
                    refusals = 0;
                    confirmedInSession = true;
                    Confirm(uptimeMs, timeKnown, unixSeconds);
                    return true;
                case SyncResult.Refused:
                    Refuse(uptimeMs + PauseMs());
                    refusals++;
                    return false;
                case SyncResult.Full:
                    Refuse(sync.TryAgainAtMs);
                    return false;
                default:
                    return false;
            }
        }

        /// <summary>What is on show stays, and is no longer what the gateway wants shown: acknowledgements do not make it young.</summary>
        private void Refuse(long againAtMs)
        {
            refused = true;
            confirmedInSession = false;
            helloAtMs = againAtMs;
        }

        private long PauseMs()
        {
            long pause = HelloAfterRefusalMs;
            for (int i = 0; i < refusals && pause < HelloEveryMs; i++)
            {
                pause *= 2;
            }

            return pause < HelloEveryMs ? pause : HelloEveryMs;
        }

        private void Confirm(long uptimeMs, bool timeKnown, long unixSeconds)
        {
            age.Confirm(uptimeMs);
            if (timeKnown)
            {
                memory.Confirm(unixSeconds);
            }
        }

        private void Speak(long uptimeMs, bool timeKnown, Page page)
        {
            if (uptimeMs >= helloAtMs && !sync.Busy)
            {
                helloAtMs = uptimeMs + HelloEveryMs;
                SayHello(uptimeMs);
            }

            if (uptimeMs >= telemetryAtMs)
            {
                telemetryAtMs = uptimeMs + TelemetryEveryMs;
                SayTelemetry(uptimeMs, timeKnown, page);
            }
        }

        private void SayTelemetry(long uptimeMs, bool timeKnown, Page page)
        {
            telemetry.Sequence = outbox.TakeSequence();
            telemetry.UptimeSeconds = uptimeMs / 1000;
            telemetry.Catalogue = store.Current.Digest;
            // Only here: on the device each load of a word makes a new string.
            telemetry.Page = PageNames.Of(page);
            telemetry.ContentAgeSeconds = age.Seconds(uptimeMs, false, 0, 0);
            telemetry.TimeKnown = timeKnown;
            NoteMachine();
            outbox.Commit(telemetryTopic, telemetry.Encode(outbox.Reserve()));
        }

        private void NoteMachine()
        {
            long freeBytes;
            int rssiDbm;
            telemetry.FreeHeapBytes = board.Power.TryGetFreeHeap(out freeBytes) ? freeBytes : ScreenTelemetry.HeapUnknown;
            telemetry.RssiDbm = board.Wifi != null && board.Wifi.TryGetSignal(out rssiDbm) ? rssiDbm : ScreenTelemetry.SignalUnknown;
        }

        private void SayHello(long uptimeMs)
        {
            helloSaidAtMs = uptimeMs + 1;
            refused = false;
            hello.Sequence = outbox.TakeSequence();
            hello.Firmware = firmware;
            hello.WidthPixels = board.Panel.WidthPixels;
            hello.HeightPixels = board.Panel.HeightPixels;
            hello.PitchMicrometres = board.Panel.PitchMicrometres;
            hello.Catalogue = store.Current.Digest;
            SayCapacity();
            hello.ResetReason = (int)board.Power.LastReset;
            outbox.Commit(helloTopic, hello.Encode(outbox.Reserve()));
        }

        /// <summary>Where others have filled the flash there is no room for another catalogue: asking for less than what is on show would
        /// only take that away. A module that never had room says the least that can be said, because a zero would be taken for a screen
        /// of before this key.</summary>
        private void SayCapacity()
        {
            int shown = store.Current.Count;
            hello.CapacityEntries = store.CapacityEntries;
            hello.CapacityBytes = store.CapacityBytes;
            if (hello.CapacityEntries == 0)
            {
                hello.CapacityEntries = shown > 0 ? shown : 1;
                hello.CapacityBytes = shown > 0 ? shown * ScreenFormat.PayloadBytesMax : 1;
            }
        }
    }
}
