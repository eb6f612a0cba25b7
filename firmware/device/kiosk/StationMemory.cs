using System;
using System.Net.NetworkInformation;
using System.Text;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>The network that the platform keeps on flash and joins by itself at boot and after a cut. What the adapter's Connect
    /// calls "Automatic" keeps nothing: the library hands it down as flags, and it is 0.</summary>
    internal sealed class StationMemory
    {
        // The platform's own buffers, less the zero at their end: a name of 32 bytes and a raw key of 64 digits have no room.
        private const int SsidBytesMax = 31;
        private const int PasswordBytesMax = 63;
        private const Wireless80211Configuration.ConfigurationOptions AutoConnect = Wireless80211Configuration.ConfigurationOptions.AutoConnect;
        private const Wireless80211Configuration.ConfigurationOptions SmartConfigBit = (Wireless80211Configuration.ConfigurationOptions)8;

        private readonly int networkInterface;

        /// <param name="networkInterface">The adapter's.</param>
        public StationMemory(int networkInterface)
        {
            this.networkInterface = networkInterface;
            NeedsRestart = ClearSmartConfig();
            HasNetwork = Load().Ssid.Length > 0;
        }

        public readonly bool NeedsRestart;

        public bool HasNetwork { get; private set; }

        public static bool Fits(string ssid, string password)
        {
            return Encoding.UTF8.GetBytes(ssid).Length <= SsidBytesMax && Encoding.UTF8.GetBytes(password).Length <= PasswordBytesMax;
        }

        public bool TryLoad(out string ssid, out string password)
        {
            Wireless80211Configuration saved = Load();
            ssid = saved.Ssid;
            password = saved.Password;
            return ssid.Length > 0;
        }

        /// <returns>False when it is not there when looked at again.</returns>
        public bool Save(string ssid, string password)
        {
            Wireless80211Configuration wanted = Load();
            if (!Is(wanted, ssid, password))
            {
                wanted.Ssid = ssid;
                wanted.Password = password;
                wanted.Options = AutoConnect;
                if (!Store(wanted) || !Is(Load(), ssid, password))
                {
                    return false;
                }
            }

            HasNetwork = true;
            return true;
        }

        /// <summary>A fresh chip has it on, and with no network saved it lets anybody nearby set one.</summary>
        /// <returns>True when it was on and is off from the next restart on.</returns>
        private bool ClearSmartConfig()
        {
            Wireless80211Configuration saved = Load();
            if ((saved.Options & SmartConfigBit) == 0)
            {
                return false;
            }

            saved.Options = AutoConnect;
            return Store(saved) && (Load().Options & SmartConfigBit) == 0;
        }

        private static bool Is(Wireless80211Configuration saved, string ssid, string password)
        {
            return saved.Ssid == ssid && saved.Password == password && saved.Options == AutoConnect;
        }

        private static bool Store(Wireless80211Configuration configuration)
        {
            try
            {
                configuration.SaveConfiguration();
                return true;
            }
            catch (Exception)
            {
                // A full or broken flash; the platform says no more than that.
                return false;
            }
        }

        private Wireless80211Configuration Load()
        {
            uint id = NetworkInterface.GetAllNetworkInterfaces()[networkInterface].SpecificConfigId;
            return Wireless80211Configuration.GetAllWireless80211Configurations()[id];
        }
    }
}
