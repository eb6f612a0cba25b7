namespace Quartier.Wire
{
    /// <summary>One alarm of a pod, FPort 2, 4 bytes; repeated until the gateway confirms its number. Which bit is what
    /// stands in the table of formats/shelter-alarm-v1.md; the tests hold this code against it.</summary>
    public sealed class ShelterAlarmV1
    {
        public const int Bytes = 4;
        public const int Port = Ports.ShelterAlarm;

        public AlarmKind Kind;
        /// <summary>The condition still holds.</summary>
        public bool Active;
        /// <summary>0..65535, one number an alarm; kept over restarts.</summary>
        public int Sequence;
        /// <summary>°C, -40..85, for cold and heat; ppm, 0..5000 in steps of 20, for CO2; 0 for the others.</summary>
        public int Value;

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            int value = ValueCode();
            if (buffer == null || buffer.Length < Bytes || value < 0 || Sequence < 0 || Sequence > 65535)
            {
                return -1;
            }

            buffer[0] = (byte)(((int)Kind << 5) | (Active ? 0x10 : 0));
            buffer[1] = (byte)(Sequence >> 8);
            buffer[2] = (byte)Sequence;
            buffer[3] = (byte)value;
            return Bytes;
        }

        /// <summary>Never throws, whatever the bytes.</summary>
        /// <param name="alarm">A new value, or null when the bytes are refused.</param>
        public static bool TryDecode(byte[] buffer, int length, out ShelterAlarmV1 alarm)
        {
            alarm = null;
            if (buffer == null || length != Bytes || buffer.Length < Bytes || (buffer[0] & 15) != 0)
            {
                return false;
            }

            int kind = buffer[0] >> 5;
            int code = buffer[3];
            int value;
            switch (kind)
            {
                case (int)AlarmKind.Cold:
                case (int)AlarmKind.Heat:
                    if (code > 125)
                    {
                        return false;
                    }

                    value = code - 40;
                    break;
                case (int)AlarmKind.Co2:
                    if (code > 250)
                    {
                        return false;
                    }

                    value = code * 20;
                    break;
                default:
                    if (code != 0 || kind > (int)AlarmKind.Tamper)
                    {
                        return false;
                    }

                    value = 0;
                    break;
            }

            alarm = new ShelterAlarmV1();
            alarm.Kind = (AlarmKind)kind;
            alarm.Active = (buffer[0] & 0x10) != 0;
            alarm.Sequence = (buffer[1] << 8) | buffer[2];
            alarm.Value = value;
            return true;
        }

        private int ValueCode()
        {
            switch (Kind)
            {
                case AlarmKind.Cold:
                case AlarmKind.Heat:
                    return Value >= -40 && Value <= 85 ? Value + 40 : -1;
                case AlarmKind.Co2:
                    return Value >= 0 && Value <= 5000 ? (Value + 10) / 20 : -1;
                case AlarmKind.Smoke:
                case AlarmKind.Sos:
                case AlarmKind.Tamper:
                    return Value == 0 ? 0 : -1;
                default:
                    return -1;
            }
        }
    }
}
