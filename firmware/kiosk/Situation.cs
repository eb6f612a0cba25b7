using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>What a page needs to know of the world at the moment of drawing.</summary>
    public sealed class Situation
    {
        public bool TimeKnown;
        /// <summary>Now, or the latest moment known to be past while the time is unknown.</summary>
        public long UnixSeconds;
        public readonly LocalTime Local = new LocalTime();
        /// <summary>Seconds since the content was last confirmed; <see cref="ContentAge.Unknown"/> when nobody knows.</summary>
        public long ContentAgeSeconds;
        public bool Loading;
        public bool Provisioned;
        public Catalogue Catalogue;
        public ScreenSettings Settings;
        /// <summary>Null when there is none or its time is over.</summary>
        public ScreenNotice Notice;

        public bool Stale
        {
            get { return ContentAgeSeconds >= ContentAge.StaleSeconds; }
        }
    }
}
