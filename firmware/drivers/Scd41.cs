using Quartier.Board;

namespace Quartier.Drivers
{
    /// <summary>Sensirion SCD41, address 0x62, measured in single shots and powered down between them.
    /// Automatic self-calibration is switched off and that is persisted: it assumes fresh air once a week, which a pod in
    /// winter does not see. Source: SCD4x datasheet, sections 3.4 to 3.12.</summary>
    public sealed class Scd41 : ICo2Sensor
    {
        public const int Address = 0x62;

        private const int StopPeriodic = 0x3F86;
        private const int GetSelfCalibration = 0x2313;
        private const int SetSelfCalibration = 0x2416;
        private const int PersistSettings = 0x3615;
        private const int WakeUp = 0x36F6;
        private const int MeasureSingleShot = 0x219D;
        private const int ReadMeasurement = 0xEC05;
        private const int PowerDown = 0x36E0;
        private const int WakeUpMs = 30;

        private enum Phase
        {
            Start = 0,
            AskSelfCalibration = 1,
            ReadSelfCalibration = 2,
            Persist = 3,
            Idle = 4,
            Measure = 5,
            Ask = 6,
            Collect = 7,
            Stop = 8,
        }

        private readonly IRegisterBus bus;
        private readonly int periodMs;
        private readonly byte[] buffer = new byte[9];
        private Phase phase = Phase.Start;
        private long dueMs;
        private ReadStatus status = ReadStatus.NotReady;
        private int ppm;

        /// <param name="periodMs">From one single shot to the next; at least 6000.</param>
        public Scd41(IRegisterBus bus, int periodMs)
        {
            Invariant.Require(periodMs >= 6000, "a single shot takes five seconds");
            this.bus = bus;
            this.periodMs = periodMs;
        }

        /// <returns>The newest measurement, NotReady before the first.</returns>
        public ReadStatus Read(out int co2Ppm)
        {
            co2Ppm = ppm;
            return status;
        }

        /// <summary>Does what is due on the bus.</summary>
        /// <returns>When it next wants to run.</returns>
        public long Step(long uptimeMs)
        {
            if (uptimeMs >= dueMs)
            {
                dueMs = uptimeMs + Advance();
            }

            return dueMs;
        }

        /// <returns>Milliseconds until the next phase, as the datasheet's execution times ask.</returns>
        private int Advance()
        {
            switch (phase)
            {
                case Phase.Start:
                    // After a reset of the board alone the part may still measure periodically or sleep; both are ended here.
                    Command(WakeUp);
                    phase = Phase.Stop;
                    return WakeUpMs;
                case Phase.Stop:
                    return Next(Command(StopPeriodic), Phase.AskSelfCalibration, 500);
                case Phase.AskSelfCalibration:
                    return Next(Command(GetSelfCalibration), Phase.ReadSelfCalibration, 1);
                case Phase.ReadSelfCalibration:
                    return SwitchSelfCalibrationOff();
                case Phase.Persist:
                    return Next(Command(PersistSettings), Phase.Idle, 800);
                case Phase.Idle:
                    // The wake-up command is never acknowledged.
                    Command(WakeUp);
                    phase = Phase.Measure;
                    return WakeUpMs;
                case Phase.Measure:
                    return Next(Command(MeasureSingleShot), Phase.Ask, 5000);
                case Phase.Ask:
                    return Next(Command(ReadMeasurement), Phase.Collect, 1);
                default:
                    return Collect();
            }
        }

        private int SwitchSelfCalibrationOff()
        {
            ReadStatus read = ReadWords(1);
            if (read != ReadStatus.Ok)
            {
                return Fail(read);
            }

            if (buffer[0] == 0 && buffer[1] == 0)
            {
                phase = Phase.Idle;
                return 1;
            }

            return Next(Command(SetSelfCalibration, 0), Phase.Persist, 1);
        }

        private int Collect()
        {
            ReadStatus read = ReadWords(3);
            if (read != ReadStatus.Ok)
            {
                return Fail(read);
            }

            int measured = (buffer[0] << 8) | buffer[1];
            bool plausible = measured >= 1 && measured <= 40000;
            status = plausible ? ReadStatus.Ok : ReadStatus.OutOfRange;
            ppm = measured;
            Command(PowerDown);
            phase = Phase.Idle;
            return periodMs - 5031;
        }

        private int Next(ReadStatus done, Phase then, int waitMs)
        {
            if (done != ReadStatus.Ok)
            {
                return Fail(done);
            }

            phase = then;
            return waitMs;
        }

        private int Fail(ReadStatus with)
        {
            status = with;
            phase = Phase.Start;
            return periodMs;
        }

        private ReadStatus Command(int code)
        {
            buffer[0] = (byte)(code >> 8);
            buffer[1] = (byte)code;
            return bus.Write(buffer, 2);
        }

        private ReadStatus Command(int code, int word)
        {
            buffer[0] = (byte)(code >> 8);
            buffer[1] = (byte)code;
            buffer[2] = (byte)(word >> 8);
            buffer[3] = (byte)word;
            buffer[4] = Crc8(buffer, 2);
            return bus.Write(buffer, 5);
        }

        /// <summary>Reads words of two bytes and a checksum each; the words end up packed at the buffer's start.</summary>
        private ReadStatus ReadWords(int words)
        {
            ReadStatus read = bus.Read(buffer, words * 3);
            for (int word = 0; read == ReadStatus.Ok && word < words; word++)
            {
                int at = word * 3;
                if (Crc8(buffer, at) != buffer[at + 2])
                {
                    return ReadStatus.BadChecksum;
                }

                buffer[word * 2] = buffer[at];
                buffer[(word * 2) + 1] = buffer[at + 1];
            }

            return read;
        }

        /// <summary>CRC-8 over two bytes: polynomial 0x31, start 0xFF.</summary>
        private static byte Crc8(byte[] bytes, int offset)
        {
            int crc = 0xFF;
            for (int i = 0; i < 2; i++)
            {
                crc ^= bytes[offset + i];
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 0x80) != 0 ? ((crc << 1) ^ 0x31) & 0xFF : (crc << 1) & 0xFF;
                }
            }

            return (byte)crc;
        }
    }
}
