namespace Quartier.Shelter
{
    /// <summary>What can be tuned on a pod. The values are those of the reference installation; times are in milliseconds.</summary>
    public sealed class ShelterSettings
    {
        /// <summary>Longest time between two status reports.</summary>
        public long HeartbeatMs = 15 * 60 * 1000;

        /// <summary>How often the air is measured; contacts wake the board at once.</summary>
        public long SampleMs = 30 * 1000;

        /// <summary>Shortest time between two reports of a change that somebody waits for.</summary>
        public long UrgentGapMs = 2 * 1000;

        /// <summary>Shortest time between two reports of a change of detail: door, lock.</summary>
        public long DetailGapMs = 60 * 1000;

        /// <summary>Shortest time between two reports when only the reason changed: somebody awake moves and breathes by turns all evening.</summary>
        public long ReasonGapMs = 5 * 60 * 1000;

        /// <summary>A flap that stands open longer makes the air useless as a witness.</summary>
        public long DoorLeftOpenMs = 5 * 60 * 1000;

        /// <summary>Motion must have been absent this long behind a closed flap before a pod may count as free.</summary>
        public long QuietMs = 3 * 60 * 1000;

        /// <summary>A stay without any witness is doubted after this time.</summary>
        public long DoubtMs = 45 * 60 * 1000;

        /// <summary>A carbon dioxide sensor that still has no value then is not warming up, but broken.</summary>
        public long WarmUpMs = 5 * 60 * 1000;

        /// <summary>Motion on every reading for this long, in outdoor air, is a stuck detector.</summary>
        public long StuckMotionMs = 30 * 60 * 1000;

        /// <summary>Below this a person in the pod is in danger; the alarm ends at the second value.</summary>
        public int ColdCentiCelsius = 200;
        public int ColdEndCentiCelsius = 400;

        public int HeatCentiCelsius = 3800;
        public int HeatEndCentiCelsius = 3500;

        /// <summary>Air that gives headaches and tells of a dead fan; the alarm ends at the second value.</summary>
        public int Co2AlarmPpm = 2500;
        public int Co2AlarmEndPpm = 1800;

        /// <summary>First and longest pause between two transmissions of an alarm that nobody has confirmed: while its condition
        /// holds, after it ended, and from a day after its end on.</summary>
        public long RepeatFirstMs = 10 * 1000;
        public long RepeatLongestMs = 5 * 60 * 1000;
        public long RepeatLongestEndedMs = 30 * 60 * 1000;
        public long RepeatRarelyAfterMs = 24 * 60 * 60 * 1000;
        public long RepeatRarelyMs = 6 * 60 * 60 * 1000;

        /// <summary>A contact must have been quiet this long before its alarm counts as over.</summary>
        public long EndAfterMs = 20 * 1000;

        /// <summary>How long a call for help stays set after the button was pressed, confirmed or not.</summary>
        public long SosHoldMs = 30 * 60 * 1000;
    }
}
