using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>Content that survives a power cut at any byte: two files, written in turn, each with its generation and a CRC-32.
    /// [0..3] generation · [4..] payload · last four CRC-32 of all before, all big-endian. The newest whole one counts.</summary>
    public sealed class GuardedFile
    {
        private const int Overhead = 8;
        private readonly IFlash flash;
        private readonly string[] names;
        private readonly byte[] buffer;
        private int newestSlot = -1;
        private long newestGeneration;

        /// <param name="name">Short; "-a" and "-b" are added.</param>
        public GuardedFile(IFlash flash, string name, int payloadMax)
        {
            this.flash = flash;
            names = new string[] { name + "-a", name + "-b" };
            buffer = new byte[payloadMax + Overhead];
        }

        /// <summary>The payload last read.</summary>
        public byte[] Payload
        {
            get { return payload; }
        }

        public int Length { get; private set; }

        private byte[] payload = Empty.Bytes;

        /// <summary>Reads the newest whole generation into <see cref="Payload"/>.</summary>
        public bool TryRead()
        {
            FindNewest();
            return newestSlot >= 0 && TryLoad(newestSlot);
        }

        /// <summary>Reads the generation before the newest, if it is whole.</summary>
        public bool TryReadOlder()
        {
            FindNewest();
            return newestSlot >= 0 && TryLoad(1 - newestSlot);
        }

        /// <summary>Replaces the older generation and reads it back.</summary>
        /// <returns>True when the new generation is whole on flash; otherwise the one before still counts.</returns>
        public bool Write(byte[] content, int length)
        {
            if (length + Overhead > buffer.Length)
            {
                return false;
            }

            FindNewest();
            int slot = newestSlot == 0 ? 1 : 0;
            long generation = newestGeneration + 1;
            Bytes.Write(buffer, 0, 4, generation);
            for (int i = 0; i < length; i++)
            {
                buffer[4 + i] = content[i];
            }

            Bytes.Write(buffer, 4 + length, 4, Crc32.Of(buffer, 0, 4 + length));
            if (flash.Write(names[slot], buffer, length + Overhead) != FlashStatus.Ok)
            {
                return false;
            }

            long written;
            return TryGeneration(slot, out written) && written == generation;
        }

        private void FindNewest()
        {
            long first;
            long second;
            bool hasFirst = TryGeneration(0, out first);
            bool hasSecond = TryGeneration(1, out second);
            newestSlot = hasFirst && (!hasSecond || first > second) ? 0 : hasSecond ? 1 : -1;
            newestGeneration = newestSlot == 0 ? first : newestSlot == 1 ? second : 0;
        }

        private bool TryLoad(int slot)
        {
            long ignored;
            if (!TryGeneration(slot, out ignored))
            {
                return false;
            }

            if (payload.Length < Length)
            {
                payload = new byte[buffer.Length - Overhead];
            }

            for (int i = 0; i < Length; i++)
            {
                payload[i] = buffer[4 + i];
            }

            return true;
        }

        private bool TryGeneration(int slot, out long generation)
        {
            generation = 0;
            int bytes;
            if (flash.Read(names[slot], buffer, out bytes) != FlashStatus.Ok || bytes < Overhead
                || Bytes.Read(buffer, bytes - 4, 4) != Crc32.Of(buffer, 0, bytes - 4))
            {
                return false;
            }

            generation = Bytes.Read(buffer, 0, 4);
            Length = bytes - Overhead;
            return true;
        }
    }
}
