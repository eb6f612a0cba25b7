namespace Quartier.Wire
{
    public enum EntryKind
    {
        Event = 0,
        Service = 1,
        Volunteering = 2,
    }

    /// <summary>One offer as a screen shows it. Its digest is the first eight bytes of the SHA-256 of these very bytes.</summary>
    public sealed class CatalogueEntry
    {
        public const int IdBytesMax = 64;
        public const int TitleBytesMax = 160;
        public const int TextBytesMax = 1200;
        public const int PlaceBytesMax = 96;
        public const int UrlBytesMax = 200;
        public const int PhoneBytesMax = 32;
        public const int ProviderBytesMax = 96;
        public const int TimesMax = 16;
        /// <summary>One leap year.</summary>
        public const int DurationMinutesMax = 527040;

        public const int FlagFreeOfCharge = 1;
        public const int FlagStepFree = 2;
        public const int FlagRegistration = 4;

        public string Id = "";
        public EntryKind Kind;
        /// <summary>0 to 11, see formats/screen-v1.md.</summary>
        public int Category;
        /// <summary>The shorter first, then by letter (ar, de, en, de-easy), with a title and a text at the same place; 1 to 8.</summary>
        public string[] Languages = Empty.Texts;
        public string[] Titles = Empty.Texts;
        public string[] Texts = Empty.Texts;
        public string Place = "";
        public string Url = "";
        public string Phone = "";
        public string Provider = "";
        /// <summary>Minutes since 1970-01-01 UTC, ascending; the other two arrays belong to it. None for an offer without a date.</summary>
        public int[] StartUnixMinutes = Empty.Numbers;
        /// <summary>0 when no end is known.</summary>
        public int[] DurationMinutes = Empty.Numbers;
        public bool[] AllDay = Empty.Flags;
        public int Flags;

        /// <returns>Bytes written, or -1 when a field is out of its range or order, or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            if (Languages == null || Languages.Length == 0
                || !ScreenFormat.AreLanguagesInOrder(Languages, ScreenFormat.LanguagesMax)
                || Titles == null || Titles.Length != Languages.Length || Texts == null || Texts.Length != Languages.Length
                || !AreTimesInOrder())
            {
                return -1;
            }

            CborWriter writer = new CborWriter(buffer);
            ScreenFormat.Begin(writer, 11);
            ScreenFormat.WriteField(writer, 1, Id, 1, IdBytesMax);
            ScreenFormat.WriteField(writer, 2, (int)Kind, 0, 2);
            ScreenFormat.WriteField(writer, 3, Category, 0, ScreenFormat.CategoryCount - 1);
            writer.WriteInt(4);
            writer.WriteMap(Languages.Length);
            for (int i = 0; i < Languages.Length; i++)
            {
                writer.WriteText(Languages[i], 2, 12);
                writer.WriteArray(2);
                writer.WriteText(Titles[i], 1, TitleBytesMax);
                writer.WriteText(Texts[i], 0, TextBytesMax);
            }

            ScreenFormat.WriteField(writer, 5, Place, 0, PlaceBytesMax);
            ScreenFormat.WriteField(writer, 6, Url, 0, UrlBytesMax);
            ScreenFormat.WriteField(writer, 7, Phone, 0, PhoneBytesMax);
            ScreenFormat.WriteField(writer, 8, Provider, 0, ProviderBytesMax);
            writer.WriteInt(9);
            writer.WriteArray(StartUnixMinutes.Length);
            for (int i = 0; i < StartUnixMinutes.Length; i++)
            {
                writer.WriteArray(3);
                writer.WriteInt(StartUnixMinutes[i], 0, int.MaxValue);
                writer.WriteInt(DurationMinutes[i], 0, DurationMinutesMax);
                writer.WriteInt(AllDay[i] ? 1 : 0);
            }

            ScreenFormat.WriteField(writer, 10, Flags, 0, 7);
            return writer.Length > ScreenFormat.PayloadBytesMax ? -1 : writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out CatalogueEntry entry)
        {
            CborReader reader = new CborReader(buffer, length);
            CatalogueEntry read = new CatalogueEntry();
            int kind = 0;
            bool ok = ScreenFormat.TryBegin(reader, length, 11)
                && ScreenFormat.TryField(reader, 1, 1, IdBytesMax, out read.Id)
                && ScreenFormat.TryField(reader, 2, 0, 2, out kind)
                && ScreenFormat.TryField(reader, 3, 0, ScreenFormat.CategoryCount - 1, out read.Category)
                && TryTexts(reader, read)
                && ScreenFormat.TryField(reader, 5, 0, PlaceBytesMax, out read.Place)
                && ScreenFormat.TryField(reader, 6, 0, UrlBytesMax, out read.Url)
                && ScreenFormat.TryField(reader, 7, 0, PhoneBytesMax, out read.Phone)
                && ScreenFormat.TryField(reader, 8, 0, ProviderBytesMax, out read.Provider)
                && TryTimes(reader, read)
                && ScreenFormat.TryField(reader, 10, 0, 7, out read.Flags)
                && reader.AtEnd;
            read.Kind = (EntryKind)kind;
            entry = ok ? read : null;
            return ok;
        }

        private static bool TryTexts(CborReader reader, CatalogueEntry read)
        {
            int count;
            if (!reader.TryReadKey(4) || !reader.TryReadMap(1, ScreenFormat.LanguagesMax, out count))
            {
                return false;
            }

            read.Languages = new string[count];
            read.Titles = new string[count];
            read.Texts = new string[count];
            for (int i = 0; i < count; i++)
            {
                int two;
                if (!reader.TryReadText(2, 12, out read.Languages[i]) || !reader.TryReadArray(2, 2, out two)
                    || !reader.TryReadText(1, TitleBytesMax, out read.Titles[i])
                    || !reader.TryReadText(0, TextBytesMax, out read.Texts[i]))
                {
                    return false;
                }
            }

            return ScreenFormat.AreLanguagesInOrder(read.Languages, ScreenFormat.LanguagesMax);
        }

        private static bool TryTimes(CborReader reader, CatalogueEntry read)
        {
            int count;
            if (!reader.TryReadKey(9) || !reader.TryReadArray(0, TimesMax, out count))
            {
                return false;
            }

            read.StartUnixMinutes = new int[count];
            read.DurationMinutes = new int[count];
            read.AllDay = new bool[count];
            for (int i = 0; i < count; i++)
            {
                int three;
                int allDay;
                if (!reader.TryReadArray(3, 3, out three)
                    || !reader.TryReadInt(0, int.MaxValue, out read.StartUnixMinutes[i])
                    || !reader.TryReadInt(0, DurationMinutesMax, out read.DurationMinutes[i])
                    || !reader.TryReadInt(0, 1, out allDay))
                {
                    return false;
                }

                read.AllDay[i] = allDay == 1;
            }

            return read.AreTimesInOrder();
        }

        private bool AreTimesInOrder()
        {
            if (StartUnixMinutes == null || StartUnixMinutes.Length > TimesMax || DurationMinutes == null || AllDay == null
                || DurationMinutes.Length != StartUnixMinutes.Length || AllDay.Length != StartUnixMinutes.Length)
            {
                return false;
            }

            for (int i = 1; i < StartUnixMinutes.Length; i++)
            {
                if (StartUnixMinutes[i - 1] > StartUnixMinutes[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
