namespace Quartier.Wire
{
    /// <summary>presence (retained): one CBOR text, "online" after connecting, "offline" as the session's last will.
    /// A text, because the device's MQTT library takes the will as a string: its bytes must be UTF-8 without a NUL.</summary>
    public sealed class ScreenPresence
    {
        public bool Online;

        /// <returns>Bytes written, or -1 when the buffer is too short.</returns>
        public int Encode(byte[] buffer)
        {
            CborWriter writer = new CborWriter(buffer);
            writer.WriteText(Online ? "online" : "offline", 1, 7);
            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out ScreenPresence presence)
        {
            CborReader reader = new CborReader(buffer, length);
            string word;
            bool ok = reader.TryReadText(1, 7, out word) && reader.AtEnd && (word == "online" || word == "offline");
            presence = ok ? new ScreenPresence { Online = word == "online" } : null;
            return ok;
        }
    }
}
