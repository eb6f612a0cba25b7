using System.IO.Ports;
using Quartier.Board;

namespace Quartier.Device
{
    /// <summary>A UART as a line that never blocks: reads what has arrived, writes into the driver's buffer.</summary>
    public sealed class PortLine : ISerialLine
    {
        private readonly SerialPort port;

        /// <param name="portName">COM2 or COM3. COM1 belongs to the debugger's protocol and cannot be opened.</param>
        public PortLine(string portName, int baud)
        {
            port = new SerialPort(portName, baud, Parity.None, 8, StopBits.One);
            port.ReadTimeout = 10;
            port.WriteTimeout = 200;
            port.ReadBufferSize = 512;
            port.Open();
        }

        public int Read(byte[] buffer, int offset, int count)
        {
            int waiting = port.BytesToRead;
            if (waiting == 0)
            {
                return 0;
            }

            return port.Read(buffer, offset, waiting < count ? waiting : count);
        }

        public int Write(byte[] buffer, int offset, int count)
        {
            try
            {
                port.Write(buffer, offset, count);
                return count;
            }
            catch (System.TimeoutException)
            {
                // Nobody drains the line: nothing was taken, the caller offers it again.
                return 0;
            }
        }
    }
}
