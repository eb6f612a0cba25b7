using Quartier.Wire;

namespace Quartier.Shelter
{
    /// <summary>Which alarms are open and when each is to be sent next. An alarm is delivered only when the gateway's own confirmation
    /// names its number; until then it is repeated with growing pauses, however long ago its condition ended, because nobody may
    /// know of it yet. The end of a confirmed alarm is told in the same way, under the same number. Of each kind the first and the
    /// newest unconfirmed alarm are kept, those between are a count.
    /// A call for help counts as lasting until it is confirmed. A contact that chatters is one alarm: its condition is over only
    /// when it has been quiet for a while. What is not over and done with goes on after a reset.</summary>
    public sealed class AlarmBook
    {
        public const int Kinds = 6;

        private readonly ShelterSettings settings;
        private readonly AlarmMemory memory;
        private readonly AlarmEntry[] entries = new AlarmEntry[Kinds];
        private readonly AlarmEntry[] firsts = new AlarmEntry[Kinds];
        private readonly int[] between = new int[Kinds];
        private bool started;
        private bool changed;
        private bool sosWasPressed;
        private long sosHeldUntilMs;

        public AlarmBook(ShelterSettings settings, AlarmMemory memory)
        {
            this.settings = settings;
            this.memory = memory;
            for (int i = 0; i < Kinds; i++)
            {
                entries[i] = new AlarmEntry((AlarmKind)i);
                firsts[i] = new AlarmEntry((AlarmKind)i);
            }

            memory.Load(entries, firsts, between);
            for (int i = 0; i < Kinds; i++)
            {
                entries[i].RepeatMs = settings.RepeatFirstMs;
                firsts[i].RepeatMs = settings.RepeatFirstMs;
                // An end that was told before the reset is told once more: its confirmation must not be mistaken for the beginning's.
                entries[i].ToldActive = true;
            }
        }

        /// <summary>The newest alarm of the kind.</summary>
        public AlarmEntry this[AlarmKind kind]
        {
            get { return entries[(int)kind]; }
        }

        /// <summary>The first alarm of the kind that nobody has confirmed, where it is not the newest: over, and sent as long as it is open.</summary>
        public AlarmEntry First(AlarmKind kind)
        {
            return firsts[(int)kind];
        }

        /// <summary>How many unconfirmed alarms of the kind came between the first and the newest, 255 at most.</summary>
        public int Between(AlarmKind kind)
        {
            return between[(int)kind];
        }

        /// <summary>A condition shows in every status until it has ended and that, too, is confirmed.</summary>
        public bool Shows(AlarmKind kind)
        {
            return entries[(int)kind].Active || entries[(int)kind].Open || firsts[(int)kind].Open;
        }

        /// <param name="occupancy">Cold, heat and stale air endanger a person; an empty pod in winter is simply cold.</param>
        public void Observe(long uptimeMs, PodSample sample, Occupancy occupancy)
        {
            if (!started)
            {
                started = true;
                sosHeldUntilMs = uptimeMs + settings.SosHoldMs;
            }

            if (sample.SmokeOk)
            {
                Set(AlarmKind.Smoke, Lasts(AlarmKind.Smoke, sample.Smoke, uptimeMs), 0, uptimeMs);
            }

            if (sample.TamperOk)
            {
                Set(AlarmKind.Tamper, Lasts(AlarmKind.Tamper, sample.TamperOpen, uptimeMs), 0, uptimeMs);
            }

            ObserveSos(uptimeMs, sample);
            if (sample.AirFresh)
            {
                ObserveAir(uptimeMs, sample, occupancy == Occupancy.Occupied, occupancy != Occupancy.Free);
            }

            Keep();
        }

        /// <returns>The alarm that is to be sent first, or null when none is due: smoke before everything, tamper last, and what is
        /// burning before what burned earlier.</returns>
        public AlarmEntry Due(long uptimeMs)
        {
            AlarmEntry newest = DueOf(entries, uptimeMs);
            return newest == null ? DueOf(firsts, uptimeMs) : newest;
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

                if (firsts[i].Open && firsts[i].NextSendMs < next)
                {
                    next = firsts[i].NextSendMs;
                }
            }

            return next;
        }

        /// <summary>The frame went on the air; what became of it only the confirmation tells.</summary>
        public void Sent(AlarmEntry entry, long uptimeMs)
        {
            entry.ToldActive = entry.Active;
            entry.NextSendMs = uptimeMs + entry.RepeatMs;
            long longest = entry.Active ? settings.RepeatLongestMs
                : uptimeMs - entry.EndedMs < settings.RepeatRarelyAfterMs ? settings.RepeatLongestEndedMs : settings.RepeatRarelyMs;
            entry.RepeatMs = entry.RepeatMs * 2 > longest ? longest : entry.RepeatMs * 2;
        }

        /// <returns>False when no open alarm has this number.</returns>
        public bool Confirm(int sequence)
        {
            for (int i = 0; i < Kinds; i++)
            {
                AlarmEntry entry = firsts[i].Open && firsts[i].Sequence == sequence ? firsts[i] : entries[i];
                if (!entry.Open || entry.Sequence != sequence)
                {
                    continue;
                }

                // A confirmation of the beginning does not confirm the end, which has not been told yet. The end of an alarm that
                // another one followed is nobody's news.
                entry.Open = entry == entries[i] && !entry.Active && entry.ToldActive;
                entry.Heard = true;
                between[i] = entries[i].Open || firsts[i].Open ? between[i] : 0;
                changed = true;
                Keep();
                return true;
            }

            return false;
        }

        private static AlarmEntry DueOf(AlarmEntry[] alarms, long uptimeMs)
        {
            for (int i = 0; i < Kinds; i++)
            {
                if (alarms[i].Open && alarms[i].NextSendMs <= uptimeMs)
                {
                    return alarms[i];
                }
            }

            return null;
        }

        /// <summary>A flash that refuses does not hold back an alarm; the next change tries again.</summary>
        private void Keep()
        {
            if (changed)
            {
                changed = false;
                memory.Keep(entries, firsts, between);
            }
        }

        /// <summary>Makes room for a new alarm of the kind: one that nobody has heard of moves aside or is counted.</summary>
        private void PutAside(AlarmEntry ended)
        {
            int kind = (int)ended.Kind;
            if (!ended.Open || ended.Heard)
            {
                return;
            }

            if (!firsts[kind].Open)
            {
                firsts[kind].Follow(ended);
            }
            else if (between[kind] < AlarmMemory.BetweenMax)
            {
                between[kind]++;
            }
        }

        private void ObserveSos(long uptimeMs, PodSample sample)
        {
            AlarmEntry sos = this[AlarmKind.Sos];
            bool pressed = sample.SosOk && sample.SosPressed;
            if (pressed && !sosWasPressed && sos.Active && !sos.Open)
            {
                // Confirmed once, and pressed again: that person needs to know that this call too was heard.
                sos.Active = false;
            }

            sosWasPressed = sample.SosOk ? sample.SosPressed : sosWasPressed;
            sosHeldUntilMs = pressed ? uptimeMs + settings.SosHoldMs : sosHeldUntilMs;
            Set(AlarmKind.Sos, pressed || (sos.Active && (sos.Open || uptimeMs < sosHeldUntilMs)), 0, uptimeMs);
        }

        private void ObserveAir(long uptimeMs, PodSample sample, bool someone, bool perhaps)
        {
            AlarmEntry cold = this[AlarmKind.Cold];
            AlarmEntry heat = this[AlarmKind.Heat];
            AlarmEntry stale = this[AlarmKind.Co2];
            if (sample.ClimateOk)
            {
                int celsius = Clamp(sample.CentiCelsius / 100, -40, 85);
                int coldest = cold.Active ? settings.ColdEndCentiCelsius : settings.ColdCentiCelsius;
                int hottest = heat.Active ? settings.HeatEndCentiCelsius : settings.HeatCentiCelsius;
                Set(AlarmKind.Cold, (cold.Active ? perhaps : someone) && sample.CentiCelsius <= coldest, celsius, uptimeMs);
                Set(AlarmKind.Heat, perhaps && sample.CentiCelsius >= hottest, celsius, uptimeMs);
            }
            else if (!perhaps)
            {
                // The sensor died during the alarm, the person has left: nobody is in danger any more.
                Set(AlarmKind.Cold, false, cold.Value, uptimeMs);
                Set(AlarmKind.Heat, false, heat.Value, uptimeMs);
            }

            if (sample.Co2Ok)
            {
                int most = stale.Active ? settings.Co2AlarmEndPpm : settings.Co2AlarmPpm;
                Set(AlarmKind.Co2, perhaps && sample.Co2Ppm >= most, Clamp(sample.Co2Ppm, 0, 5000), uptimeMs);
            }
        }

        /// <summary>A wind that rattles a lid must not use up the airtime that smoke may need.</summary>
        private bool Lasts(AlarmKind kind, bool holds, long uptimeMs)
        {
            AlarmEntry entry = this[kind];
            entry.HeldMs = holds || !entry.Seen ? uptimeMs : entry.HeldMs;
            entry.Seen = true;
            return holds || (entry.Active && uptimeMs - entry.HeldMs < settings.EndAfterMs);
        }

        private void Set(AlarmKind kind, bool holds, int value, long uptimeMs)
        {
            AlarmEntry entry = this[kind];
            entry.Value = kind == AlarmKind.Cold || kind == AlarmKind.Heat || kind == AlarmKind.Co2 ? value : 0;
            changed |= holds != entry.Active;
            if (holds && !entry.Active)
            {
                PutAside(entry);
                entry.Sequence = memory.NextSequence(uptimeMs);
                entry.Open = true;
                entry.Heard = false;
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
