namespace Quartier.Screen
{
    /// <summary>The colours of every page, 0xRRGGBB. Each pair that carries words reaches a contrast of 7:1 (WCAG 2.2, 1.4.6)
    /// after the panel's rounding to 5, 6 and 5 bits; a test computes it for every pair and again from drawn pixels.</summary>
    public static class Theme
    {
        public const int Paper = 0xFFFFFF;
        public const int PaperTint = 0xF0F2F5;
        public const int Line = 0xC8CED6;
        public const int Ink = 0x161C24;
        public const int InkQuiet = 0x3C4654;
        public const int Bar = 0x10324A;
        public const int OnBar = 0xFFFFFF;
        public const int Alarm = 0x8C1414;
        public const int OnAlarm = 0xFFFFFF;
        public const int Caution = 0xFFE9B0;
        public const int OnCaution = 0x3A2A00;
        public const int Selected = 0xDCEAF6;

        private static readonly int[] CategoryColors =
        {
            0x0B4A7C, // advice
            0x5B2C83, // language and learning
            0x08535C, // digital help
            0x6B3D10, // repair and share
            0x703C00, // children and youth
            0x86204C, // family
            0x7D3312, // meals
            0x3D3593, // culture and evening
            0x8C1A32, // volunteering
            0x125627, // health and sport
            0x4F4A12, // seniors
            0x3F4A56, // other
        };

        /// <summary>Dark enough to carry white signs and to be read as words on <see cref="Paper"/>.</summary>
        public static int Category(int category)
        {
            return CategoryColors[category >= 0 && category < CategoryColors.Length ? category : CategoryColors.Length - 1];
        }
    }
}
