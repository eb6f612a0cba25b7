using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>Settings, notice and the time of the last confirmation, kept over power cuts.</summary>
    public sealed class ScreenMemory
    {
        private const int ConfirmedEverySeconds = 6 * 3600;
        private readonly GuardedFile settingsFile;
        private readonly GuardedFile noticeFile;
        private readonly GuardedFile confirmedFile;
        private readonly byte[] number = new byte[8];

        public ScreenMemory(IFlash flash)
        {
            settingsFile = new GuardedFile(flash, "settings", ScreenFormat.PayloadBytesMax);
            noticeFile = new GuardedFile(flash, "notice", ScreenFormat.PayloadBytesMax);
            confirmedFile = new GuardedFile(flash, "seen", 8);
            ScreenSettings settings;
            Settings = settingsFile.TryRead() && ScreenSettings.TryDecode(settingsFile.Payload, settingsFile.Length, out settings)
                ? settings
                : Defaults();
            ScreenNotice notice;
            Notice = noticeFile.TryRead() && ScreenNotice.TryDecode(noticeFile.Payload, noticeFile.Length, out notice) ? notice : null;
            ConfirmedUnixSeconds = confirmedFile.TryRead() ? Bytes.Read(confirmedFile.Payload, 0, 8) : 0;
        }

        public ScreenSettings Settings { get; private set; }

        /// <summary>Null when there is none.</summary>
        public ScreenNotice Notice { get; private set; }

        /// <summary>When the gateway last confirmed the content, as far as a restart remembers; 0 for never.</summary>
        public long ConfirmedUnixSeconds { get; private set; }

        /// <returns>True when they are new; what is known already costs no write to flash.</returns>
        public bool TakeSettings(byte[] payload, int length)
        {
            ScreenSettings settings;
            if (!ScreenSettings.TryDecode(payload, length, out settings)
                || (settingsFile.TryRead() && Bytes.AreEqual(settingsFile.Payload, settingsFile.Length, payload, length)))
            {
                return false;
            }

            Settings = settings;
            settingsFile.Write(payload, length);
            return true;
        }

        public bool TakeNotice(byte[] payload, int length)
        {
            ScreenNotice notice;
            if (!ScreenNotice.TryDecode(payload, length, out notice))
            {
                return false;
            }

            Notice = notice;
            noticeFile.Write(payload, length);
            return true;
        }

        public void Confirm(long unixSeconds)
        {
            if (unixSeconds - ConfirmedUnixSeconds >= ConfirmedEverySeconds)
            {
                Bytes.Write(number, 0, 8, unixSeconds);
                confirmedFile.Write(number, 8);
                ConfirmedUnixSeconds = unixSeconds;
            }
        }

        /// <summary>What a screen shows that nobody has configured: the numbers that are right everywhere in Germany.</summary>
        public static ScreenSettings Defaults()
        {
            ScreenSettings settings = new ScreenSettings();
            settings.Languages = new string[] { "de", "en" };
            settings.StandbyMinutes = 3;
            settings.EmergencyNumbers = new string[] { "112", "110", "116 117", "0800 1110111", "116 016", "116 111" };
            settings.EmergencyGerman = new string[]
            {
                "Feuerwehr, Rettungsdienst", "Polizei", "Ärztlicher Bereitschaftsdienst", "Telefonseelsorge",
                "Hilfe bei Gewalt gegen Frauen", "Kinder- und Jugendtelefon",
            };
            settings.EmergencyEnglish = new string[]
            {
                "Fire brigade, ambulance", "Police", "Doctor on call", "Crisis helpline (Telefonseelsorge)",
                "Help with violence against women", "Helpline for children and youth",
            };
            return settings;
        }
    }
}
