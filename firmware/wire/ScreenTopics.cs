namespace Quartier.Wire
{
    /// <summary>MQTT topics of info screens: quartier/v1/DEVICE/LEAF. The version is part of the name.</summary>
    public static class ScreenTopics
    {
        public const string Prefix = "quartier/v1/";
        public const int DeviceIdLengthMax = 32;

        // From the screen.
        public const string Presence = "presence";
        public const string Hello = "hello";
        public const string Telemetry = "telemetry";
        public const string Usage = "usage";
        public const string Want = "want";
        public const string Transport = "transport";

        // To the screen.
        public const string Manifest = "manifest";
        public const string Entry = "entry";
        public const string Notice = "notice";
        public const string Settings = "settings";
        public const string Root = "root";
        /// <summary>Kept free for commands; a screen of version 1 ignores what arrives here.</summary>
        public const string Command = "command";

        /// <summary>Lower-case letters, digits and hyphens, 1 to 32 of them.</summary>
        public static bool IsDeviceId(string text)
        {
            if (text == null)
            {
                return false;
            }

            char[] letters = text.ToCharArray();
            for (int i = 0; i < letters.Length && i < DeviceIdLengthMax; i++)
            {
                char c = letters[i];
                bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                if (!allowed)
                {
                    return false;
                }
            }

            return letters.Length > 0 && letters.Length <= DeviceIdLengthMax;
        }

        /// <summary>True for the leaves that a screen publishes.</summary>
        public static bool IsUp(string leaf)
        {
            return leaf == Presence || leaf == Hello || leaf == Telemetry || leaf == Usage || leaf == Want || leaf == Transport;
        }

        /// <summary>True for the leaves that a screen subscribes to.</summary>
        public static bool IsDown(string leaf)
        {
            return leaf == Manifest || leaf == Entry || leaf == Notice || leaf == Settings || leaf == Root || leaf == Command;
        }

        /// <returns>The topic, or null when the device id or the leaf is none of ours.</returns>
        public static string Build(string device, string leaf)
        {
            return IsDeviceId(device) && (IsUp(leaf) || IsDown(leaf)) ? Prefix + device + "/" + leaf : null;
        }

        /// <summary>Takes exactly our topics apart.</summary>
        public static bool TryParse(string topic, out string device, out string leaf)
        {
            device = null;
            leaf = null;
            if (topic == null || !topic.StartsWith(Prefix))
            {
                return false;
            }

            string rest = topic.Substring(Prefix.Length);
            int slash = rest.IndexOf('/');
            if (slash < 1)
            {
                return false;
            }

            string id = rest.Substring(0, slash);
            string last = rest.Substring(slash + 1);
            if (!IsDeviceId(id) || !(IsUp(last) || IsDown(last)))
            {
                return false;
            }

            device = id;
            leaf = last;
            return true;
        }
    }
}
