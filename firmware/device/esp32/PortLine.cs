using System;
using System.IO.Ports;
using Quartier.Board;

namespace Quartier.Device
{
    /// <summary>A UART as a line that hardly blocks: reads what has arrived, and writes at most a buffer, which leaves while other threads
    /// run. Bytes that arrive end the step loop's sleep.</summary>
    public sealed class PortLine : ISerialLine
    {
        /// <summary>Three of the longest frames, or 178 ms at 115,200 baud. The platform drops what does not fit.</summary>
        private const int BufferBytes = 2048;
        /// <summary>Longer than a full buffer takes to leave.</summary>
        private const int WriteTimeoutMs = 200;
        private const int BitsPerByte = 10;
        private readonly SerialPort port;
        private readonly int baud;
        private readonly byte[] outgoing = new byte[BufferBytes];
        private readonly bool open;
        private long leavingUntilMs;

        /// <param name="portName">COM2 or COM3. COM1 belongs to the debugger's protocol and cannot be opened.</param>
        public PortLine(string portName, int baud)
        {
            this.baud = baud;
            port = new SerialPort(portName, baud, Parity.None, 8, StopBits.One);
            port.ReadTimeout = 10;
            port.WriteTimeout = WriteTimeoutMs;
            port.ReadBufferSize = BufferBytes;
            try
            {
                port.Open();
                port.DataReceived += Arrived;
                open = true;
            }
            catch (Exception)
            {
                // No memory, or its pins are not routed: this line is silent, the rest of the board works.
                open = false;
            }
        }

        public int Read(byte[] buffer, int offset, int count)
        {
            int waiting = open ? port.BytesToRead : 0;
            if (waiting == 0)
            {
                return 0;
            }

            return port.Read(buffer, offset, waiting < count ? waiting : count);
        }

        public int Write(byte[] buffer, int offset, int count)
        {
            if (!open || StepLoop.UptimeMs < leavingUntilMs)
            {
                return 0;
            }

            // The driver goes on reading from the array it was given, also after a time-out: it gets one that nobody else writes to.
            int taken = count < BufferBytes ? count : BufferBytes;
            Array.Copy(buffer, offset, outgoing, 0, taken);
            try
            {
                port.Write(outgoing, 0, taken);
            }
            catch (TimeoutException)
            {
                // Only the waiting has ended. The driver has the bytes and sends them; offered again, they would go twice.
                leavingUntilMs = StepLoop.UptimeMs + (taken * BitsPerByte * 1000L / baud);
            }

            return taken;
        }

        private static void Arrived(object sender, SerialDataReceivedEventArgs e)
        {
            StepLoop.Wake();
        }
    }
}
