namespace Quartier.Wire
{
    /// <summary>notice: a line over the catalogue until it ends; the same id again replaces it, an end in the past withdraws it.</summary>
    public sealed class ScreenNotice
    {
        public const int TextBytesMax = 400;
        public const int PriorityMax = 2;

        /// <summary>0..4294967295.</summary>
        public long Id;
        public long UntilUnixSeconds;
        /// <summary>The shorter first, then by letter, with a text at the same place; 1 to 8.</summary>
        public string[] Languages = Empty.Texts;
        public string[] Texts = Empty.Texts;
        /// <summary>0 ordinary, 1 important, 2 urgent.</summary>
        public int Priority;

        /// <returns>Bytes written, or -1 when a field is out of its range or order, or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            if (Languages == null || Languages.Length == 0
                || !ScreenFormat.AreLanguagesInOrder(Languages, ScreenFormat.LanguagesMax)
                || Texts == null || Texts.Length != Languages.Length)
            {
                return -1;
            }

            CborWriter writer = new CborWriter(buffer);
            ScreenFormat.Begin(writer, 5);
            ScreenFormat.WriteField(writer, 1, Id, 0, uint.MaxValue);
            ScreenFormat.WriteField(writer, 2, UntilUnixSeconds, 0, ScreenFormat.SecondsMax);
            writer.WriteInt(3);
            writer.WriteMap(Languages.Length);
            for (int i = 0; i < Languages.Length; i++)
            {
                writer.WriteText(Languages[i], 2, 12);
                writer.WriteText(Texts[i], 1, TextBytesMax);
            }

            ScreenFormat.WriteField(writer, 4, Priority, 0, PriorityMax);
            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out ScreenNotice notice)
        {
            CborReader reader = new CborReader(buffer, length);
            ScreenNotice read = new ScreenNotice();
            bool ok = ScreenFormat.TryBegin(reader, length, 5)
                && ScreenFormat.TryField(reader, 1, 0, uint.MaxValue, out read.Id)
                && ScreenFormat.TryField(reader, 2, 0, ScreenFormat.SecondsMax, out read.UntilUnixSeconds)
                && TryTexts(reader, read)
                && ScreenFormat.TryField(reader, 4, 0, PriorityMax, out read.Priority)
                && reader.AtEnd;
            notice = ok ? read : null;
            return ok;
        }

        private static bool TryTexts(CborReader reader, ScreenNotice read)
        {
            int count;
            if (!reader.TryReadKey(3) || !reader.TryReadMap(1, ScreenFormat.LanguagesMax, out count))
            {
                return false;
            }

            read.Languages = new string[count];
            read.Texts = new string[count];
            for (int i = 0; i < count; i++)
            {
                if (!reader.TryReadText(2, 12, out read.Languages[i]) || !reader.TryReadText(1, TextBytesMax, out read.Texts[i]))
                {
                    return false;
                }
            }

            return ScreenFormat.AreLanguagesInOrder(read.Languages, ScreenFormat.LanguagesMax);
        }
    }
}
