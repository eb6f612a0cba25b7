namespace Quartier.Shelter
{
    /// <summary>What the carbon dioxide in the pod tells about a breathing person.</summary>
    public enum AirVerdict
    {
        /// <summary>Too few readings since the flap was closed, or no sensor.</summary>
        NotKnown = 0,
        /// <summary>As outdoors and not rising: nobody breathes behind a closed flap.</summary>
        AtBaseline = 1,
        /// <summary>Falls as fast as in an empty pod, and is nearly gone.</summary>
        FallingAway = 2,
        /// <summary>Neither proves a person nor rules one out.</summary>
        Between = 3,
        High = 4,
        Rising = 5,
    }

    /// <summary>Follows carbon dioxide and humidity.
    /// A person breathes out about 13 l of CO2 an hour asleep; in 2.5 m³ that is some 87 ppm a minute, and about 870 ppm above
    /// outdoors once breathing and ventilation (15 m³/h) balance. An empty pod loses 10 % of its excess a minute. The thresholds
    /// lie between these: a pod that two people share and one leaves falls by 5 % a minute at most and so never looks empty.</summary>
    public sealed class AirWitness
    {
        public const int RisingPpmPerMinute = 15;
        public const int RisingExcessPpm = 80;
        public const int HighExcessPpm = 300;
        public const int BaselineExcessPpm = 150;
        public const int SteadyPpmPerMinute = 6;
        public const int FallingAwayExcessPpm = 350;
        public const int FallingPercentPerMinute = 6;
        public const int HoldingPercentPerMinute = 2;
        public const int HumidRisingTenthsPerMinute = 80;

        private const long WindowMs = 3 * 60 * 1000;
        private const int BaselineLowestPpm = 380;
        private const int BaselineHighestPpm = 700;
        private const int StuckReadings = 40;

        private readonly Trend co2 = new Trend();
        private readonly Trend humidity = new Trend();
        private int baselineSixteenths = 450 * 16;
        private int ppm = -1;
        private int sameReadings;
        private long changedMs = -1;

        public int BaselinePpm
        {
            get { return baselineSixteenths / 16; }
        }

        /// <summary>A part that gives the same number for twenty minutes does not measure: clean air alone makes it waver.</summary>
        public bool Co2Stuck
        {
            get { return sameReadings >= StuckReadings; }
        }

        /// <summary>The part has given different numbers since then, so it measures.</summary>
        public bool Co2LivesSince(long uptimeMs)
        {
            return changedMs >= uptimeMs;
        }

        /// <param name="outdoors">The flap has stood open long enough, or the pod is known to be empty: the air is the street's.</param>
        public void Add(long uptimeMs, PodSample sample, bool outdoors)
        {
            if (sample.ClimateOk)
            {
                humidity.Add(uptimeMs, sample.HumidityPermille);
            }
            else
            {
                humidity.Clear();
            }

            if (!sample.Co2Ok)
            {
                co2.Clear();
                ppm = -1;
                return;
            }

            sameReadings = sample.Co2Ppm == ppm ? sameReadings + 1 : 0;
            changedMs = ppm >= 0 && sameReadings == 0 ? uptimeMs : changedMs;
            ppm = sample.Co2Ppm;
            co2.Add(uptimeMs, ppm);
            LearnBaseline(uptimeMs, outdoors);
        }

        /// <param name="closedSinceMs">When the flap was closed; earlier air is of no use.</param>
        public AirVerdict Judge(long uptimeMs, long closedSinceMs)
        {
            int tenths;
            if (ppm < 0 || Co2Stuck || !co2.TrySlope(uptimeMs, closedSinceMs, WindowMs, out tenths))
            {
                return AirVerdict.NotKnown;
            }

            int excess = ppm - BaselinePpm;
            if (tenths >= RisingPpmPerMinute * 10 && excess >= RisingExcessPpm)
            {
                return AirVerdict.Rising;
            }

            if (excess <= BaselineExcessPpm)
            {
                return tenths <= SteadyPpmPerMinute * 10 ? AirVerdict.AtBaseline : AirVerdict.Between;
            }

            int lostPercentTenths = -tenths * 100 / excess;
            if (excess <= FallingAwayExcessPpm && lostPercentTenths >= FallingPercentPerMinute * 10)
            {
                return AirVerdict.FallingAway;
            }

            return excess >= HighExcessPpm && lostPercentTenths < HoldingPercentPerMinute * 10
                ? AirVerdict.High
                : AirVerdict.Between;
        }

        /// <summary>Stands in for a failed CO2 sensor: a person gives off some 40 g of water an hour.</summary>
        public bool HumidityRising(long uptimeMs, long closedSinceMs)
        {
            int tenths;
            return humidity.TrySlope(uptimeMs, closedSinceMs, WindowMs, out tenths) && tenths >= HumidRisingTenthsPerMinute;
        }

        private void LearnBaseline(long uptimeMs, bool outdoors)
        {
            int target = ppm * 16;
            int tenths;
            bool steady = co2.TrySlope(uptimeMs, 0, WindowMs, out tenths)
                && tenths <= SteadyPpmPerMinute * 10 && tenths >= -SteadyPpmPerMinute * 10;
            if (!steady)
            {
                return;
            }

            if (target < baselineSixteenths)
            {
                baselineSixteenths += (target - baselineSixteenths) / 8;
            }
            else if (outdoors)
            {
                baselineSixteenths += (target - baselineSixteenths) / 32;
            }

            baselineSixteenths = baselineSixteenths < BaselineLowestPpm * 16 ? BaselineLowestPpm * 16
                : baselineSixteenths > BaselineHighestPpm * 16 ? BaselineHighestPpm * 16
                : baselineSixteenths;
        }
    }
}
