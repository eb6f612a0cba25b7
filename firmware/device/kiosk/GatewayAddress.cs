using System;
using System.Net;
using System.Net.Sockets;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>Where the gateway is. A look-up stops the whole interpreter, keys and picture too, so one is made for all who call the
    /// gateway, and its answer kept until connecting to it fails.</summary>
    public sealed class GatewayAddress
    {
        public readonly string Host;
        private string found;

        public GatewayAddress(string host)
        {
            Host = host;
        }

        /// <summary>Dotted IPv4, looked up when none is kept; the host itself where the look-up knows none. Throws what the look-up throws.</summary>
        public string Find()
        {
            string address = found;
            if (address == null)
            {
                IPAddress[] list = Dns.GetHostEntry(Host).AddressList;
                for (int i = 0; i < list.Length && address == null; i++)
                {
                    // The platform lists what it cannot use as null.
                    address = list[i] == null || list[i].AddressFamily != AddressFamily.InterNetwork ? null : list[i].ToString();
                }

                found = address;
            }

            return address == null ? Host : address;
        }

        /// <summary>The library does not say whether a connection or the handshake over it failed. Blocks its own thread alone.</summary>
        public bool TakesConnections(int port)
        {
            Socket socket = null;
            try
            {
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(new IPEndPoint(IPAddress.Parse(Find()), port));
                return true;
            }
            catch (Exception)
            {
                // Whatever the stack says, also that it has no socket left: nobody could be reached.
                return false;
            }
            finally
            {
                if (socket != null)
                {
                    socket.Close();
                }
            }
        }

        /// <summary>Connecting to it failed: it may have moved.</summary>
        public void Forget()
        {
            found = null;
        }
    }
}
