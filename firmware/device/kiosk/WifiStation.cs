using System;
using System.Device.Wifi;
using System.Net.NetworkInformation;
using System.Threading;
using Quartier.Board;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>The station interface over the adapter itself: the platform's convenience class cannot be called twice.
    /// The adapter's Connect blocks, so it runs on a thread of its own and the step loop reads the outcome.</summary>
    public sealed class WifiStation : IWifi
    {
        private readonly WifiAdapter adapter;
        private readonly AutoResetEvent wanted = new AutoResetEvent(false);
        private string ssid;
        private string password;
        private WifiState state = WifiState.Unconfigured;
        private bool scanning;
        private WifiAvailableNetwork[] found = new WifiAvailableNetwork[0];

        public WifiStation()
        {
            adapter = WifiAdapter.FindAllAdapters()[0];
            adapter.AvailableNetworksChanged += Scanned;
            new Thread(ConnectWhenWanted).Start();
        }

        public WifiState State
        {
            get
            {
                // The platform joins a network that it knows by itself at boot.
                bool hasAddress = OwnAddress().Length > 0;
                if (state == WifiState.Unconfigured && hasAddress)
                {
                    state = WifiState.Connected;
                }

                // It also comes back by itself after a cut; until it has an address it is on its way.
                return state == WifiState.Connected && !hasAddress ? WifiState.Connecting : state;
            }
        }

        public string Address
        {
            get { return OwnAddress(); }
        }

        public int ScanCount
        {
            get { return scanning ? -1 : found.Length; }
        }

        /// <summary>The platform tells the strength of networks that it scanned, not of the one that it has joined.</summary>
        public bool TryGetSignal(out int rssiDbm)
        {
            rssiDbm = 0;
            return false;
        }

        public void Connect(string networkSsid, string networkPassword)
        {
            ssid = networkSsid;
            password = networkPassword;
            state = WifiState.Connecting;
            wanted.Set();
        }

        public bool StartScan()
        {
            if (scanning)
            {
                return false;
            }

            try
            {
                scanning = true;
                adapter.ScanAsync();
            }
            catch (Exception)
            {
                // The adapter refuses while it joins; the caller's patience ends with the networks found before.
                scanning = false;
            }

            return scanning;
        }

        public void GetNetwork(int index, out string networkSsid, out int rssiDbm, out bool secured)
        {
            WifiAvailableNetwork network = found[index];
            networkSsid = network.Ssid;
            rssiDbm = (int)network.NetworkRssiInDecibelMilliwatts;
            // The adapter does not tell whether a network is open; asking for a password that is not needed does no harm.
            secured = true;
        }

        private string OwnAddress()
        {
            string address = NetworkInterface.GetAllNetworkInterfaces()[adapter.NetworkInterface].IPv4Address;
            return address == null || address == "0.0.0.0" ? string.Empty : address;
        }

        private void Scanned(WifiAdapter sender, object e)
        {
            found = sender.NetworkReport.AvailableNetworks;
            scanning = false;
        }

        private void ConnectWhenWanted()
        {
            while (wanted.WaitOne())
            {
                try
                {
                    state = StateOf(adapter.Connect(ssid, WifiReconnectionKind.Automatic, password).ConnectionStatus);
                }
                catch (Exception)
                {
                    // This thread is the only one that joins: it must outlive whatever the adapter throws.
                    state = WifiState.NotInRange;
                }
            }
        }

        private static WifiState StateOf(WifiConnectionStatus outcome)
        {
            switch (outcome)
            {
                case WifiConnectionStatus.Success:
                    return WifiState.Connected;
                case WifiConnectionStatus.InvalidCredential:
                case WifiConnectionStatus.AccessRevoked:
                case WifiConnectionStatus.UnsupportedAuthenticationProtocol:
                    return WifiState.WrongPassword;
                default:
                    return WifiState.NotInRange;
            }
        }
    }
}
