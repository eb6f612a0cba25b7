using Quartier.Wire;

namespace Quartier.Shelter
{
    /// <summary>Which alarms are open and when each is to be sent next. An alarm is delivered only when the gateway's own confirmation
    /// names its number; until then it is repeated with growing pauses as long as its condition lasts, and for a while after,
    /// marked as over, because nobody may know of it yet. The end of a confirmed alarm is told in the same way, under the same number.
    /// A call for help counts as lasting until it is confirmed.</summary>
    public sealed class AlarmBook
    {
        public const int Kinds = 6;

        private readonly ShelterSettings settings;
        private readonly AlarmMemory memory;
        private readonly AlarmEntry[] entries = new AlarmEntry[Kinds];
        private bool sosWasPressed;
        private long sosHeldUntilMs;

        public AlarmBook(ShelterSettings settings, AlarmMemory memory)
        {
            this.settings = settings;
            this.memory = memory;
            for (int i = 0; i < Kinds; i++)
            {
                entries[i] = new AlarmEntry((AlarmKind)i);
            }

            if (memory.OpenSosSequence != 0)
            {
                AlarmEntry sos = entries[(int)AlarmKind.Sos];
                sos.Active = true;
                sos.Open = true;
                sos.Sequence = memory.OpenSosSequence;
                sos.RepeatMs = settings.RepeatFirstMs;
            }
        }

        public AlarmEntry this[AlarmKind kind]
        {
            get { return entries[(int)kind]; }
        }

        /// <summary>A condition shows in every status until it has ended and that, too, is confirmed.</summary>
        public bool Shows(AlarmKind kind)
        {
            return entries[(int)kind].Active || entries[(int)kind].Open;
        }

        /// <param name="occupancy">Cold, heat and stale air endanger a person; an empty pod in winter is simply cold.</param>
        public void Observe(long uptimeMs, PodSample sample, Occupancy occupancy)
        {
            if (sample.SmokeOk)
            {
                Set(AlarmKind.Smoke, sample.Smoke, 0, uptimeMs);
            }

            ObserveSos(uptimeMs, sample.SosPressed);
            Set(AlarmKind.Tamper, sample.TamperOpen, 0, uptimeMs);
            if (!sample.AirFresh)
            {
                return;
            }

            bool someone = occupancy == Occupancy.Occupied;
            bool perhaps = occupancy != Occupancy.Free;
            if (sample.ClimateOk)
            {
                int celsius = Clamp(sample.CentiCelsius / 100, -40, 85);
                bool cold = this[AlarmKind.Cold].Active;
                bool hot = this[AlarmKind.Heat].Active;
                Set(AlarmKind.Cold, (cold ? perhaps : someone) && sample.CentiCelsius <= (cold ? settings.ColdEndCentiCelsius : settings.ColdCentiCelsius), celsius, uptimeMs);
                Set(AlarmKind.Heat, perhaps && sample.CentiCelsius >= (hot ? settings.HeatEndCentiCelsius : settings.HeatCentiCelsius), celsius, uptimeMs);
            }

            if (sample.Co2Ok)
            {
                bool stale = this[AlarmKind.Co2].Active;
                Set(AlarmKind.Co2, perhaps && sample.Co2Ppm >= (stale ? settings.Co2AlarmEndPpm : settings.Co2AlarmPpm), Clamp(sample.Co2Ppm, 0, 5000), uptimeMs);
            }
        }

        /// <returns>The alarm that is to be sent first, or null when none is due.</returns>
        public AlarmEntry Due(long uptimeMs)
        {
            AlarmEntry first = null;
            for (int i = 0; i < Kinds; i++)
            {
                AlarmEntry entry = entries[i];
                if (entry.Open && entry.NextSendMs <= uptimeMs && (first == null || entry.NextSendMs < first.NextSendMs))
                {
                    first = entry;
                }
            }

            return first;
        }

        /// <returns>When <see cref="Due"/> is to be asked next; long.MaxValue when nothing is open.</returns>
        public long NextDueMs()
        {
            long next = long.MaxValue;
            for (int i = 0; i < Kinds; i++)
            {
                if (entries[i].Open && entries[i].NextSendMs < next)
                {
                    next = entries[i].NextSendMs;
                }
            }

            return next;
        }

        /// <summary>The frame went on the air; what became of it only the confirmation tells.</summary>
        public void Sent(AlarmEntry entry, long uptimeMs)
        {
            entry.ToldActive = entry.Active;
            if (!entry.Active && uptimeMs - entry.EndedMs >= settings.RepeatAfterEndMs)
            {
                entry.Open = false;
                return;
            }

            entry.NextSendMs = uptimeMs + entry.RepeatMs;
            entry.RepeatMs = entry.RepeatMs * 2 > settings.RepeatLongestMs ? settings.RepeatLongestMs : entry.RepeatMs * 2;
        }

        /// <returns>False when no open alarm has this number.</returns>
        public bool Confirm(int sequence)
        {
            for (int i = 0; i < Kinds; i++)
            {
                AlarmEntry entry = entries[i];
                if (entry.Open && entry.Sequence == sequence)
                {
                    // A confirmation of the beginning does not confirm the end, which has not been told yet.
                    entry.Open = !entry.Active && entry.ToldActive;
                    return true;
                }
            }

            return false;
        }

        private void ObserveSos(long uptimeMs, bool pressed)
        {
            AlarmEntry sos = this[AlarmKind.Sos];
            bool again = pressed && !sosWasPressed && sos.Active && !sos.Open;
            sosWasPressed = pressed;
            if (pressed)
            {
                sosHeldUntilMs = uptimeMs + settings.SosHoldMs;
            }

            if (again)
            {
                // Confirmed once, and pressed again: that person needs to know that this call too was heard.
                sos.Active = false;
            }

            Set(AlarmKind.Sos, pressed || (sos.Active && (sos.Open || uptimeMs < sosHeldUntilMs)), 0, uptimeMs);
            memory.SetOpenSos(sos.Open && sos.Active ? sos.Sequence : 0);
        }

        private void Set(AlarmKind kind, bool holds, int value, long uptimeMs)
        {
            AlarmEntry entry = this[kind];
            entry.Value = kind == AlarmKind.Cold || kind == AlarmKind.Heat || kind == AlarmKind.Co2 ? value : 0;
            if (holds && !entry.Active)
            {
                entry.Sequence = memory.NextSequence();
                entry.Open = true;
                entry.NextSendMs = uptimeMs;
                entry.RepeatMs = settings.RepeatFirstMs;
            }
            else if (!holds && entry.Active)
            {
                entry.EndedMs = uptimeMs;
                if (!entry.Open)
                {
                    entry.Open = true;
                    entry.NextSendMs = uptimeMs;
                    entry.RepeatMs = settings.RepeatFirstMs;
                }
            }

            entry.Active = holds;
        }

        private static int Clamp(int value, int lowest, int highest)
        {
            return value < lowest ? lowest : value > highest ? highest : value;
        }
    }
}
