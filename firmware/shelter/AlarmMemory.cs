using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Shelter
{
    /// <summary>The little that must outlive a reset: the last alarm number given out, and a call for help that nobody has confirmed.
    /// Two files are written in turn, so that a power cut in mid-write leaves the one before.
    /// <code>0..1 generation | 2..3 last sequence | 4..5 sequence of the open call, 0 for none | 6..13 CRC-32 in letters a to p</code></summary>
    public sealed class AlarmMemory
    {
        private const string FileEven = "alarm.0";
        private const string FileOdd = "alarm.1";
        private const int BodyBytes = 6;
        private const int FileBytes = BodyBytes + 8;

        private readonly IFlash flash;
        private readonly byte[] file = new byte[FileBytes];
        private int generation;

        public AlarmMemory(IFlash flash)
        {
            this.flash = flash;
            int even = ReadGeneration(FileEven);
            int odd = ReadGeneration(FileOdd);
            if (even < 0 && odd < 0)
            {
                return;
            }

            // Generations count modulo 65536 and differ by one at most; the greater by that reckoning is the newer.
            bool evenIsNewer = odd < 0 || (even >= 0 && (even - odd + 65536) % 65536 < 32768);
            generation = ReadGeneration(evenIsNewer ? FileEven : FileOdd);
            LastSequence = Number(2);
            OpenSosSequence = Number(4);
        }

        /// <summary>0 before the first alarm, else 1..65535.</summary>
        public int LastSequence { get; private set; }

        /// <summary>0 when no call for help waits for its confirmation.</summary>
        public int OpenSosSequence { get; private set; }

        /// <returns>A number that no alarm of the last 65,535 had; it is on flash before it is used.</returns>
        public int NextSequence()
        {
            LastSequence = LastSequence == 65535 ? 1 : LastSequence + 1;
            Store();
            return LastSequence;
        }

        public void SetOpenSos(int sequence)
        {
            if (sequence != OpenSosSequence)
            {
                OpenSosSequence = sequence;
                Store();
            }
        }

        /// <summary>A flash that refuses does not hold back an alarm: the number then lives in memory only.</summary>
        private void Store()
        {
            generation = (generation + 1) % 65536;
            Put(0, generation);
            Put(2, LastSequence);
            Put(4, OpenSosSequence);
            uint crc = Crc32.Of(file, 0, BodyBytes);
            for (int i = FileBytes - 1; i >= BodyBytes; i--)
            {
                file[i] = (byte)('a' + (crc % 16));
                crc /= 16;
            }

            flash.Write(generation % 2 == 0 ? FileEven : FileOdd, file, FileBytes);
        }

        private int ReadGeneration(string name)
        {
            int length;
            if (flash.Read(name, file, out length) != FlashStatus.Ok || length != FileBytes)
            {
                return -1;
            }

            uint crc = Crc32.Of(file, 0, BodyBytes);
            for (int i = FileBytes - 1; i >= BodyBytes; i--)
            {
                if (file[i] != (byte)('a' + (crc % 16)))
                {
                    return -1;
                }

                crc /= 16;
            }

            return Number(0);
        }

        private void Put(int at, int value)
        {
            file[at] = (byte)(value / 256);
            file[at + 1] = (byte)(value % 256);
        }

        private int Number(int at)
        {
            return (file[at] * 256) + file[at + 1];
        }
    }
}
