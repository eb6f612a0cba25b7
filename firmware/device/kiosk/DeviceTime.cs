using System;
using System.Net;
using System.Net.Sockets;
using nanoFramework.Networking;
using nanoFramework.Runtime.Native;
using Quartier.Board;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>The chip's clock: it begins in 1970 and keeps going over a restart, not over a power cut.</summary>
    public sealed class ChipTime : ISystemTime
    {
        private static readonly DateTime Epoch = new DateTime(1970, 1, 1);

        public long UnixMs
        {
            get { return (DateTime.UtcNow.Ticks - Epoch.Ticks) / TimeSpan.TicksPerMillisecond; }
        }

        public void Set(long unixMs)
        {
            Rtc.SetSystemTime(new DateTime(Epoch.Ticks + (unixMs * TimeSpan.TicksPerMillisecond)));
        }
    }

    /// <summary>The platform's own time client with its default servers, which it starts whenever it gets an address. Its setter for
    /// other servers keeps a pointer into the managed heap, which moves: that is why the gateway is asked by ourselves.</summary>
    public sealed class PublicTime : IPublicTime
    {
        public bool IsOn
        {
            get { return Sntp.IsStarted; }
        }

        public void Switch(bool on)
        {
            if (on)
            {
                Sntp.Start();
            }
            else
            {
                Sntp.Stop();
            }
        }
    }

    /// <summary>Datagrams to the gateway's time port.</summary>
    public sealed class UdpTimeLine : ITimeLine
    {
        private readonly GatewayAddress address;
        private readonly int port;
        private Socket socket;

        public UdpTimeLine(GatewayAddress address, int port)
        {
            this.address = address;
            this.port = port;
        }

        public bool Send(byte[] packet, int length)
        {
            try
            {
                IPEndPoint gateway = new IPEndPoint(IPAddress.Parse(address.Find()), port);
                // A new one each time: a late answer to an earlier request goes to a port that is closed.
                Close();
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                socket.Connect(gateway);
                return socket.Send(packet, 0, length, SocketFlags.None) == length;
            }
            catch (Exception)
            {
                // No name, no route, no socket left: asked again after the pause.
                Close();
                return false;
            }
        }

        public int Receive(byte[] buffer)
        {
            try
            {
                if (socket == null || socket.Available == 0)
                {
                    return 0;
                }

                int length = socket.Receive(buffer, 0, buffer.Length, SocketFlags.None);
                Close();
                return length;
            }
            catch (Exception)
            {
                Close();
                return 0;
            }
        }

        private void Close()
        {
            if (socket != null)
            {
                socket.Close();
                socket = null;
            }
        }
    }
}
