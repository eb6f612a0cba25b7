using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Provisioning
{
    /// <summary>Host name and device name that an Improv client may set; neither is needed for anything else.</summary>
    internal sealed class NamesFile
    {
        public const int HostnameBytesMax = 63;
        public const int DeviceNameBytesMax = 64;

        private readonly SafeFile file;
        private readonly byte[] content = new byte[160];

        public NamesFile(IFlash flash)
        {
            file = new SafeFile(flash, "names", 160);
            int length;
            if (!file.TryLoad(content, out length))
            {
                return;
            }

            CborReader reader = new CborReader(content, length);
            string hostname;
            string deviceName;
            int two;
            if (reader.TryReadArray(2, 2, out two) && reader.TryReadText(0, HostnameBytesMax, out hostname)
                && reader.TryReadText(0, DeviceNameBytesMax, out deviceName))
            {
                Hostname = hostname;
                DeviceName = deviceName;
            }
        }

        /// <summary>Empty when none was set.</summary>
        public string Hostname = "";
        public string DeviceName = "";

        public bool Save(string hostname, string deviceName)
        {
            CborWriter writer = new CborWriter(content);
            writer.WriteArray(2);
            writer.WriteText(hostname, 0, HostnameBytesMax);
            writer.WriteText(deviceName, 0, DeviceNameBytesMax);
            if (writer.Length < 0 || !file.Save(content, writer.Length))
            {
                return false;
            }

            Hostname = hostname;
            DeviceName = deviceName;
            return true;
        }

        /// <summary>RFC 1123: letters, digits and hyphens, 1 to 63, no hyphen at either end.</summary>
        public static bool IsHostname(string text)
        {
            char[] letters = text.ToCharArray();
            if (letters.Length == 0 || letters.Length > HostnameBytesMax || letters[0] == '-' || letters[letters.Length - 1] == '-')
            {
                return false;
            }

            for (int i = 0; i < letters.Length; i++)
            {
                char c = letters[i];
                bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
                if (!allowed)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
