using Quartier.Board;
using Quartier.Provisioning;
using Quartier.Wire;

namespace Quartier.Shelter
{
    /// <summary>What must outlive a reset: the last alarm number given out, and every alarm that is not over and done with, so that
    /// a call nobody confirmed goes on, the same smoke is no second alarm, and its end is told under the number of its beginning.
    /// <code>
    /// 0..1 last number
    /// 2..25 the newest of each kind: number, two bytes | 1 condition holds + 2 not confirmed + 4 its number was once | value: °C + 40, ppm / 20, or 0
    /// 26..49 the first unconfirmed of each kind: number, two bytes, 0 none | value | how many came between; absent in an older file
    /// </code></summary>
    public sealed class AlarmMemory
    {
        public const int BetweenMax = 255;
        private const int EntryBytes = 4;
        private const int FirstsAt = 2 + (AlarmBook.Kinds * EntryBytes);
        private const int Bytes = FirstsAt + (AlarmBook.Kinds * EntryBytes);
        private const int ActiveBit = 1;
        private const int OpenBit = 2;
        private const int HeardBit = 4;

        private readonly SafeFile file;
        private readonly byte[] content = new byte[Bytes];

        public AlarmMemory(IFlash flash)
        {
            file = new SafeFile(flash, "alarms", content.Length);
        }

        /// <summary>0 before the first alarm, else 1..65535.</summary>
        public int LastSequence { get; private set; }

        /// <summary>Fills the entries with what was kept; a file that cannot be read leaves them as they are.</summary>
        public void Load(AlarmEntry[] entries, AlarmEntry[] firsts, int[] between)
        {
            int length;
            if (!file.TryLoad(content, out length) || (length != Bytes && length != FirstsAt))
            {
                return;
            }

            LastSequence = Number(0);
            for (int i = 0; i < entries.Length; i++)
            {
                int at = 2 + (i * EntryBytes);
                int state = content[at + 2];
                entries[i].Sequence = Number(at);
                entries[i].Active = (state & ActiveBit) != 0;
                entries[i].Open = (state & OpenBit) != 0;
                entries[i].Heard = (state & HeardBit) != 0;
                entries[i].Value = ValueOf(entries[i].Kind, content[at + 3]);
                if (length == Bytes)
                {
                    at = FirstsAt + (i * EntryBytes);
                    firsts[i].Sequence = Number(at);
                    firsts[i].Open = firsts[i].Sequence != 0;
                    firsts[i].Value = ValueOf(firsts[i].Kind, content[at + 2]);
                    between[i] = content[at + 3];
                }
            }
        }

        /// <returns>A number that no alarm of the last 65,535 had; call <see cref="Keep"/> before it is used. A board that remembers
        /// none begins anywhere, at its uptime: numbers that the gateway knows from before the flash was lost would call nobody.</returns>
        public int NextSequence(long uptimeMs)
        {
            LastSequence = LastSequence == 0 ? 1 + (int)(uptimeMs % 65535) : LastSequence == 65535 ? 1 : LastSequence + 1;
            return LastSequence;
        }

        /// <summary>Writes what is now; called when it has changed, for flash wears out. A value that only moved goes along with the next.</summary>
        public void Keep(AlarmEntry[] entries, AlarmEntry[] firsts, int[] between)
        {
            Put(0, LastSequence);
            for (int i = 0; i < entries.Length; i++)
            {
                AlarmEntry newest = entries[i];
                int at = 2 + (i * EntryBytes);
                Put(at, newest.Active || newest.Open ? newest.Sequence : 0);
                content[at + 2] = (byte)((newest.Active ? ActiveBit : 0) + (newest.Open ? OpenBit : 0) + (newest.Heard ? HeardBit : 0));
                content[at + 3] = CodeOf(newest.Kind, newest.Value);
                at = FirstsAt + (i * EntryBytes);
                Put(at, firsts[i].Open ? firsts[i].Sequence : 0);
                content[at + 2] = CodeOf(firsts[i].Kind, firsts[i].Value);
                content[at + 3] = (byte)between[i];
            }

            file.Save(content, Bytes);
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

        private void Put(int at, int value)
        {
            content[at] = (byte)(value / 256);
            content[at + 1] = (byte)(value % 256);
        }

        private int Number(int at)
        {
            return (content[at] * 256) + content[at + 1];
        }
    }
}
