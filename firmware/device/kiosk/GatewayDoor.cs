using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using nanoFramework.Hardware.Esp32;
using Quartier.Wire;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>Whether the gateway is there. A TLS handshake stops the whole interpreter, keys and picture too, so none begins before
    /// the gateway has answered a question that only it can. Asking blocks its own thread alone.</summary>
    public sealed class GatewayDoor
    {
        private const int Questions = 3;
        private const int AnswerWithinMs = 1000;
        /// <summary>Datagrams of others that may come before the answer.</summary>
        private const int DatagramsMax = 3;

        private readonly GatewayAddress address;
        private readonly int port;
        private readonly byte[] name;
        private readonly byte[] key = new byte[Liveness.KeyBytes];
        private readonly HmacSha256 hmac = new HmacSha256();
        private readonly byte[] question = new byte[Liveness.QuestionBytesMax];
        private readonly byte[] datagram = new byte[Liveness.QuestionBytesMax];
        private readonly byte[] nonce = new byte[Liveness.NonceBytes];
        private readonly Random random = new Random();

        public GatewayDoor(GatewayAddress address, int port, string user, string password)
        {
            this.address = address;
            this.port = port;
            name = Encoding.UTF8.GetBytes(user == null ? string.Empty : user);
            byte[] secret = Encoding.UTF8.GetBytes(password == null ? string.Empty : password);
            Liveness.DeriveKey(hmac, secret, secret.Length, key);
        }

        /// <summary>Asks at most three times, which takes three seconds where nobody answers.</summary>
        public bool Answers()
        {
            Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                socket.ReceiveTimeout = AnswerWithinMs;
                IPEndPoint gateway = new IPEndPoint(IPAddress.Parse(address.Find()), port);
                for (int i = 0; i < Questions; i++)
                {
                    if (Asks(socket, gateway))
                    {
                        return true;
                    }
                }

                return false;
            }
            finally
            {
                socket.Close();
            }
        }

        private bool Asks(Socket socket, IPEndPoint gateway)
        {
            int length = Liveness.WriteQuestion(FreshNonce(), name, question);
            if (length < 0)
            {
                return false;
            }

            socket.SendTo(question, length, SocketFlags.None, gateway);
            try
            {
                for (int i = 0; i < DatagramsMax; i++)
                {
                    EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                    int received = socket.ReceiveFrom(datagram, ref from);
                    if (Liveness.IsAnswer(hmac, key, question, length, datagram, received))
                    {
                        return true;
                    }
                }
            }
            catch (SocketException)
            {
                // Time is up, or the machine says that nobody listens there.
                return false;
            }

            return false;
        }

        /// <summary>From the key, so that nobody can foretell it and ask the gateway in advance, however poor the chip's chance is.</summary>
        private byte[] FreshNonce()
        {
            byte[] seed = new byte[24];
            random.NextBytes(seed);
            ulong now = HighResTimer.GetCurrent();
            for (int i = 0; i < 8; i++)
            {
                seed[i] = (byte)(seed[i] ^ (byte)(now >> (8 * i)));
            }

            byte[] mixed = new byte[HmacSha256.DigestBytes];
            hmac.Compute(key, key.Length, seed, seed.Length, mixed);
            Array.Copy(mixed, nonce, nonce.Length);
            return nonce;
        }
    }
}
