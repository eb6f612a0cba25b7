using System;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>Where the log's records lie, by digest: found without a walk, and a handful of arrays in all. What is not in it is
    /// garbage, whatever lies on the flash.</summary>
    public sealed class RecordTable
    {
        public const int Nowhere = -1;
        /// <summary>Named by the catalogue on show.</summary>
        public const int Shown = 1;
        /// <summary>Belongs to the catalogue that is being fetched.</summary>
        public const int Wanted = 2;

        private readonly byte[] digests;
        private readonly int[] places;
        private readonly ushort[] lengths;
        private readonly byte[] marks;
        /// <summary>A record's number and one, 0 for a free slot; digests are hashes already.</summary>
        private readonly short[] slots;

        public RecordTable(int capacity)
        {
            digests = new byte[capacity * DigestList.DigestBytes];
            places = new int[capacity];
            lengths = new ushort[capacity];
            marks = new byte[capacity];
            int size = 64;
            while (size < capacity + (capacity / 2))
            {
                size *= 2;
            }

            slots = new short[size];
        }

        public int Count { get; private set; }

        public bool IsFull
        {
            get { return Count == places.Length; }
        }

        /// <summary>Digest i begins at i × 8.</summary>
        public byte[] Digests
        {
            get { return digests; }
        }

        /// <returns>The record's number, or -1. Numbers hold until <see cref="Sweep"/>.</returns>
        public int Find(byte[] digest, int offset)
        {
            int slot = SlotOf(digest, offset);
            while (slots[slot] != 0)
            {
                int record = slots[slot] - 1;
                if (DigestList.AreEqual(digests, record * DigestList.DigestBytes, digest, offset))
                {
                    return record;
                }

                slot = slot + 1 == slots.Length ? 0 : slot + 1;
            }

            return -1;
        }

        /// <summary>Finds it or takes it in, lying nowhere.</summary>
        /// <returns>-1 when the table is full.</returns>
        public int Add(byte[] digest, int offset)
        {
            int record = Find(digest, offset);
            if (record >= 0 || IsFull)
            {
                return record;
            }

            record = Count;
            Array.Copy(digest, offset, digests, record * DigestList.DigestBytes, DigestList.DigestBytes);
            places[record] = Nowhere;
            lengths[record] = 0;
            marks[record] = 0;
            Count++;
            Enter(record);
            return record;
        }

        /// <returns>Segment × 65,536 + offset, or <see cref="Nowhere"/>.</returns>
        public int PlaceOf(int record)
        {
            return places[record];
        }

        public int LengthOf(int record)
        {
            return lengths[record];
        }

        public void SetPlace(int record, int place, int length)
        {
            places[record] = place;
            lengths[record] = (ushort)length;
        }

        public bool IsMarked(int record)
        {
            return marks[record] != 0;
        }

        public void Mark(int record, int mark)
        {
            marks[record] = (byte)(marks[record] | mark);
        }

        public void Unmark(int mark)
        {
            for (int i = 0; i < Count; i++)
            {
                marks[i] = (byte)(marks[i] & ~mark);
            }
        }

        /// <summary>Forgets what nobody has marked.</summary>
        public void Sweep()
        {
            int kept = 0;
            for (int i = 0; i < Count; i++)
            {
                if (marks[i] != 0)
                {
                    Array.Copy(digests, i * DigestList.DigestBytes, digests, kept * DigestList.DigestBytes, DigestList.DigestBytes);
                    places[kept] = places[i];
                    lengths[kept] = lengths[i];
                    marks[kept] = marks[i];
                    kept++;
                }
            }

            Count = kept;
            Array.Clear(slots, 0, slots.Length);
            for (int i = 0; i < kept; i++)
            {
                Enter(i);
            }
        }

        private void Enter(int record)
        {
            int slot = SlotOf(digests, record * DigestList.DigestBytes);
            while (slots[slot] != 0)
            {
                slot = slot + 1 == slots.Length ? 0 : slot + 1;
            }

            slots[slot] = (short)(record + 1);
        }

        private int SlotOf(byte[] digest, int offset)
        {
            return ((digest[offset] * 256) + digest[offset + 1]) & (slots.Length - 1);
        }
    }
}
