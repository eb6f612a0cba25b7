namespace Quartier.Screen
{
    /// <summary>The fonts that ship with a screen, one file each under fonts/. The font builder makes exactly these, and the type
    /// scale chooses among them, so this table is the only place that knows a size.</summary>
    public static class FontCatalogue
    {
        public const int Count = 9;

        private static readonly string[] Names =
        {
            "text14", "text16", "text18", "text21", "strong16", "strong18", "strong21", "strong26", "numerals36",
        };

        private static readonly int[] EmPixelsOf = { 14, 16, 18, 21, 16, 18, 21, 26, 36 };

        /// <summary>Height of a capital H in pixels, as drawn: the builder puts it on whole pixels.</summary>
        private static readonly int[] CapPixelsOf = { 10, 12, 13, 15, 12, 13, 15, 19, 26 };

        private static readonly FontFamily[] FamilyOf =
        {
            FontFamily.Text, FontFamily.Text, FontFamily.Text, FontFamily.Text,
            FontFamily.Strong, FontFamily.Strong, FontFamily.Strong, FontFamily.Strong,
            FontFamily.Numerals,
        };

        /// <summary>File name without ending, and the name of the resource on the device.</summary>
        public static string Name(int font)
        {
            return Names[font];
        }

        public static int EmPixels(int font)
        {
            return EmPixelsOf[font];
        }

        public static int CapPixels(int font)
        {
            return CapPixelsOf[font];
        }

        public static FontFamily Family(int font)
        {
            return FamilyOf[font];
        }
    }

    public enum FontFamily
    {
        Text = 0,
        /// <summary>Bold.</summary>
        Strong = 1,
        /// <summary>Bold, digits and their punctuation only: for the clock and for telephone numbers.</summary>
        Numerals = 2,
    }
}
