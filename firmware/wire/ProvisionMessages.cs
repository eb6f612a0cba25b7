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
        /// <summary>A part of the root certificate that the next identity names. Version 2.</summary>
        Root = 4,
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
        /// <summary>A part of a root that does not follow the one before, or an identity that names a root which has not arrived. Version 2.</summary>
        RootMissing = 5,
    }

    /// <summary>From the tool: {0: version, 1: command, 2: identity or null}; a part of a root
    /// {0: 2, 1: 4, 2: bytes in all, 3: bytes before, 4: bytes}.</summary>
    public sealed class ProvisionRequest
    {
        public const int VersionMax = 2;
        public const int PartBytesMax = 512;

        /// <summary>1 or 2; the answer has the same.</summary>
        public int Version = 1;
        public ProvisionCommand Command = ProvisionCommand.Describe;
        /// <summary>Only with <see cref="ProvisionCommand.Write"/>.</summary>
        public DeviceIdentity Identity;

        // Only with ProvisionCommand.Root.
        public int RootBytes;
        public int PartAt;
        public byte[] Part = Empty.Bytes;

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            CborWriter writer = new CborWriter(buffer);
            if (Command == ProvisionCommand.Root)
            {
                return EncodePart(writer);
            }

            if ((Command == ProvisionCommand.Write) != (Identity != null) || (Version == 1 && Identity != null && Identity.IssuedAt != 0))
            {
                return -1;
            }

            ScreenFormat.Begin(writer, 3, Version);
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
            int pairs;
            int command = 0;
            if (length > PortFrames.PayloadBytesMax || !reader.TryReadMap(3, 5, out pairs) || !ScreenFormat.TryField(reader, 0, 1, VersionMax, out read.Version)
                || !ScreenFormat.TryField(reader, 1, 1, read.Version == 1 ? 3 : 4, out command)
                || pairs != (command == (int)ProvisionCommand.Root ? 5 : 3))
            {
                return false;
            }

            read.Command = (ProvisionCommand)command;
            bool ok = read.Command == ProvisionCommand.Root ? TryPart(reader, read)
                : reader.TryReadKey(2) && (read.Command == ProvisionCommand.Write ? TryIdentity(reader, length, read) : reader.TryReadNull());
            if (!ok || !reader.AtEnd)
            {
                return false;
            }

            request = read;
            return true;
        }

        private int EncodePart(CborWriter writer)
        {
            bool fits = Part.Length >= 1 && Part.Length <= PartBytesMax && PartAt >= 0 && PartAt <= RootBytes - Part.Length;
            ScreenFormat.Begin(writer, 5, VersionMax);
            ScreenFormat.WriteField(writer, 1, (int)Command, 4, 4);
            ScreenFormat.WriteField(writer, 2, RootBytes, 1, DeviceIdentity.RootBytesMax);
            ScreenFormat.WriteField(writer, 3, PartAt, 0, DeviceIdentity.RootBytesMax);
            writer.WriteInt(4);
            writer.WriteBytes(fits && Version == VersionMax ? Part : null, 0, fits ? Part.Length : 0);
            return writer.Length;
        }

        private static bool TryPart(CborReader reader, ProvisionRequest read)
        {
            return ScreenFormat.TryField(reader, 2, 1, DeviceIdentity.RootBytesMax, out read.RootBytes)
                && ScreenFormat.TryField(reader, 3, 0, DeviceIdentity.RootBytesMax, out read.PartAt)
                && reader.TryReadKey(4) && reader.TryReadBytes(1, PartBytesMax, out read.Part)
                && read.PartAt <= read.RootBytes - read.Part.Length;
        }

        private static bool TryIdentity(CborReader reader, int length, ProvisionRequest read)
        {
            return DeviceIdentity.TryRead(reader, length, out read.Identity) && (read.Version > 1 || read.Identity.IssuedAt == 0);
        }
    }

    /// <summary>From the device after every request: how it went and what the device is now. No secret is in it.</summary>
    public sealed class ProvisionAnswer
    {
        public const int FirmwareBytesMax = 32;
        public const int NoWifi = 5;
        /// <summary>A join that failed for a reason which the device cannot tell. Version 2; in version 1 that is 0.</summary>
        public const int WifiFailed = 6;

        /// <summary>1 or 2, as the request's.</summary>
        public int Version = 1;
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
        /// <summary>0 no credentials, 1 connecting, 2 connected, 3 wrong password, 4 not in range, 5 the device has no Wi-Fi, 6 failed.</summary>
        public int Wifi = NoWifi;
        /// <summary>Dotted IPv4 address, or empty.</summary>
        public string Address = "";

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            CborWriter writer = new CborWriter(buffer);
            ScreenFormat.Begin(writer, 13, Version);
            ScreenFormat.WriteField(writer, 1, (int)Status, 0, Version == 1 ? 4 : 5);
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
            ScreenFormat.WriteField(writer, 11, Wifi, 0, Version == 1 ? NoWifi : WifiFailed);
            ScreenFormat.WriteField(writer, 12, Address, 0, 15);
            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out ProvisionAnswer answer)
        {
            CborReader reader = new CborReader(buffer, length);
            ProvisionAnswer read = new ProvisionAnswer();
            int status = 0;
            int kind = 0;
            int pairs;
            bool ok = length <= PortFrames.PayloadBytesMax && reader.TryReadMap(13, 13, out pairs)
                && ScreenFormat.TryField(reader, 0, 1, ProvisionRequest.VersionMax, out read.Version)
                && ScreenFormat.TryField(reader, 1, 0, read.Version == 1 ? 4 : 5, out status)
                && ScreenFormat.TryField(reader, 2, 1, 2, out kind)
                && ScreenFormat.TryField(reader, 3, 1, FirmwareBytesMax, out read.Firmware)
                && ScreenFormat.TryField(reader, 4, 0, ScreenTopics.DeviceIdLengthMax, out read.DeviceId)
                && ScreenFormat.TryField(reader, 5, 0, DeviceIdentity.PlaceBytesMax, out read.Place)
                && ScreenFormat.TryField(reader, 6, 0, 12, out read.Language)
                && ScreenFormat.TryField(reader, 7, 0, DeviceIdentity.HostBytesMax, out read.MqttHost)
                && ScreenFormat.TryField(reader, 8, 0, 65535, out read.MqttPort)
                && ScreenFormat.TryDigest(reader, 9, true, out read.DevEui)
                && ScreenFormat.TryField(reader, 10, out read.HasSecret)
                && ScreenFormat.TryField(reader, 11, 0, read.Version == 1 ? NoWifi : WifiFailed, out read.Wifi)
                && ScreenFormat.TryField(reader, 12, 0, 15, out read.Address)
                && reader.AtEnd;
            read.Status = (ProvisionStatus)status;
            read.Kind = (IdentityKind)kind;
            answer = ok ? read : null;
            return ok;
        }
    }
}
