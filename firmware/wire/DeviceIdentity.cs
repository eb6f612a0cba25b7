namespace Quartier.Wire
{
    public enum IdentityKind
    {
        Screen = 1,
        Pod = 2,
    }

    /// <summary>Who a device is and how it reaches its gateway; written over the service port and kept on flash.
    /// The password and the key in it never leave the device again.</summary>
    public sealed class DeviceIdentity
    {
        public const int PlaceBytesMax = 96;
        public const int HostBytesMax = 128;
        public const int UserBytesMax = 64;
        public const int PasswordBytesMax = 128;
        public const int EuiBytes = 8;
        public const int KeyBytes = 16;
        /// <summary>Of a root certificate as DER: a usual one has 400 (elliptic curve) to 1,400 (RSA 4096).</summary>
        public const int RootBytesMax = 2048;

        public IdentityKind Kind;
        /// <summary>As in topics, see <see cref="ScreenTopics.IsDeviceId"/>; pods have one too, for people.</summary>
        public string DeviceId = "";
        public string Place = "";
        public string Language = "de";

        // A screen's way to the gateway; empty for pods.
        public string MqttHost = "";
        public int MqttPort;
        public bool MqttTls;
        public string MqttUser = "";
        public string MqttPassword = "";

        /// <summary>SHA-256 of the root certificate (DER) that the gateway's own hangs on; empty without TLS. Version 1 knows none.</summary>
        public byte[] RootDigest = Empty.Bytes;
        /// <summary>When it was written, seconds since 1970 on the gateway's clock; 0 in version 1. The device checks no certificate
        /// against an earlier day.</summary>
        public long IssuedAt;
        /// <summary>Where the gateway's host tells the time and answers whether it is there, UDP; 0: nowhere.</summary>
        public int TimePort;

        // A pod's way to the network server; empty for screens.
        public byte[] DevEui = Empty.Bytes;
        public byte[] JoinEui = Empty.Bytes;
        public byte[] AppKey = Empty.Bytes;

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            CborWriter writer = new CborWriter(buffer);
            Write(writer);
            return writer.Length;
        }

        /// <summary>Never throws, whatever the bytes.</summary>
        public static bool TryDecode(byte[] buffer, int length, out DeviceIdentity identity)
        {
            CborReader reader = new CborReader(buffer, length);
            bool ok = TryRead(reader, length, out identity) && reader.AtEnd;
            identity = ok ? identity : null;
            return ok;
        }

        internal void Write(CborWriter writer)
        {
            bool known = ScreenTopics.IsDeviceId(DeviceId) && ScreenFormat.IsLanguage(Language);
            bool screen = Kind == IdentityKind.Screen;
            bool second = screen && (IssuedAt != 0 || RootDigest.Length != 0);
            ScreenFormat.Begin(writer, second ? 13 : screen ? 10 : 8, second ? 2 : 1);
            ScreenFormat.WriteField(writer, 1, (int)Kind, 1, 2);
            ScreenFormat.WriteField(writer, 2, known ? DeviceId : null, 1, ScreenTopics.DeviceIdLengthMax);
            ScreenFormat.WriteField(writer, 3, Place, 0, PlaceBytesMax);
            ScreenFormat.WriteField(writer, 4, Language, 2, 12);
            if (screen)
            {
                ScreenFormat.WriteField(writer, 5, MqttHost, 1, HostBytesMax);
                ScreenFormat.WriteField(writer, 6, MqttPort, 1, 65535);
                writer.WriteInt(7);
                writer.WriteBool(MqttTls);
                ScreenFormat.WriteField(writer, 8, MqttUser, 1, UserBytesMax);
                ScreenFormat.WriteField(writer, 9, MqttPassword, 1, PasswordBytesMax);
                if (second)
                {
                    WriteExact(writer, 13, RootDigest, MqttTls ? Sha256.DigestBytes : 0);
                    ScreenFormat.WriteField(writer, 14, IssuedAt, 1, ScreenFormat.SecondsMax);
                    ScreenFormat.WriteField(writer, 15, TimePort, 0, 65535);
                }
            }
            else
            {
                WriteExact(writer, 10, DevEui, EuiBytes);
                WriteExact(writer, 11, JoinEui, EuiBytes);
                WriteExact(writer, 12, AppKey, KeyBytes);
            }
        }

        internal static bool TryRead(CborReader reader, int length, out DeviceIdentity identity)
        {
            identity = null;
            DeviceIdentity read = new DeviceIdentity();
            int pairs;
            int number;
            int version = 0;
            if (length > PortFrames.PayloadBytesMax || !reader.TryReadMap(8, 13, out pairs)
                || !ScreenFormat.TryField(reader, 0, 1, 2, out version)
                || !ScreenFormat.TryField(reader, 1, 1, 2, out number)
                || pairs != (number == (int)IdentityKind.Screen ? version == 2 ? 13 : 10 : 8)
                || (version == 2 && number != (int)IdentityKind.Screen)
                || !ScreenFormat.TryField(reader, 2, 1, ScreenTopics.DeviceIdLengthMax, out read.DeviceId)
                || !ScreenFormat.TryField(reader, 3, 0, PlaceBytesMax, out read.Place)
                || !ScreenFormat.TryField(reader, 4, 2, 12, out read.Language)
                || !ScreenTopics.IsDeviceId(read.DeviceId) || !ScreenFormat.IsLanguage(read.Language))
            {
                return false;
            }

            read.Kind = (IdentityKind)number;
            if (read.Kind == IdentityKind.Screen ? !TryMqtt(reader, read) || (version == 2 && !TryRoot(reader, read)) : !TryLoRaWan(reader, read))
            {
                return false;
            }

            identity = read;
            return true;
        }

        private static bool TryMqtt(CborReader reader, DeviceIdentity read)
        {
            return ScreenFormat.TryField(reader, 5, 1, HostBytesMax, out read.MqttHost)
                && ScreenFormat.TryField(reader, 6, 1, 65535, out read.MqttPort)
                && ScreenFormat.TryField(reader, 7, out read.MqttTls)
                && ScreenFormat.TryField(reader, 8, 1, UserBytesMax, out read.MqttUser)
                && ScreenFormat.TryField(reader, 9, 1, PasswordBytesMax, out read.MqttPassword);
        }

        private static bool TryRoot(CborReader reader, DeviceIdentity read)
        {
            int bytes = read.MqttTls ? Sha256.DigestBytes : 0;
            return reader.TryReadKey(13) && reader.TryReadBytes(bytes, bytes, out read.RootDigest)
                && ScreenFormat.TryField(reader, 14, 1, ScreenFormat.SecondsMax, out read.IssuedAt)
                && ScreenFormat.TryField(reader, 15, 0, 65535, out read.TimePort);
        }

        private static bool TryLoRaWan(CborReader reader, DeviceIdentity read)
        {
            return reader.TryReadKey(10) && reader.TryReadBytes(EuiBytes, EuiBytes, out read.DevEui)
                && reader.TryReadKey(11) && reader.TryReadBytes(EuiBytes, EuiBytes, out read.JoinEui)
                && reader.TryReadKey(12) && reader.TryReadBytes(KeyBytes, KeyBytes, out read.AppKey);
        }

        private static void WriteExact(CborWriter writer, int key, byte[] bytes, int length)
        {
            writer.WriteInt(key);
            bool fits = bytes != null && bytes.Length == length;
            writer.WriteBytes(fits ? bytes : null, 0, length);
        }
    }
}
