namespace Quartier.Wire
{
    public enum ProvisionCommand
    {
        /// <summary>Say what you are; changes nothing.</summary>
        Describe = 1,
        /// <summary>Store the identity that comes with it, in place of any other.</summary>
        Write = 2,
        /// <summary>Delete the identity and its secrets.</summary>
        Forget = 3,
    }

    public enum ProvisionStatus
    {
        Ok = 0,
        /// <summary>Damaged on the line; send it again.</summary>
        Damaged = 1,
        /// <summary>Not a request of this version, or a value out of its range.</summary>
        Malformed = 2,
        /// <summary>An identity for the other kind of device.</summary>
        WrongKind = 3,
        /// <summary>The flash refused; nothing was changed.</summary>
        StorageFailed = 4,
    }

    /// <summary>From the tool: {0: 1, 1: command, 2: identity or null}.</summary>
    public sealed class ProvisionRequest
    {
        public ProvisionCommand Command = ProvisionCommand.Describe;
        /// <summary>Only with <see cref="ProvisionCommand.Write"/>.</summary>
        public DeviceIdentity Identity;

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            if ((Command == ProvisionCommand.Write) != (Identity != null))
            {
                return -1;
            }

            CborWriter writer = new CborWriter(buffer);
            ScreenFormat.Begin(writer, 3);
            ScreenFormat.WriteField(writer, 1, (int)Command, 1, 3);
            writer.WriteInt(2);
            if (Identity == null)
            {
                writer.WriteNull();
            }
            else
            {
                Identity.Write(writer);
            }

            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out ProvisionRequest request)
        {
            request = null;
            CborReader reader = new CborReader(buffer, length);
            ProvisionRequest read = new ProvisionRequest();
            int command;
            if (!ScreenFormat.TryBegin(reader, length, 3) || !ScreenFormat.TryField(reader, 1, 1, 3, out command) || !reader.TryReadKey(2))
            {
                return false;
            }

            read.Command = (ProvisionCommand)command;
            bool ok = read.Command == ProvisionCommand.Write ? DeviceIdentity.TryRead(reader, length, out read.Identity) : reader.TryReadNull();
            if (!ok || !reader.AtEnd)
            {
                return false;
            }

            request = read;
            return true;
        }
    }

    /// <summary>From the device after every request: how it went and what the device is now. No secret is in it.</summary>
    public sealed class ProvisionAnswer
    {
        public const int FirmwareBytesMax = 32;
        public const int NoWifi = 5;

        public ProvisionStatus Status;
        public IdentityKind Kind = IdentityKind.Screen;
        public string Firmware = "";
        /// <summary>Empty while the device has no identity; then the other names are empty too.</summary>
        public string DeviceId = "";
        public string Place = "";
        public string Language = "";
        public string MqttHost = "";
        /// <summary>0 without a host.</summary>
        public int MqttPort;
        /// <summary>Eight bytes, or none.</summary>
        public byte[] DevEui = Empty.Bytes;
        /// <summary>A password or key is stored.</summary>
        public bool HasSecret;
        /// <summary>0 no credentials, 1 connecting, 2 connected, 3 wrong password, 4 not in range, 5 the device has no Wi-Fi.</summary>
        public int Wifi = NoWifi;
        /// <summary>Dotted IPv4 address, or empty.</summary>
        public string Address = "";

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            CborWriter writer = new CborWriter(buffer);
            ScreenFormat.Begin(writer, 13);
            ScreenFormat.WriteField(writer, 1, (int)Status, 0, 4);
            ScreenFormat.WriteField(writer, 2, (int)Kind, 1, 2);
            ScreenFormat.WriteField(writer, 3, Firmware, 1, FirmwareBytesMax);
            ScreenFormat.WriteField(writer, 4, DeviceId, 0, ScreenTopics.DeviceIdLengthMax);
            ScreenFormat.WriteField(writer, 5, Place, 0, DeviceIdentity.PlaceBytesMax);
            ScreenFormat.WriteField(writer, 6, Language, 0, 12);
            ScreenFormat.WriteField(writer, 7, MqttHost, 0, DeviceIdentity.HostBytesMax);
            ScreenFormat.WriteField(writer, 8, MqttPort, 0, 65535);
            ScreenFormat.WriteDigest(writer, 9, true, DevEui);
            writer.WriteInt(10);
            writer.WriteBool(HasSecret);
            ScreenFormat.WriteField(writer, 11, Wifi, 0, NoWifi);
            ScreenFormat.WriteField(writer, 12, Address, 0, 15);
            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out ProvisionAnswer answer)
        {
            CborReader reader = new CborReader(buffer, length);
            ProvisionAnswer read = new ProvisionAnswer();
            int status = 0;
            int kind = 0;
            bool ok = ScreenFormat.TryBegin(reader, length, 13)
                && ScreenFormat.TryField(reader, 1, 0, 4, out status)
                && ScreenFormat.TryField(reader, 2, 1, 2, out kind)
                && ScreenFormat.TryField(reader, 3, 1, FirmwareBytesMax, out read.Firmware)
                && ScreenFormat.TryField(reader, 4, 0, ScreenTopics.DeviceIdLengthMax, out read.DeviceId)
                && ScreenFormat.TryField(reader, 5, 0, DeviceIdentity.PlaceBytesMax, out read.Place)
                && ScreenFormat.TryField(reader, 6, 0, 12, out read.Language)
                && ScreenFormat.TryField(reader, 7, 0, DeviceIdentity.HostBytesMax, out read.MqttHost)
                && ScreenFormat.TryField(reader, 8, 0, 65535, out read.MqttPort)
                && ScreenFormat.TryDigest(reader, 9, true, out read.DevEui)
                && ScreenFormat.TryField(reader, 10, out read.HasSecret)
                && ScreenFormat.TryField(reader, 11, 0, NoWifi, out read.Wifi)
                && ScreenFormat.TryField(reader, 12, 0, 15, out read.Address)
                && reader.AtEnd;
            read.Status = (ProvisionStatus)status;
            read.Kind = (IdentityKind)kind;
            answer = ok ? read : null;
            return ok;
        }
    }
}
