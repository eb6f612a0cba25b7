using Quartier.Board;
using Quartier.Provisioning;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>Settings, notice and the time of the last confirmation, kept over power cuts.</summary>
    public sealed class ScreenMemory
    {
        private const int ConfirmedEverySeconds = 6 * 3600;
        private readonly SafeFile settingsFile;
        private readonly SafeFile noticeFile;
        private readonly SafeFile confirmedFile;
        private readonly byte[] content = new byte[ScreenFormat.PayloadBytesMax];
        private readonly byte[] number = new byte[8];

        public ScreenMemory(IFlash flash)
        {
            settingsFile = new SafeFile(flash, "settings", ScreenFormat.PayloadBytesMax);
            noticeFile = new SafeFile(flash, "notice", ScreenFormat.PayloadBytesMax);
            confirmedFile = new SafeFile(flash, "seen", number.Length);
            int length;
            ScreenSettings settings;
            Settings = settingsFile.TryLoad(content, out length) && ScreenSettings.TryDecode(content, length, out settings) ? settings : ScreenSettings.Usual();
            ScreenNotice notice;
            Notice = noticeFile.TryLoad(content, out length) && ScreenNotice.TryDecode(content, length, out notice) ? notice : null;
            ConfirmedUnixSeconds = confirmedFile.TryLoad(number, out length) && length == number.Length ? Bytes.Read(number, 0, number.Length) : 0;
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
            if (!ScreenSettings.TryDecode(payload, length, out settings) || IsKept(settingsFile, payload, length))
            {
                return false;
            }

            Settings = settings;
            settingsFile.Save(payload, length);
            return true;
        }

        /// <returns>True when it is new; what is known already costs no write to flash.</returns>
        public bool TakeNotice(byte[] payload, int length)
        {
            ScreenNotice notice;
            if (!ScreenNotice.TryDecode(payload, length, out notice) || IsKept(noticeFile, payload, length))
            {
                return false;
            }

            Notice = notice;
            noticeFile.Save(payload, length);
            return true;
        }

        /// <summary>Also takes back a time that a wrong clock had left in the future.</summary>
        public void Confirm(long unixSeconds)
        {
            long later = unixSeconds - ConfirmedUnixSeconds;
            if (later >= ConfirmedEverySeconds || later <= -ConfirmedEverySeconds)
            {
                Bytes.Write(number, 0, number.Length, unixSeconds);
                confirmedFile.Save(number, number.Length);
                ConfirmedUnixSeconds = unixSeconds;
            }
        }

        private bool IsKept(SafeFile file, byte[] payload, int length)
        {
            int kept;
            return file.TryLoad(content, out kept) && Bytes.AreEqual(content, kept, payload, length);
        }
    }
}
