namespace Quartier.Screen
{
    /// <summary>Chooses type sizes by what an eye can read, not by pixels. A role is the visual angle of a capital letter at the
    /// reading distance; the panel's pixel pitch turns it into pixels; the nearest font at least that tall is taken.
    /// ISO 9241-303 asks for 16 arc minutes at least, 20 to 22 for comfort; 12 is kept for the one line nobody must read.</summary>
    public sealed class TypeScale
    {
        /// <summary>A person at the keys in front of the window stands about half a metre away.</summary>
        public const int StandingReaderMillimetres = 500;

        private const int FineArcMinutes = 12;
        private const int BodyArcMinutes = 16;
        private const int TitleArcMinutes = 20;
        private const int NumeralArcMinutes = 28;

        /// <summary>One arc minute at one millimetre, in picometres: 1 mm × π / 10,800.</summary>
        private const int ArcMinutePicometresPerMicrometre = 290888;

        public readonly int Fine;
        public readonly int Body;
        public readonly int Strong;
        public readonly int Title;
        public readonly int Numerals;

        /// <param name="pitchMicrometres">Distance between pixel centres, 50..1000.</param>
        /// <param name="distanceMillimetres">Eye to panel, 200..3000.</param>
        public TypeScale(int pitchMicrometres, int distanceMillimetres)
        {
            Fine = Choose(FontFamily.Text, CapPixels(FineArcMinutes, pitchMicrometres, distanceMillimetres));
            Body = Choose(FontFamily.Text, CapPixels(BodyArcMinutes, pitchMicrometres, distanceMillimetres));
            Strong = Choose(FontFamily.Strong, CapPixels(BodyArcMinutes, pitchMicrometres, distanceMillimetres));
            Title = Choose(FontFamily.Strong, CapPixels(TitleArcMinutes, pitchMicrometres, distanceMillimetres));
            Numerals = Choose(FontFamily.Numerals, CapPixels(NumeralArcMinutes, pitchMicrometres, distanceMillimetres));
        }

        /// <summary>Height of a capital in pixels that fills the angle, rounded to the nearest.</summary>
        public static int CapPixels(int arcMinutes, int pitchMicrometres, int distanceMillimetres)
        {
            long picometres = (long)arcMinutes * distanceMillimetres * ArcMinutePicometresPerMicrometre;
            long pixelPicometres = (long)pitchMicrometres * 1000000;
            return (int)((picometres + (pixelPicometres / 2)) / pixelPicometres);
        }

        /// <summary>The smallest font of the family that is tall enough, else its largest.</summary>
        private static int Choose(FontFamily family, int capPixels)
        {
            int chosen = -1;
            for (int font = 0; font < FontCatalogue.Count; font++)
            {
                if (FontCatalogue.Family(font) == family)
                {
                    chosen = font;
                    if (FontCatalogue.CapPixels(font) >= capPixels)
                    {
                        break;
                    }
                }
            }

            return chosen;
        }
    }
}
