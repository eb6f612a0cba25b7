using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Provisioning
{
    /// <summary>The device's side of Improv Wi-Fi serial. Without Wi-Fi it says "stopped" and answers names and device information only.</summary>
    internal sealed class ImprovDevice
    {
        /// <summary>A join that has not ended after so long is reported as "unable to connect".</summary>
        public const long ConnectMs = 30000;
        public const long ScanMs = 15000;
        /// <summary>For so long after a failed join the device tells its reason, although it may be back on the network before.</summary>
        public const long ReasonMs = 10000;
        /// <summary>How often a running join or scan is looked at.</summary>
        public const long LookMs = 100;

        private readonly PortOutbox outbox;
        private readonly IWifi wifi;
        private readonly NamesFile names;
        private readonly IdentityKind kind;
        private readonly string firmware;
        private readonly byte[] data = new byte[255];

        private bool connecting;
        private long connectUntil;
        private WifiState failure;
        private long failureUntil;
        private bool scanning;
        private bool scanStarted;
        private long scanUntil;
        /// <summary>Next network to report, or -1 while the scan runs.</summary>
        private int reported;

        public ImprovDevice(PortOutbox outbox, IWifi wifi, NamesFile names, IdentityKind kind, string firmware)
        {
            this.outbox = outbox;
            this.wifi = wifi;
            this.names = names;
            this.kind = kind;
            this.firmware = firmware;
        }

        /// <summary>Names from the identity, used while a client has set none.</summary>
        public string DeviceId = "";
        public string Place = "";

        public bool IsBusy
        {
            get { return connecting || scanning; }
        }

        /// <summary>What is told of the Wi-Fi: for a while why the last join failed, else how things are.</summary>
        public WifiState Told(long uptimeMs)
        {
            return connecting ? WifiState.Connecting : uptimeMs < failureUntil ? failure : wifi.State;
        }

        public void AnswerDamaged()
        {
            SendError(ImprovText.ErrorInvalidPacket);
        }

        /// <param name="packet">Data of a packet of type 3: command, length, data.</param>
        public void Handle(byte[] packet, int length, long uptimeMs)
        {
            if (length < 2 || packet[1] != length - 2)
            {
                SendError(ImprovText.ErrorInvalidPacket);
                return;
            }

            int command = packet[0];
            bool takesData = command == ImprovText.SendWifi || command == ImprovText.Hostname || command == ImprovText.DeviceName;
            if (!takesData && IsKnown(command) && length != 2)
            {
                SendError(ImprovText.ErrorInvalidPacket);
                return;
            }

            switch (IsKnown(command) ? command : 0)
            {
                case ImprovText.SendWifi:
                    SendWifi(packet, length, uptimeMs);
                    break;
                case ImprovText.RequestState:
                    SendError(ImprovText.ErrorNone);
                    SendState();
                    if (CurrentState() == ImprovText.StateProvisioned)
                    {
                        SendResult(ImprovText.RequestState, 2);
                    }

                    break;
                case ImprovText.RequestDevice:
                    SendError(ImprovText.ErrorNone);
                    SendDevice();
                    break;
                case ImprovText.RequestNetworks:
                    SendError(ImprovText.ErrorNone);
                    StartScan(uptimeMs);
                    break;
                case ImprovText.Hostname:
                    ExchangeHostname(packet, length);
                    break;
                case ImprovText.DeviceName:
                    ExchangeDeviceName(packet, length);
                    break;
                case ImprovText.NetworkState:
                    SendError(ImprovText.ErrorNone);
                    SendNetworkState();
                    break;
                default:
                    SendError(ImprovText.ErrorNone);
                    SendError(ImprovText.ErrorUnknownCommand);
                    break;
            }
        }

        /// <summary>Looks after a join or a scan that a client is waiting for.</summary>
        public void Step(long uptimeMs)
        {
            if (connecting && outbox.HasRoom)
            {
                StepConnect(uptimeMs);
            }

            if (scanning && outbox.HasRoom)
            {
                StepScan(uptimeMs);
            }
        }

        private bool IsKnown(int command)
        {
            bool needsWifi = command == ImprovText.SendWifi || command == ImprovText.RequestNetworks;
            return command >= ImprovText.SendWifi && command <= ImprovText.NetworkState && (wifi != null || !needsWifi);
        }

        private int CurrentState()
        {
            if (wifi == null)
            {
                return ImprovText.StateStopped;
            }

            if (connecting)
            {
                return ImprovText.StateProvisioning;
            }

            return wifi.State == WifiState.Connected ? ImprovText.StateProvisioned : ImprovText.StateReady;
        }

        private void SendWifi(byte[] packet, int length, long uptimeMs)
        {
            int at = 2;
            string ssid;
            string password;
            if (!ImprovText.TryTake(packet, length, ref at, out ssid) || !ImprovText.TryTake(packet, length, ref at, out password) || at != length
                || packet[2] < 1 || packet[2] > 32 || !IsPassword(packet, 4 + packet[2], packet[3 + packet[2]]))
            {
                SendError(ImprovText.ErrorInvalidPacket);
                return;
            }

            SendError(ImprovText.ErrorNone);
            connecting = true;
            connectUntil = uptimeMs + ConnectMs;
            failureUntil = 0;
            wifi.Connect(ssid, password);
            SendState();
        }

        /// <summary>None (open), 8 to 63 bytes, or 64 hexadecimal digits.</summary>
        private static bool IsPassword(byte[] packet, int offset, int count)
        {
            if (count != 64)
            {
                return count == 0 || (count >= 8 && count <= 63);
            }

            for (int i = 0; i < count; i++)
            {
                int c = packet[offset + i];
                bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
                if (!digit)
                {
                    return false;
                }
            }

            return true;
        }

        private void StepConnect(long uptimeMs)
        {
            // Not the station's state: after a failure it is back on the network before, which is not what was asked for.
            WifiState outcome = wifi.LastJoin;
            if (outcome == WifiState.Connected)
            {
                connecting = false;
                SendState();
                SendResult(ImprovText.SendWifi, 2);
            }
            else if (outcome != WifiState.Connecting || uptimeMs >= connectUntil)
            {
                connecting = false;
                failure = outcome == WifiState.Connecting ? WifiState.Failed : outcome;
                failureUntil = uptimeMs + ReasonMs;
                SendError(ImprovText.ErrorUnableToConnect);
                SendState();
            }
        }

        private void StartScan(long uptimeMs)
        {
            // One that is running already is as good.
            scanStarted = wifi.StartScan() || wifi.ScanCount < 0;
            scanning = true;
            scanUntil = uptimeMs + ScanMs;
            reported = -1;
        }

        private void StepScan(long uptimeMs)
        {
            // Refused while the station joins: asked again until it has joined or the client's patience ends.
            scanStarted = scanStarted || wifi.StartScan();
            int found = wifi.ScanCount;
            if (reported < 0 && (!scanStarted || found < 0) && uptimeMs < scanUntil)
            {
                return;
            }

            reported = reported < 0 ? 0 : reported;
            while (reported < found && outbox.HasRoom)
            {
                string ssid;
                int rssiDbm;
                bool secured;
                wifi.GetNetwork(reported, out ssid, out rssiDbm, out secured);
                int length = ImprovText.Append(data, 2, ssid);
                length = ImprovText.Append(data, length, rssiDbm.ToString());
                length = ImprovText.Append(data, length, secured ? "YES" : "NO");
                SendResult(ImprovText.RequestNetworks, length);
                reported++;
            }

            if (reported >= found && outbox.HasRoom)
            {
                scanning = false;
                SendResult(ImprovText.RequestNetworks, 2);
            }
        }

        private void SendDevice()
        {
            int length = ImprovText.Append(data, 2, kind == IdentityKind.Screen ? "quartier-kiosk" : "quartier-shelter");
            length = ImprovText.Append(data, length, firmware);
            length = ImprovText.Append(data, length, "ESP32");
            length = ImprovText.Append(data, length, DeviceName());
            SendResult(ImprovText.RequestDevice, length);
        }

        private void ExchangeHostname(byte[] packet, int length)
        {
            if (length > 2)
            {
                string wanted = TextOf(packet, length, NamesFile.HostnameBytesMax);
                if (wanted == null || !NamesFile.IsHostname(wanted))
                {
                    SendError(ImprovText.ErrorBadHostname);
                    return;
                }

                if (!names.Save(wanted, names.DeviceName))
                {
                    SendError(ImprovText.ErrorUnknown);
                    return;
                }
            }

            SendError(ImprovText.ErrorNone);
            string hostname = names.Hostname != "" ? names.Hostname : DeviceId != "" ? DeviceId : kind == IdentityKind.Screen ? "quartier-screen" : "quartier-pod";
            SendResult(ImprovText.Hostname, ImprovText.Append(data, 2, hostname));
        }

        private void ExchangeDeviceName(byte[] packet, int length)
        {
            if (length > 2)
            {
                string wanted = TextOf(packet, length, NamesFile.DeviceNameBytesMax);
                if (wanted == null)
                {
                    SendError(ImprovText.ErrorInvalidPacket);
                    return;
                }

                if (!names.Save(names.Hostname, wanted))
                {
                    SendError(ImprovText.ErrorUnknown);
                    return;
                }
            }

            SendError(ImprovText.ErrorNone);
            SendResult(ImprovText.DeviceName, ImprovText.Append(data, 2, DeviceName()));
        }

        private string DeviceName()
        {
            if (names.DeviceName != "")
            {
                return names.DeviceName;
            }

            return Place != "" ? Place : kind == IdentityKind.Screen ? "Quartier Infobildschirm" : "Quartier Schlafkapsel";
        }

        private void SendNetworkState()
        {
            // Flags of the protocol: 1 online, 2 Wi-Fi present.
            data[2] = 1;
            data[3] = (byte)(wifi == null ? 0 : wifi.State == WifiState.Connected ? 3 : 2);
            data[1] = 2;
            SendResult(ImprovText.NetworkState, 4);
        }

        /// <summary>The bytes after the command's head as text, or null.</summary>
        private static string TextOf(byte[] packet, int length, int bytesMax)
        {
            // Here the text has no length byte of its own; the command's stands at the right place.
            int at = 1;
            string text;
            return length - 2 <= bytesMax && ImprovText.TryTake(packet, length, ref at, out text) ? text : null;
        }

        private void SendState()
        {
            data[0] = (byte)CurrentState();
            outbox.SendImprov(PortFrames.ImprovState, data, 1);
        }

        private void SendError(int error)
        {
            data[0] = (byte)error;
            outbox.SendImprov(PortFrames.ImprovError, data, 1);
        }

        /// <param name="length">Bytes in <see cref="data"/> with the two head bytes, which are set here.</param>
        private void SendResult(int command, int length)
        {
            Invariant.Require(length >= 2, "an Improv result grew beyond its limit");
            data[0] = (byte)command;
            data[1] = (byte)(length - 2);
            outbox.SendImprov(PortFrames.ImprovResult, data, length);
        }
    }
}
