using Quartier.Board;
using Quartier.Provisioning;

namespace Quartier.Kiosk
{
    /// <summary>What the screen has to say and the broker has not acknowledged. Bounded: when full, the oldest figures of usage
    /// give way. A question goes out once and is not kept: whoever asked waits for the answer itself. The sequence number rises by one with every message and never repeats, also over restarts: blocks of it are
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
        private readonly bool[] question = new bool[Slots];
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
            question[count] = false;
            nextToken = nextToken == int.MaxValue ? 1 : nextToken + 1;
            count++;
        }

        /// <summary>Like <see cref="Commit"/> for a question: its answer is its acknowledgement. One that has not gone out yet gives way
        /// to it. Sent at QoS 0, because the device's library sends everything else again after a second, and on a slow line the
        /// gateway would answer each copy.</summary>
        public void CommitQuestion(string topic, int length)
        {
            if (length < 0)
            {
                return;
            }

            Commit(topic, length);
            question[count - 1] = true;
            for (int i = count - 2; i >= 0; i--)
            {
                if (question[i] && topics[i] == topic)
                {
                    Remove(i);
                }
            }
        }

        /// <summary>The answer to what was said under a topic has come: it needs no acknowledgement any more.</summary>
        public void Answered(string topic)
        {
            for (int i = count - 1; i >= 0; i--)
            {
                if (sent[i] && topics[i] == topic)
                {
                    Remove(i);
                }
            }
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

            int at = 0;
            while (at < count)
            {
                if (sent[at] && uptimeMs - sentAtMs[at] < RepeatMs)
                {
                    at++;
                    continue;
                }

                bool once = question[at];
                if (!link.Publish(topics[at], payloads[at], lengths[at], once ? 0 : 1, once ? 0 : tokens[at]))
                {
                    break;
                }

                if (once)
                {
                    Remove(at);
                    continue;
                }

                sent[at] = true;
                sentAtMs[at] = uptimeMs;
                at++;
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
                question[i] = question[i + 1];
                sentAtMs[i] = sentAtMs[i + 1];
            }

            payloads[count - 1] = freed;
            count--;
        }
    }
}
