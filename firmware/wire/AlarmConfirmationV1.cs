namespace Quartier.Wire
{
    /// <summary>Downlink, FPort 11, 2 bytes: the gateway has committed the alarm with this number.
    /// formats/alarm-confirmation-v1.md.</summary>
    public sealed class AlarmConfirmationV1
    {
        public const int Bytes = 2;
        public const int Port = Ports.AlarmConfirmation;

        /// <summary>0..65535.</summary>
        public int Sequence;

        /// <returns>Bytes written, or -1 when the number is out of range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            if (buffer == null || buffer.Length < Bytes || Sequence < 0 || Sequence > 65535)
            {
                return -1;
            }

            buffer[0] = (byte)(Sequence >> 8);
            buffer[1] = (byte)Sequence;
            return Bytes;
        }

        /// <summary>Never throws, whatever the bytes.</summary>
        /// <param name="confirmation">A new value, or null when the bytes are refused.</param>
        public static bool TryDecode(byte[] buffer, int length, out AlarmConfirmationV1 confirmation)
        {
            confirmation = null;
            if (buffer == null || length != Bytes || buffer.Length < Bytes)
            {
                return false;
            }

            confirmation = new AlarmConfirmationV1();
            confirmation.Sequence = (buffer[0] << 8) | buffer[1];
            return true;
        }
    }
}
