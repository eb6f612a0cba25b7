using Quartier.Board;
using Quartier.Provisioning;
using Quartier.Wire;

namespace Quartier.Shelter
{
    /// <summary>A pod's sensor. Call <see cref="Step"/> at the time it asked for, or earlier when an input changed.</summary>
    public sealed class ShelterApp
    {
        public const string Firmware = "0.1.0";
        private const long ModemPollMs = 500;
        private const int DownlinkBytesMax = 51;

        private readonly ShelterBoard board;
        private readonly ServicePort servicePort;
        private readonly PodSample sample = new PodSample();
        private readonly PodSampler sampler;
        private readonly OccupancyEstimator estimator;
        private readonly AlarmBook alarms;
        private readonly ReportPolicy reports;
        private readonly ShelterStatusV1 status = new ShelterStatusV1();
        private readonly ShelterAlarmV1 alarm = new ShelterAlarmV1();
        private readonly byte[] uplink = new byte[ShelterStatusV1.Bytes];
        private readonly byte[] downlink = new byte[DownlinkBytesMax];
        private bool movedSinceReport;

        public ShelterApp(ShelterBoard board, ShelterSettings settings)
        {
            this.board = board;
            servicePort = new ServicePort(board.ServicePort, null, board.Flash, IdentityKind.Pod, Firmware);
            sampler = new PodSampler(board, settings);
            estimator = new OccupancyEstimator(settings);
            alarms = new AlarmBook(settings, new AlarmMemory(board.Flash));
            reports = new ReportPolicy(settings);
        }

        public OccupancyEstimator Occupancy
        {
            get { return estimator; }
        }

        public AlarmBook Alarms
        {
            get { return alarms; }
        }

        /// <summary>What the next report would say.</summary>
        public ShelterStatusV1 Status
        {
            get { return status; }
        }

        public LampSign Lamp { get; private set; }

        /// <returns>The uptime at which it next wants to run.</returns>
        public long Step(long uptimeMs)
        {
            board.Watchdog.Feed();
            long serviceMs = servicePort.Step(uptimeMs);
            if (servicePort.TakeIdentityChanged())
            {
                board.Power.Restart();
            }

            ModemState modem = board.Modem.Step(uptimeMs);
            TakeDownlinks();

            sampler.Read(sample, uptimeMs);
            estimator.Update(uptimeMs, sample);
            alarms.Observe(uptimeMs, sample, estimator.State);
            movedSinceReport |= sample.Moved;
            FillStatus(uptimeMs);
            ShowLamp();

            bool waiting = Transmit(uptimeMs, modem);
            long nextMs = Earlier(sampler.AirDueMs, Earlier(alarms.NextDueMs(), reports.DueMs(status)));
            if (waiting || modem != ModemState.Ready || nextMs <= uptimeMs)
            {
                nextMs = Earlier(sampler.AirDueMs, uptimeMs + ModemPollMs);
            }

            return Earlier(nextMs, serviceMs);
        }

        private void TakeDownlinks()
        {
            int port;
            int length;
            while (board.Modem.TryReceive(downlink, out port, out length))
            {
                AlarmConfirmationV1 confirmation;
                if (port == Ports.AlarmConfirmation && AlarmConfirmationV1.TryDecode(downlink, length, out confirmation))
                {
                    alarms.Confirm(confirmation.Sequence);
                }
            }
        }

        /// <returns>True when something waits for the modem.</returns>
        private bool Transmit(long uptimeMs, ModemState modem)
        {
            AlarmEntry due = alarms.Due(uptimeMs);
            bool statusDue = reports.DueMs(status) <= uptimeMs;
            if (due == null && !statusDue)
            {
                return false;
            }

            if (modem != ModemState.Ready)
            {
                return true;
            }

            return due != null ? !SendAlarm(due, uptimeMs) || statusDue : !SendStatus(uptimeMs);
        }

        private bool SendAlarm(AlarmEntry due, long uptimeMs)
        {
            alarm.Kind = due.Kind;
            alarm.Active = due.Active;
            alarm.Sequence = due.Sequence;
            alarm.Value = due.Value;
            int length = alarm.Encode(uplink);
            Invariant.Require(length > 0, "an alarm's fields fit its frame");
            if (board.Modem.Send(Ports.ShelterAlarm, uplink, length, true) != Board.SendStatus.Accepted)
            {
                return false;
            }

            alarms.Sent(due, uptimeMs);
            ShowLamp();
            return true;
        }

        private bool SendStatus(long uptimeMs)
        {
            int length = status.Encode(uplink);
            Invariant.Require(length > 0, "a status' fields fit its frame");
            if (board.Modem.Send(Ports.ShelterStatus, uplink, length, false) != Board.SendStatus.Accepted)
            {
                return false;
            }

            reports.Sent(status, uptimeMs);
            movedSinceReport = false;
            return true;
        }

        private void FillStatus(long uptimeMs)
        {
            status.Occupancy = estimator.State;
            status.Reason = estimator.Reason;
            status.Confidence = estimator.Confidence;
            status.DoorOpen = sample.DoorOpen;
            status.Locked = sample.Locked;
            status.Moved = movedSinceReport;
            status.Smoke = alarms.Shows(AlarmKind.Smoke);
            status.Sos = alarms.Shows(AlarmKind.Sos);
            status.Tamper = alarms.Shows(AlarmKind.Tamper);
            status.ClimateFault = estimator.ClimateFault;
            status.Co2Fault = estimator.Co2Fault;
            status.DoorLockFault = estimator.DoorLockFault;
            status.MotionFault = estimator.MotionFault;
            long ageMinutes = (uptimeMs - estimator.ChangedMs) / 60000;
            status.AgeMinutes = ageMinutes > ShelterStatusV1.AgeMinutesMax ? ShelterStatusV1.AgeMinutesMax : (int)ageMinutes;
            status.CentiCelsius = sample.ClimateOk ? Within(sample.CentiCelsius, -4000, 8500) : ShelterStatusV1.CelsiusUnknown;
            status.HumidityPermille = sample.ClimateOk ? Within(sample.HumidityPermille, 0, 1000) : ShelterStatusV1.HumidityUnknown;
            status.Co2Ppm = sample.Co2Ok ? Within(sample.Co2Ppm, 0, 5000) : ShelterStatusV1.Co2Unknown;
            status.BatteryMillivolts = sample.BatteryOk ? Within(sample.BatteryMillivolts, 0, 5000) : ShelterStatusV1.BatteryUnknown;
        }

        private void ShowLamp()
        {
            AlarmEntry sos = alarms[AlarmKind.Sos];
            LampSign sign = !sos.Active ? LampSign.Off : sos.Open ? LampSign.Sent : LampSign.Confirmed;
            if (sign != Lamp)
            {
                Lamp = sign;
                board.Lamp.Show(sign);
            }
        }

        private static int Within(int value, int lowest, int highest)
        {
            return value < lowest ? lowest : value > highest ? highest : value;
        }

        private static long Earlier(long first, long second)
        {
            return first < second ? first : second;
        }
    }
}
