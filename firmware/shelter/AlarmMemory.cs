using Quartier.Board;
using Quartier.Provisioning;
using Quartier.Wire;

namespace Quartier.Shelter
{
    /// <summary>What must outlive a reset: the last alarm number given out, and every alarm that is not over and done with, so that
    /// a call nobody confirmed goes on, the same smoke is no second alarm, and its end is told under the number of its beginning.
    /// <code>
    /// 0..1 last number | then for each kind: number, two bytes | 1 condition holds + 2 not confirmed | value: °C + 40, ppm / 20, or 0
    /// </code></summary>
    public sealed class AlarmMemory
    {
        private const int EntryBytes = 4;
        private const int ActiveBit = 1;
        private const int OpenBit = 2;

        private readonly SafeFile file;
        private readonly byte[] content = new byte[2 + (AlarmBook.Kinds * EntryBytes)];
        private readonly byte[] kept = new byte[2 + (AlarmBook.Kinds * EntryBytes)];

        public AlarmMemory(IFlash flash)
        {
            file = new SafeFile(flash, "alarms", content.Length);
        }

        /// <summary>0 before the first alarm, else 1..65535.</summary>
        public int LastSequence { get; private set; }

        /// <summary>Fills the entries with what was kept; a file that cannot be read leaves them as they are.</summary>
        public void Load(AlarmEntry[] entries)
        {
            int length;
            if (!file.TryLoad(kept, out length) || length != kept.Length)
            {
                return;
            }

            LastSequence = Number(0);
            for (int i = 0; i < entries.Length; i++)
            {
                int state = kept[At(i) + 2];
                entries[i].Sequence = Number(At(i));
                entries[i].Active = state % 2 == ActiveBit;
                entries[i].Open = state >= OpenBit;
                entries[i].Value = ValueOf(entries[i].Kind, kept[At(i) + 3]);
            }
        }

        /// <returns>A number that no alarm of the last 65,535 had; call <see cref="Keep"/> before it is used.</returns>
        public int NextSequence()
        {
            LastSequence = LastSequence == 65535 ? 1 : LastSequence + 1;
            return LastSequence;
        }

        /// <summary>Writes what has changed. A flash that refuses does not hold back an alarm: it then lives in memory only, and the
        /// next change tries again.</summary>
        public void Keep(AlarmEntry[] entries)
        {
            Put(0, LastSequence);
            for (int i = 0; i < entries.Length; i++)
            {
                bool matters = entries[i].Active || entries[i].Open;
                Put(At(i), matters ? entries[i].Sequence : 0);
                content[At(i) + 2] = (byte)((entries[i].Active ? ActiveBit : 0) + (entries[i].Open ? OpenBit : 0));
                content[At(i) + 3] = CodeOf(entries[i].Kind, entries[i].Value);
            }

            for (int i = 0; i < content.Length; i++)
            {
                // A value that only moved costs no write; it goes along with the next.
                bool isValue = i >= 2 && (i - 2) % EntryBytes == 3;
                if (content[i] != kept[i] && !isValue)
                {
                    Write();
                    return;
                }
            }
        }

        private static byte CodeOf(AlarmKind kind, int value)
        {
            return (byte)(kind == AlarmKind.Cold || kind == AlarmKind.Heat ? value + 40 : kind == AlarmKind.Co2 ? value / 20 : 0);
        }

        private static int ValueOf(AlarmKind kind, int code)
        {
            return kind == AlarmKind.Cold || kind == AlarmKind.Heat ? (code > 125 ? 125 : code) - 40
                : kind == AlarmKind.Co2 ? (code > 250 ? 250 : code) * 20 : 0;
        }

        private void Write()
        {
            file.Save(content, content.Length);
            for (int i = 0; i < content.Length; i++)
            {
                kept[i] = content[i];
            }
        }

        private static int At(int entry)
        {
            return 2 + (entry * EntryBytes);
        }

        private void Put(int at, int value)
        {
            content[at] = (byte)(value / 256);
            content[at + 1] = (byte)(value % 256);
        }

        private int Number(int at)
        {
            return (kept[at] * 256) + kept[at + 1];
        }
    }
}
