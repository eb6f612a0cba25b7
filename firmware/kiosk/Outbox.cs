using Quartier.Board;
using Quartier.Provisioning;

namespace Quartier.Kiosk
{
    /// <summary>What the screen has to say and the broker has not acknowledged. Bounded: when full, the oldest figures of usage
    /// give way. The sequence number rises by one with every message and never repeats, also over restarts: blocks of it are
    /// reserved on flash, one write per thousand messages.</summary>
    public sealed class Outbox
    {
        private const int Slots = 16;
        private const int SlotBytes = 512;
        private const int Block = 1000;
        private const long RepeatMs = 30000;
        private const long SequenceEnd = 4294967296;

        private readonly IMqttLink link;
        private readonly SafeFile reserved;
        private readonly byte[] number = new byte[8];
        private readonly byte[][] payloads = new byte[Slots][];
        private readonly int[] lengths = new int[Slots];
        private readonly string[] topics = new string[Slots];
        private readonly int[] tokens = new int[Slots];
        private readonly bool[] sent = new bool[Slots];
        private readonly long[] sentAtMs = new long[Slots];
        private int count;
        private int nextToken = 1;
        private long next;
        private long reservedEnd;

        public Outbox(IMqttLink link, IFlash flash)
        {
            this.link = link;
            reserved = new SafeFile(flash, "seq", 8);
            for (int i = 0; i < Slots; i++)
            {
                payloads[i] = new byte[SlotBytes];
            }

            int length;
            next = reserved.TryLoad(number, out length) && length == 8 ? Bytes.Read(number, 0, 8) % SequenceEnd : 0;
            reservedEnd = next;
        }

        public int Count
        {
            get { return count; }
        }

        /// <summary>Acknowledgements since the start: a sign of life of the way to the gateway.</summary>
        public int Acknowledged { get; private set; }

        /// <summary>The number for the next message; call it once per message.</summary>
        public long TakeSequence()
        {
            if (next == reservedEnd)
            {
                reservedEnd = (next + Block) % SequenceEnd;
                Bytes.Write(number, 0, 8, reservedEnd);
                reserved.Save(number, 8);
            }

            long taken = next;
            next = (next + 1) % SequenceEnd;
            return taken;
        }

        /// <summary>Gives the buffer for a new message, making room if need be; follow with <see cref="Commit"/>.</summary>
        public byte[] Reserve()
        {
            if (count == Slots)
            {
                Remove(0);
            }

            return payloads[count];
        }

        /// <param name="length">As a wire encoder returned it; nothing is queued when negative.</param>
        public void Commit(string topic, int length)
        {
            if (length < 0)
            {
                return;
            }

            topics[count] = topic;
            lengths[count] = length;
            tokens[count] = nextToken;
            sent[count] = false;
            nextToken = nextToken == int.MaxValue ? 1 : nextToken + 1;
            count++;
        }

        /// <summary>A new session knows nothing of what was on its way: all of it goes out again.</summary>
        public void Reconnected()
        {
            for (int i = 0; i < count; i++)
            {
                sent[i] = false;
            }
        }

        public void Step(long uptimeMs)
        {
            int token;
            while (link.TryAcknowledged(out token))
            {
                Acknowledged++;
                for (int i = 0; i < count; i++)
                {
                    if (tokens[i] == token)
                    {
                        Remove(i);
                        break;
                    }
                }
            }

            for (int i = 0; i < count; i++)
            {
                if (sent[i] && uptimeMs - sentAtMs[i] < RepeatMs)
                {
                    continue;
                }

                if (!link.Publish(topics[i], payloads[i], lengths[i], 1, tokens[i]))
                {
                    break;
                }

                sent[i] = true;
                sentAtMs[i] = uptimeMs;
            }
        }

        private void Remove(int at)
        {
            byte[] freed = payloads[at];
            for (int i = at; i + 1 < count; i++)
            {
                payloads[i] = payloads[i + 1];
                lengths[i] = lengths[i + 1];
                topics[i] = topics[i + 1];
                tokens[i] = tokens[i + 1];
                sent[i] = sent[i + 1];
                sentAtMs[i] = sentAtMs[i + 1];
            }

            payloads[count - 1] = freed;
            count--;
        }
    }
}
