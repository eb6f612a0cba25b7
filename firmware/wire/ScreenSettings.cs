namespace Quartier.Wire
{
    /// <summary>settings: what staff decide for one screen.</summary>
    public sealed class ScreenSettings
    {
        public const int PlaceBytesMax = 96;
        public const int EmergencyMax = 8;
        public const int LabelBytesMax = 64;
        public const int NumberBytesMax = 32;
        public const int StandbyMinutesMax = 1440;

        /// <summary>In the order in which the language key offers them; 1 to 8, the first is where the screen returns to.</summary>
        public string[] Languages = Empty.Texts;
        public string Place = "";
        /// <summary>Minutes without a key until the screen goes back to its first page and dims; 0 never.</summary>
        public int StandbyMinutes;
        /// <summary>Three arrays of one length: label in German, label in English, number to call.</summary>
        public string[] EmergencyGerman = Empty.Texts;
        public string[] EmergencyEnglish = Empty.Texts;
        public string[] EmergencyNumbers = Empty.Texts;

        /// <summary>What holds where nobody has decided otherwise: the numbers to call are right everywhere in Germany. The screen starts
        /// with them and the gateway sends them, so they stand here once.</summary>
        public static ScreenSettings Usual()
        {
            ScreenSettings usual = new ScreenSettings();
            usual.Languages = new string[] { "de", "en" };
            usual.StandbyMinutes = 3;
            usual.EmergencyNumbers = new string[] { "112", "110", "116 117", "0800 1110111", "116 016", "116 111" };
            usual.EmergencyGerman = new string[]
            {
                "Feuerwehr, Rettungsdienst", "Polizei", "Ärztlicher Bereitschaftsdienst", "Telefonseelsorge",
                "Hilfe bei Gewalt gegen Frauen", "Kinder- und Jugendtelefon",
            };
            usual.EmergencyEnglish = new string[]
            {
                "Fire brigade, ambulance", "Police", "Doctor on call", "Crisis helpline (Telefonseelsorge)",
                "Help with violence against women", "Helpline for children and youth",
            };
            return usual;
        }

        /// <returns>Bytes written, or -1 when a field is out of its range or the buffer too short.</returns>
        public int Encode(byte[] buffer)
        {
            if (!AreLanguages(Languages) || EmergencyGerman == null || EmergencyEnglish == null || EmergencyNumbers == null
                || EmergencyGerman.Length > EmergencyMax || EmergencyEnglish.Length != EmergencyGerman.Length
                || EmergencyNumbers.Length != EmergencyGerman.Length)
            {
                return -1;
            }

            CborWriter writer = new CborWriter(buffer);
            ScreenFormat.Begin(writer, 5);
            writer.WriteInt(1);
            writer.WriteArray(Languages.Length);
            for (int i = 0; i < Languages.Length; i++)
            {
                writer.WriteText(Languages[i], 2, 12);
            }

            ScreenFormat.WriteField(writer, 2, Place, 0, PlaceBytesMax);
            ScreenFormat.WriteField(writer, 3, StandbyMinutes, 0, StandbyMinutesMax);
            writer.WriteInt(4);
            writer.WriteArray(EmergencyGerman.Length);
            for (int i = 0; i < EmergencyGerman.Length; i++)
            {
                writer.WriteArray(3);
                writer.WriteText(EmergencyGerman[i], 1, LabelBytesMax);
                writer.WriteText(EmergencyEnglish[i], 1, LabelBytesMax);
                writer.WriteText(EmergencyNumbers[i], 1, NumberBytesMax);
            }

            return writer.Length;
        }

        public static bool TryDecode(byte[] buffer, int length, out ScreenSettings settings)
        {
            CborReader reader = new CborReader(buffer, length);
            ScreenSettings read = new ScreenSettings();
            bool ok = ScreenFormat.TryBegin(reader, length, 5)
                && TryLanguages(reader, read)
                && ScreenFormat.TryField(reader, 2, 0, PlaceBytesMax, out read.Place)
                && ScreenFormat.TryField(reader, 3, 0, StandbyMinutesMax, out read.StandbyMinutes)
                && TryEmergency(reader, read)
                && reader.AtEnd;
            settings = ok ? read : null;
            return ok;
        }

        private static bool TryLanguages(CborReader reader, ScreenSettings read)
        {
            int count;
            if (!reader.TryReadKey(1) || !reader.TryReadArray(1, ScreenFormat.LanguagesMax, out count))
            {
                return false;
            }

            read.Languages = new string[count];
            for (int i = 0; i < count; i++)
            {
                if (!reader.TryReadText(2, 12, out read.Languages[i]))
                {
                    return false;
                }
            }

            return AreLanguages(read.Languages);
        }

        private static bool TryEmergency(CborReader reader, ScreenSettings read)
        {
            int count;
            if (!reader.TryReadKey(4) || !reader.TryReadArray(0, EmergencyMax, out count))
            {
                return false;
            }

            read.EmergencyGerman = new string[count];
            read.EmergencyEnglish = new string[count];
            read.EmergencyNumbers = new string[count];
            for (int i = 0; i < count; i++)
            {
                int three;
                if (!reader.TryReadArray(3, 3, out three)
                    || !reader.TryReadText(1, LabelBytesMax, out read.EmergencyGerman[i])
                    || !reader.TryReadText(1, LabelBytesMax, out read.EmergencyEnglish[i])
                    || !reader.TryReadText(1, NumberBytesMax, out read.EmergencyNumbers[i]))
                {
                    return false;
                }
            }

            return true;
        }

        private static bool AreLanguages(string[] languages)
        {
            if (languages == null || languages.Length == 0 || languages.Length > ScreenFormat.LanguagesMax)
            {
                return false;
            }

            for (int i = 0; i < languages.Length; i++)
            {
                if (!ScreenFormat.IsLanguage(languages[i]))
                {
                    return false;
                }

                for (int j = 0; j < i; j++)
                {
                    if (languages[j] == languages[i])
                    {
                        return false;
                    }
                }
            }

            return true;
        }
    }
}
