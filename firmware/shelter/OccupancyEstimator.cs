using Quartier.Wire;

namespace Quartier.Shelter
{
    /// <summary>Concludes from door, bolt, motion and air whether somebody is in the pod.
    ///
    /// Two errors are not alike. Taking an empty pod for occupied costs a walk; taking a sleeper for an empty pod costs the visit
    /// that may save a life. So *free* is never concluded from silence: it takes a flap that was opened since the last sign of a
    /// person, no motion behind the closed flap, and air that decays as only an empty pod's does, told by a sensor that has been
    /// seen to measure. A sleeper may lie still for an hour, but does breathe. Whatever does not add up is *unknown*, with its reason.
    /// After a restart nothing is known until a person shows or the flap has been opened once.</summary>
    public sealed class OccupancyEstimator
    {
        private const long SettleMs = 20 * 1000;
        private const long RecentMs = 5 * 60 * 1000;
        private const long MotionRunGapMs = 90 * 1000;
        /// <summary>Shorter than the quiet that *free* asks for: a sensor that hung while somebody came in cannot vouch for nobody.</summary>
        private const long LivesMs = 120 * 1000;
        private const long OutdoorsMs = 2 * 60 * 1000;

        private readonly ShelterSettings settings;
        private readonly AirWitness air = new AirWitness();
        private readonly SensorHealth door = new SensorHealth();
        private readonly SensorHealth bolt = new SensorHealth();
        private readonly SensorHealth motion = new SensorHealth();
        private readonly SensorHealth co2 = new SensorHealth();
        private readonly SensorHealth climate = new SensorHealth();

        private long nowMs;
        private bool started;
        private bool doorOpen;
        private long doorSinceMs;
        private bool openedSinceWitness;
        private long openedMs;
        private long witnessMs;
        private bool everWitnessed;
        private bool moved;
        private bool movedEver;
        private long movedMs;
        private long movedBeforeMs;
        private long motionRunMs;
        private bool boltContradicted;
        private bool co2WarmingUp;
        private long co2LastOkMs;

        public OccupancyEstimator(ShelterSettings settings)
        {
            this.settings = settings;
            State = Occupancy.Unknown;
            Reason = OccupancyReason.Starting;
        }

        public Occupancy State { get; private set; }

        public OccupancyReason Reason { get; private set; }

        /// <summary>0 (a guess) to 3 (certain).</summary>
        public int Confidence { get; private set; }

        /// <summary>Uptime at which <see cref="State"/> last changed.</summary>
        public long ChangedMs { get; private set; }

        public bool ClimateFault
        {
            get { return climate.Failed; }
        }

        public bool Co2Fault
        {
            get { return co2.Failed || air.Co2Stuck; }
        }

        public bool DoorLockFault
        {
            get { return door.Failed || bolt.Failed || boltContradicted; }
        }

        public bool MotionFault
        {
            get { return motion.Failed || MotionStuck; }
        }

        /// <summary>Motion on every reading for long while nobody breathes is a detector that hangs or sees the sun.</summary>
        private bool MotionStuck { get; set; }

        public void Update(long uptimeMs, PodSample sample)
        {
            nowMs = uptimeMs;
            if (!started)
            {
                started = true;
                doorSinceMs = uptimeMs;
                ChangedMs = uptimeMs;
                movedMs = uptimeMs;
                motionRunMs = uptimeMs;
                co2LastOkMs = uptimeMs;
            }

            NoteHealth(sample);
            NoteDoor(sample);
            NoteMotion(sample);
            if (sample.AirFresh)
            {
                bool outdoors = (doorOpen && uptimeMs - doorSinceMs >= OutdoorsMs) || State == Occupancy.Free;
                air.Add(uptimeMs, sample, outdoors);
            }

            Decide(sample);
        }

        private void NoteHealth(PodSample sample)
        {
            door.Note(nowMs, sample.DoorOk);
            bolt.Note(nowMs, sample.LockOk);
            motion.Note(nowMs, sample.MotionOk);
            if (sample.AirFresh)
            {
                co2LastOkMs = sample.Co2Ok ? nowMs : co2LastOkMs;
                co2WarmingUp = sample.Co2WarmingUp && nowMs - co2LastOkMs < settings.WarmUpMs;
                co2.Note(nowMs, sample.Co2Ok || co2WarmingUp);
                climate.Note(nowMs, sample.ClimateOk);
            }
        }

        private void NoteDoor(PodSample sample)
        {
            if (sample.DoorOk && sample.DoorOpen != doorOpen)
            {
                doorOpen = sample.DoorOpen;
                doorSinceMs = nowMs;
            }

            if (doorOpen && !door.Failed)
            {
                openedSinceWitness = true;
                openedMs = nowMs;
            }

            // The bolt cannot be closed on an open flap, so a contact that says so hangs until it has been seen open.
            boltContradicted = sample.LockOk && sample.Locked && (boltContradicted || (doorOpen && sample.DoorOk));
        }

        private void NoteMotion(PodSample sample)
        {
            moved = sample.MotionOk && sample.Moved;
            if (!moved)
            {
                MotionStuck = MotionStuck && nowMs - movedMs < MotionRunGapMs;
                return;
            }

            if (nowMs - movedMs > MotionRunGapMs)
            {
                motionRunMs = nowMs;
            }

            if (nowMs - movedMs >= SettleMs)
            {
                movedBeforeMs = movedMs;
            }

            movedMs = nowMs;
            movedEver = true;
        }

        private void Decide(PodSample sample)
        {
            if (sample.LockOk && sample.Locked && !boltContradicted && (!doorOpen || door.Failed))
            {
                Witness(OccupancyReason.Locked, 3);
            }
            else if (doorOpen && !door.Failed)
            {
                DecideOpen();
            }
            else
            {
                DecideClosed();
            }
        }

        private void DecideOpen()
        {
            if (State == Occupancy.Occupied && nowMs - doorSinceMs < settings.DoorLeftOpenMs)
            {
                Confidence = 1;
                return;
            }

            bool someoneThere = !MotionFault && movedEver && nowMs - movedMs < RecentMs;
            Conclude(Occupancy.Unknown, someoneThere ? OccupancyReason.Motion : OccupancyReason.DoorLeftOpen, 0);
        }

        private void DecideClosed()
        {
            AirVerdict verdict = air.Judge(nowMs, doorSinceMs);
            MotionStuck = !motion.Failed && nowMs - movedMs < MotionRunGapMs && movedMs - motionRunMs >= settings.StuckMotionMs
                && (MotionStuck || verdict == AirVerdict.AtBaseline);
            if (verdict == AirVerdict.Rising)
            {
                Witness(OccupancyReason.Co2Rising, nowMs - movedMs < RecentMs ? 3 : 2);
            }
            else if (MovedBehindFlap())
            {
                Witness(OccupancyReason.Motion, 2);
            }
            else if (verdict == AirVerdict.High && nowMs - doorSinceMs >= RecentMs)
            {
                Witness(OccupancyReason.Co2High, 2);
            }
            else if (verdict == AirVerdict.NotKnown && Co2Fault && air.HumidityRising(nowMs, doorSinceMs))
            {
                Witness(OccupancyReason.Humidity, 1);
            }
            else if (IsFree(verdict))
            {
                bool late = nowMs - openedMs > settings.DoubtMs;
                int sure = verdict == AirVerdict.AtBaseline && !bolt.Failed && !boltContradicted ? 3 : 2;
                Conclude(Occupancy.Free, State == Occupancy.Free ? Reason : late ? OccupancyReason.Settled : OccupancyReason.Aired, sure);
            }
            else
            {
                Hold(verdict);
            }
        }

        /// <summary>Two motions apart, both after the flap came to rest: a latched reading or a draught gives only one.</summary>
        private bool MovedBehindFlap()
        {
            return moved && !MotionFault && movedBeforeMs >= doorSinceMs + SettleMs && movedMs - movedBeforeMs <= RecentMs;
        }

        private bool IsFree(AirVerdict verdict)
        {
            long quietSinceMs = movedMs > doorSinceMs ? movedMs : doorSinceMs;
            long livedSinceMs = doorSinceMs > nowMs - LivesMs ? doorSinceMs : nowMs - LivesMs;
            return openedSinceWitness
                && !door.Failed && !MotionFault && !Co2Fault && air.Co2LivesSince(livedSinceMs)
                && nowMs - quietSinceMs >= settings.QuietMs
                && (verdict == AirVerdict.AtBaseline || verdict == AirVerdict.FallingAway);
        }

        /// <summary>Nothing new was seen: keep what is known as long as it can still be true.</summary>
        private void Hold(AirVerdict verdict)
        {
            bool faulty = door.Failed || MotionFault || Co2Fault;
            if (State == Occupancy.Free)
            {
                if (faulty)
                {
                    Conclude(Occupancy.Unknown, OccupancyReason.SensorFault, 0);
                }

                return;
            }

            if (State == Occupancy.Occupied)
            {
                long sinceMs = openedSinceWitness ? openedMs : witnessMs;
                bool mayHaveGone = openedSinceWitness || door.Failed || verdict == AirVerdict.AtBaseline;
                if (nowMs - sinceMs >= settings.DoubtMs && mayHaveGone)
                {
                    Conclude(Occupancy.Unknown, faulty ? OccupancyReason.SensorFault : OccupancyReason.Disagree, 0);
                }
                else if (openedSinceWitness)
                {
                    Confidence = 1;
                }

                return;
            }

            Conclude(
                Occupancy.Unknown,
                faulty ? OccupancyReason.SensorFault
                    : co2WarmingUp ? OccupancyReason.WarmingUp
                    : openedSinceWitness || everWitnessed ? OccupancyReason.Disagree
                    : OccupancyReason.Starting,
                0);
        }

        private void Witness(OccupancyReason reason, int confidence)
        {
            everWitnessed = true;
            witnessMs = nowMs;
            openedSinceWitness = false;
            Conclude(Occupancy.Occupied, reason, confidence);
        }

        private void Conclude(Occupancy state, OccupancyReason reason, int confidence)
        {
            if (state != State)
            {
                ChangedMs = nowMs;
            }

            State = state;
            Reason = reason;
            Confidence = confidence;
        }
    }
}
