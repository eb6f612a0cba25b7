namespace System.IO.Ports
{
    public enum Parity
    {
        None = 0,
    }

    public enum StopBits
    {
        One = 1,
    }

    public sealed class SerialDataReceivedEventArgs : EventArgs;

    public delegate void SerialDataReceivedEventHandler(object sender, SerialDataReceivedEventArgs e);

    /// <summary>A UART as the platform has it: what arrives beyond the buffer is lost; a write hands the caller's own array to the driver,
    /// and a time-out ends the waiting alone.</summary>
    public sealed class SerialPort(string portName, int baudRate, Parity parity, int dataBits, StopBits stopBits)
    {
        private static readonly Dictionary<string, SerialPort> Opened = [];
        private readonly Queue<byte> received = new();
        private (byte[] Array, int Offset, int Count)? leaving;

        public event SerialDataReceivedEventHandler DataReceived;

        /// <summary>Ports that cannot be opened.</summary>
        public static HashSet<string> Refused { get; } = [];

        public int ReadTimeout { get; set; } = -1;

        public int WriteTimeout { get; set; } = -1;

        public int ReadBufferSize { get; set; } = 256;

        public int BytesToRead => received.Count;

        /// <summary>The next write waits in vain.</summary>
        public bool Slow { get; set; }

        /// <summary>Every byte that has left the chip.</summary>
        public List<byte> Sent { get; } = [];

        public static SerialPort At(string name) => Opened[name];

        public static void Forget()
        {
            Opened.Clear();
            Refused.Clear();
        }

        public void Open()
        {
            if (Refused.Contains(portName))
            {
                throw new OutOfMemoryException($"{portName} {baudRate} {parity} {dataBits} {stopBits}");
            }

            Opened[portName] = this;
        }

        public void Arrive(byte[] bytes)
        {
            foreach (var one in bytes.Where(_ => received.Count < ReadBufferSize))
            {
                received.Enqueue(one);
            }

            DataReceived?.Invoke(this, new SerialDataReceivedEventArgs());
        }

        public int Read(byte[] buffer, int offset, int count)
        {
            if (count > received.Count)
            {
                throw new TimeoutException();
            }

            for (var i = 0; i < count; i++)
            {
                buffer[offset + i] = received.Dequeue();
            }

            return count;
        }

        public void Write(byte[] buffer, int offset, int count)
        {
            leaving = (buffer, offset, count);
            if (Slow)
            {
                Slow = false;
                throw new TimeoutException();
            }

            Drain();
        }

        /// <summary>The driver's own task has sent what it was given: what stands in that array by now.</summary>
        public void Drain()
        {
            if (leaving is { } span)
            {
                Sent.AddRange(span.Array.Skip(span.Offset).Take(span.Count));
                leaving = null;
            }
        }
    }
}
