using System;
using System.Device.Wifi;
using System.Net.NetworkInformation;
using System.Threading;
using Quartier.Board;
using Quartier.Device;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>The station interface over the adapter itself: the platform's convenience class cannot be called twice.
    /// The adapter's Connect blocks for up to 20 s and holds its lock, so everything that may wait for it runs on one thread
    /// of its own, and the step loop reads what came of it.
    /// Nothing is saved by joining (<see cref="StationMemory"/> does that, once an address was there).</summary>
    public sealed class WifiStation : IWifi
    {
        // A router's DHCP takes seconds; and the platform tries again by itself after a failure.
        private const int AddressMsMax = 6000;
        private const int ScanMsMax = 4000;
        // Weaker than this a handshake also fails for want of reception, and the platform calls both "invalid credentials".
        private const double NearDbm = -75;

        /// <summary>A look at the address makes garbage, and the platform says when it changes; looked at again now and then all the same.</summary>
        private const int AsksPerLook = 10;

        private readonly WifiAdapter adapter;
        private readonly StationMemory memory;
        private readonly int addressMs;
        private readonly int scanMs;
        private readonly object turn = new object();
        private readonly AutoResetEvent wanted = new AutoResetEvent(false);
        private readonly AutoResetEvent addressChanged = new AutoResetEvent(false);
        private readonly AutoResetEvent scanned = new AutoResetEvent(false);

        private string ssid;
        private string password;
        private int asked;
        private int answered;
        private WifiState lastJoin = WifiState.Unconfigured;
        /// <summary>The thread is at work: whoever else called the adapter would wait for its lock.</summary>
        private bool busy;
        private bool scanning;
        private bool comeBack;
        private string seenAddress;
        private int asks;
        private WifiAvailableNetwork[] found = new WifiAvailableNetwork[0];

        public WifiStation()
            : this(AddressMsMax, ScanMsMax)
        {
            new Thread(Run).Start();
        }

        /// <summary>Without the thread: whoever made it calls <see cref="Work"/>.</summary>
        internal WifiStation(int addressMs, int scanMs)
        {
            this.addressMs = addressMs;
            this.scanMs = scanMs;
            adapter = WifiAdapter.FindAllAdapters()[0];
            memory = new StationMemory(adapter.NetworkInterface);
            adapter.AvailableNetworksChanged += Scanned;
            NetworkChange.NetworkAddressChanged += AddressChanged;
        }

        /// <summary>SmartConfig was on, and the platform may listen for a stranger's network until the next restart.</summary>
        public bool NeedsRestart
        {
            get { return memory.NeedsRestart; }
        }

        public WifiState State
        {
            get
            {
                lock (turn)
                {
                    if (asked != answered)
                    {
                        return WifiState.Connecting;
                    }
                }

                if (Address.Length > 0)
                {
                    return WifiState.Connected;
                }

                // The platform joins what is saved at boot, and comes back by itself after a cut.
                return memory.HasNetwork ? WifiState.Connecting : lastJoin;
            }
        }

        public WifiState LastJoin
        {
            get { lock (turn) { return asked != answered ? WifiState.Connecting : lastJoin; } }
        }

        public string Address
        {
            get
            {
                string address = seenAddress;
                if (address == null || ++asks >= AsksPerLook)
                {
                    asks = 0;
                    address = OwnAddress();
                    seenAddress = address;
                }

                return address;
            }
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
            lock (turn)
            {
                ssid = networkSsid;
                password = networkPassword;
                asked++;
            }

            wanted.Set();
        }

        public bool StartScan()
        {
            lock (turn)
            {
                if (scanning || busy || asked != answered)
                {
                    return false;
                }

                scanning = true;
            }

            wanted.Set();
            return true;
        }

        public void GetNetwork(int index, out string networkSsid, out int rssiDbm, out bool secured)
        {
            // A scan that a join needed may have put a shorter list here meanwhile.
            WifiAvailableNetwork[] networks = found;
            bool there = index < networks.Length;
            networkSsid = there ? networks[index].Ssid : string.Empty;
            rssiDbm = there ? (int)networks[index].NetworkRssiInDecibelMilliwatts : 0;
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
            // Of a scan that was given up: asking for its result could wait for a join, on the thread of all events.
            if (!scanning)
            {
                return;
            }

            try
            {
                found = sender.NetworkReport.AvailableNetworks;
            }
            catch (Exception)
            {
                // The driver had no room for the list.
                found = new WifiAvailableNetwork[0];
            }

            scanned.Set();
        }

        private void AddressChanged(object sender, EventArgs e)
        {
            seenAddress = null;
            addressChanged.Set();
            wanted.Set();
            StepLoop.Wake();
        }

        private void Run()
        {
            while (wanted.WaitOne())
            {
                Work();
            }
        }

        /// <summary>Everything that is due; returns when nothing is.</summary>
        internal void Work()
        {
            try
            {
                WorkOnce();
            }
            catch (Exception)
            {
                // A configuration that cannot be read, an adapter that is switched off: this thread is the only one that joins.
                scanning = false;
                comeBack = false;
                Answer(asked, WifiState.Failed);
            }

            busy = false;
        }

        private void WorkOnce()
        {
            string newSsid;
            string newPassword;
            int mine;
            bool join;
            lock (turn)
            {
                busy = true;
                newSsid = ssid;
                newPassword = password;
                mine = asked;
                join = asked != answered;
            }

            if (join)
            {
                Answer(mine, Join(newSsid, newPassword));
            }
            else if (lastJoin == WifiState.NotInRange && !memory.HasNetwork && OwnAddress().Length > 0)
            {
                // The first network of a device came into range after it was given up: it is as good as joined.
                Answer(mine, memory.Save(newSsid, newPassword) ? WifiState.Connected : WifiState.Failed);
            }

            if (scanning && asked == answered)
            {
                Scan();
            }

            if (comeBack && asked == answered)
            {
                comeBack = false;
                ComeBack(newSsid, newPassword);
            }
        }

        private void Answer(int mine, WifiState outcome)
        {
            lock (turn)
            {
                lastJoin = outcome;
                answered = mine;
            }

            seenAddress = null;

            StepLoop.Wake();
        }

        private WifiState Join(string newSsid, string newPassword)
        {
            if (!StationMemory.Fits(newSsid, newPassword))
            {
                return WifiState.Failed;
            }

            addressChanged.Reset();
            WifiConnectionStatus status = TryConnect(newSsid, newPassword);
            if (WaitForAddress())
            {
                // A network that would be gone after the next restart is not one that works.
                bool saved = memory.Save(newSsid, newPassword);
                comeBack = !saved;
                return saved ? WifiState.Connected : WifiState.Failed;
            }

            comeBack = true;
            switch (status)
            {
                case WifiConnectionStatus.NetworkNotAvailable:
                    return WifiState.NotInRange;
                case WifiConnectionStatus.InvalidCredential:
                    return Refusal(newSsid);
                default:
                    return WifiState.Failed;
            }
        }

        private WifiConnectionStatus TryConnect(string newSsid, string newPassword)
        {
            try
            {
                return adapter.Connect(newSsid, WifiReconnectionKind.Automatic, newPassword).ConnectionStatus;
            }
            catch (Exception)
            {
                // Whatever the adapter throws: an address may come all the same.
                return WifiConnectionStatus.UnspecifiedFailure;
            }
        }

        private bool WaitForAddress()
        {
            while (OwnAddress().Length == 0)
            {
                if (!addressChanged.WaitOne(addressMs, false))
                {
                    return OwnAddress().Length > 0;
                }
            }

            return true;
        }

        /// <summary>"Invalid credentials" is also what the platform makes of an expired authentication, lost beacons and a refused
        /// association: how near the network is tells what to believe.</summary>
        private WifiState Refusal(string newSsid)
        {
            bool heard = Scan();
            for (int i = 0; heard && i < found.Length; i++)
            {
                if (found[i].Ssid == newSsid && found[i].NetworkRssiInDecibelMilliwatts >= NearDbm)
                {
                    return WifiState.WrongPassword;
                }
            }

            return WifiState.Failed;
        }

        /// <returns>False when there is no new list; the one before stays.</returns>
        private bool Scan()
        {
            bool heard = false;
            scanned.Reset();
            scanning = true;
            try
            {
                if (OwnAddress().Length == 0)
                {
                    // Looking for a network that is not there the platform tries without end, and refuses every scan meanwhile.
                    comeBack = true;
                    adapter.Disconnect();
                }

                adapter.ScanAsync();
                heard = scanned.WaitOne(scanMs, false);
            }
            catch (Exception)
            {
                // Busy all the same, or switched off.
                heard = false;
            }

            scanning = false;
            StepLoop.Wake();
            return heard;
        }

        /// <summary>Back to the network that is saved. A device that has none keeps trying the one that was out of range; credentials
        /// that were refused are not offered again and again.</summary>
        private void ComeBack(string newSsid, string newPassword)
        {
            string savedSsid;
            string savedPassword;
            if (memory.TryLoad(out savedSsid, out savedPassword))
            {
                TryConnect(savedSsid, savedPassword);
            }
            else if (lastJoin == WifiState.NotInRange)
            {
                TryConnect(newSsid, newPassword);
            }
            else
            {
                adapter.Disconnect();
            }
        }
    }
}
