namespace Quartier.Wire
{
    /// <summary>A pod's state, FPort 1, 8 bytes, most significant bit first. Which bit is what stands in the table of
    /// formats/shelter-status-v1.md; the tests hold this code against it.</summary>
    public sealed class ShelterStatusV1
    {
        public const int Bytes = 8;
        public const int Port = Ports.ShelterStatus;

        /// <summary>Value of <see cref="CentiCelsius"/> when there is none.</summary>
        public const int CelsiusUnknown = -32768;
        public const int HumidityUnknown = -1;
        public const int Co2Unknown = -1;
        public const int BatteryUnknown = -1;
        /// <summary>This age means "so many minutes or more".</summary>
        public const int AgeMinutesMax = 4095;
        public const int ConfidenceMax = 3;

        public Occupancy Occupancy;
        public OccupancyReason Reason;
        /// <summary>0 (a guess) to 3 (certain).</summary>
        public int Confidence;
        public bool DoorOpen;
        public bool Locked;
        /// <summary>Something moved since the report before.</summary>
        public bool Moved;
        public bool Smoke;
        public bool Sos;
        public bool Tamper;
        public bool ClimateFault;
        public bool Co2Fault;
        public bool DoorLockFault;
        public bool MotionFault;
        /// <summary>Minutes since <see cref="Occupancy"/> changed; more than the maximum is sent as the maximum.</summary>
        public int AgeMinutes;
        /// <summary>0.01 °C, -4000..8500, sent in steps of 0.1 °C.</summary>
        public int CentiCelsius = CelsiusUnknown;
        /// <summary>0.1 %, 0..1000, sent in steps of 1 %.</summary>
        public int HumidityPermille = HumidityUnknown;
        /// <summary>0..5000, sent in steps of 20 ppm.</summary>
        public int Co2Ppm = Co2Unknown;
        /// <summary>0..5000, sent in steps of 50 mV; 2000 stands for everything below too.</summary>
        public int BatteryMillivolts = BatteryUnknown;

        private const int TenthsCode = 2047;
        private const int HumidityCode = 127;
        private const int BatteryCode = 63;
        private const int Co2Code = 255;

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            if (buffer == null || buffer.Length < Bytes || !IsInRange())
            {
                return -1;
            }

            int age = AgeMinutes > AgeMinutesMax ? AgeMinutesMax : AgeMinutes;
            int tenths = CentiCelsius == CelsiusUnknown ? TenthsCode : (CentiCelsius + 4000 + 5) / 10;
            int percent = HumidityPermille == HumidityUnknown ? HumidityCode : (HumidityPermille + 5) / 10;
            int battery = BatteryMillivolts == BatteryUnknown ? BatteryCode
                : BatteryMillivolts <= 2000 ? 0 : (BatteryMillivolts - 2000 + 25) / 50;
            int co2 = Co2Ppm == Co2Unknown ? Co2Code : (Co2Ppm + 10) / 20;

            buffer[0] = (byte)(((int)Occupancy << 6) | ((int)Reason << 2) | Confidence);
            buffer[1] = (byte)(Bit(DoorOpen, 7) | Bit(Locked, 6) | Bit(Moved, 5) | Bit(Smoke, 4) | Bit(Sos, 3) | Bit(Tamper, 2));
            buffer[2] = (byte)(Bit(ClimateFault, 7) | Bit(Co2Fault, 6) | Bit(DoorLockFault, 5) | Bit(MotionFault, 4) | (age >> 8));
            buffer[3] = (byte)age;
            int air = (tenths << 13) | (percent << 6) | battery;
            buffer[4] = (byte)(air >> 16);
            buffer[5] = (byte)(air >> 8);
            buffer[6] = (byte)air;
            buffer[7] = (byte)co2;
            return Bytes;
        }

        /// <summary>Never throws, whatever the bytes.</summary>
        /// <param name="status">A new value, or null when the bytes are refused.</param>
        public static bool TryDecode(byte[] buffer, int length, out ShelterStatusV1 status)
        {
            status = null;
            if (buffer == null || length != Bytes || buffer.Length < Bytes)
            {
                return false;
            }

            int occupancy = buffer[0] >> 6;
            int reason = (buffer[0] >> 2) & 15;
            int flags = buffer[1];
            int air = (buffer[4] << 16) | (buffer[5] << 8) | buffer[6];
            int tenths = air >> 13;
            int percent = (air >> 6) & 127;
            int battery = air & 63;
            int co2 = buffer[7];
            if (occupancy > (int)Occupancy.Unknown || reason > (int)OccupancyReason.WarmingUp || (flags & 3) != 0
                || (tenths > 1250 && tenths != TenthsCode) || (percent > 100 && percent != HumidityCode)
                || (battery > 60 && battery != BatteryCode) || (co2 > 250 && co2 != Co2Code))
            {
                return false;
            }

            status = new ShelterStatusV1();
            status.Occupancy = (Occupancy)occupancy;
            status.Reason = (OccupancyReason)reason;
            status.Confidence = buffer[0] & 3;
            status.DoorOpen = (flags & 0x80) != 0;
            status.Locked = (flags & 0x40) != 0;
            status.Moved = (flags & 0x20) != 0;
            status.Smoke = (flags & 0x10) != 0;
            status.Sos = (flags & 0x08) != 0;
            status.Tamper = (flags & 0x04) != 0;
            status.ClimateFault = (buffer[2] & 0x80) != 0;
            status.Co2Fault = (buffer[2] & 0x40) != 0;
            status.DoorLockFault = (buffer[2] & 0x20) != 0;
            status.MotionFault = (buffer[2] & 0x10) != 0;
            status.AgeMinutes = ((buffer[2] & 15) << 8) | buffer[3];
            status.CentiCelsius = tenths == TenthsCode ? CelsiusUnknown : (tenths * 10) - 4000;
            status.HumidityPermille = percent == HumidityCode ? HumidityUnknown : percent * 10;
            status.BatteryMillivolts = battery == BatteryCode ? BatteryUnknown : 2000 + (battery * 50);
            status.Co2Ppm = co2 == Co2Code ? Co2Unknown : co2 * 20;
            return true;
        }

        private bool IsInRange()
        {
            return Occupancy >= Occupancy.Free && Occupancy <= Occupancy.Unknown
                && Reason >= OccupancyReason.Starting && Reason <= OccupancyReason.WarmingUp
                && Confidence >= 0 && Confidence <= ConfidenceMax
                && AgeMinutes >= 0
                && (CentiCelsius == CelsiusUnknown || (CentiCelsius >= -4000 && CentiCelsius <= 8500))
                && HumidityPermille >= HumidityUnknown && HumidityPermille <= 1000
                && Co2Ppm >= Co2Unknown && Co2Ppm <= 5000
                && BatteryMillivolts >= BatteryUnknown && BatteryMillivolts <= 5000;
        }

        private static int Bit(bool set, int place)
        {
            return set ? 1 << place : 0;
        }
    }
}
