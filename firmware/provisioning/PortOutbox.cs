using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Provisioning
{
    /// <summary>Frames that wait for room on the line, in order.</summary>
    internal sealed class PortOutbox
    {
        private readonly byte[] waiting = new byte[2 * PortFrames.FrameBytesMax];
        private int count;

        /// <summary>Room for the longest answer to one frame.</summary>
        public bool HasRoom
        {
            get { return waiting.Length - count >= PortFrames.FrameBytesMax; }
        }

        public bool IsEmpty
        {
            get { return count == 0; }
        }

        public void SendImprov(int type, byte[] data, int length)
        {
            int written = PortFrames.WriteImprov(waiting, count, type, data, length);
            Invariant.Require(written > 0, "an Improv packet was sent without asking for room");
            count += written;
        }

        public void SendAnswer(int requestId, byte[] payload, int length)
        {
            int written = PortFrames.WriteProvision(waiting, count, PortFrames.ProvisionAnswerType, requestId, payload, length);
            Invariant.Require(written > 0, "an answer was sent without asking for room");
            count += written;
        }

        public void Flush(ISerialLine line)
        {
            int taken = count == 0 ? 0 : line.Write(waiting, 0, count);
            if (taken <= 0)
            {
                return;
            }

            count -= taken;
            for (int i = 0; i < count; i++)
            {
                waiting[i] = waiting[taken + i];
            }
        }
    }
}
