namespace Quartier.Wire
{
    /// <summary>presence (retained): online after connecting, offline as the session's last will.</summary>
    public sealed class ScreenPresence
    {
        public bool Online;

        /// <returns>Bytes written, or -1 when the buffer is too short.</returns>
        public int Encode(byte[] buffer)
        {
            CborWriter writer = new CborWriter(buffer);
            ScreenFormat.Begin(writer, 2);
            writer.WriteInt(1);
            writer.WriteBool(Online);
            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out ScreenPresence presence)
        {
            CborReader reader = new CborReader(buffer, length);
            ScreenPresence read = new ScreenPresence();
            bool ok = ScreenFormat.TryBegin(reader, length, 2)
                && ScreenFormat.TryField(reader, 1, out read.Online)
                && reader.AtEnd;
            presence = ok ? read : null;
            return ok;
        }
    }
}
