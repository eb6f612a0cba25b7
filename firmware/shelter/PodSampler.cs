using Quartier.Board;

namespace Quartier.Shelter
{
    /// <summary>Reads the board's seams into one sample: contacts on every step, air only as often as its parts measure.</summary>
    public sealed class PodSampler
    {
        private readonly ShelterBoard board;
        private readonly ShelterSettings settings;
        private long airDueMs;

        public PodSampler(ShelterBoard board, ShelterSettings settings)
        {
            this.board = board;
            this.settings = settings;
        }

        /// <summary>When the air is to be read next.</summary>
        public long AirDueMs
        {
            get { return airDueMs; }
        }

        public void Read(PodSample into, long uptimeMs)
        {
            ReadContacts(into);
            into.AirFresh = uptimeMs >= airDueMs;
            if (into.AirFresh)
            {
                ReadAir(into);
                airDueMs = uptimeMs + settings.SampleMs;
            }
        }

        private void ReadContacts(PodSample into)
        {
            bool value;
            into.DoorOk = board.Door.Read(out value) == ReadStatus.Ok;
            into.DoorOpen = into.DoorOk && value;
            into.LockOk = board.Lock.Read(out value) == ReadStatus.Ok;
            into.Locked = into.LockOk && value;
            into.MotionOk = board.Motion.Read(out value) == ReadStatus.Ok;
            into.Moved = into.MotionOk && value;
            into.SmokeOk = board.Smoke.Read(out value) == ReadStatus.Ok;
            into.Smoke = into.SmokeOk && value;
            into.SosOk = board.Sos.Read(out value) == ReadStatus.Ok;
            into.SosPressed = into.SosOk && value;
            into.TamperOk = board.Tamper.Read(out value) == ReadStatus.Ok;
            into.TamperOpen = into.TamperOk && value;
        }

        private void ReadAir(PodSample into)
        {
            int first;
            int second;
            into.ClimateOk = board.Climate.Read(out first, out second) == ReadStatus.Ok;
            into.CentiCelsius = first;
            into.HumidityPermille = second;
            ReadStatus co2 = board.Co2.Read(out first);
            into.Co2Ok = co2 == ReadStatus.Ok;
            into.Co2WarmingUp = co2 == ReadStatus.NotReady;
            into.Co2Ppm = into.Co2Ok ? first : -1;
            into.BatteryOk = board.Battery.Read(out first) == ReadStatus.Ok;
            into.BatteryMillivolts = into.BatteryOk ? first : -1;
        }
    }
}
