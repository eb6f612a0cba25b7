using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>The log's files: which there are, how long each is and which may be added to.</summary>
    internal sealed class SegmentFiles
    {
        public const int Absent = -1;
        public const int None = -1;

        public readonly string[] Names;
        /// <summary>What of each is durable; <see cref="Absent"/> when there is no such file.</summary>
        public readonly int[] Bytes;
        /// <summary>Nothing may be added to them.</summary>
        public readonly bool[] Closed;
        /// <summary>How many there may be.</summary>
        public int Max;

        public SegmentFiles(int count)
        {
            Names = new string[count];
            Bytes = new int[count];
            Closed = new bool[count];
            Max = count;
            for (int i = 0; i < count; i++)
            {
                Names[i] = new string(new char[] { 'l', 'o', 'g', '.', Hex.Digit(i / 16), Hex.Digit(i % 16) });
                Bytes[i] = Absent;
            }
        }

        public int Existing
        {
            get
            {
                int existing = 0;
                for (int i = 0; i < Bytes.Length; i++)
                {
                    existing += Bytes[i] == Absent ? 0 : 1;
                }

                return existing;
            }
        }

        /// <summary>One that a restart has left half filled.</summary>
        /// <param name="lengthMax">How long it may be at most.</param>
        public int EmptiestOpen(int lengthMax, int except)
        {
            int open = None;
            for (int i = 0; i < Bytes.Length; i++)
            {
                if (Bytes[i] != Absent && i != except && !Closed[i] && Bytes[i] <= lengthMax && (open == None || Bytes[i] < Bytes[open]))
                {
                    open = i;
                }
            }

            return open;
        }

        public int FirstAbsent()
        {
            int segment = 0;
            while (segment < Bytes.Length && Bytes[segment] != Absent)
            {
                segment++;
            }

            return segment < Bytes.Length ? segment : None;
        }
    }
}
