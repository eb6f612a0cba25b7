namespace Quartier.Kiosk
{
    /// <summary>Word and sign of each category; the numbers are the wire's. Colour alone never tells them apart.</summary>
    public static class Categories
    {
        public const int Count = 12;

        private const string Signs = "ℹ✎⌨⚒☺⌂☕♫♥✚❀★";

        private static readonly string[] German =
        {
            "Beratung", "Sprache & Lernen", "Digitale Hilfe", "Reparieren & Teilen", "Kinder & Jugend", "Familie",
            "Essen", "Kultur & Abend", "Mitmachen", "Gesundheit & Bewegung", "Ältere", "Sonstiges",
        };

        private static readonly string[] English =
        {
            "Advice", "Language & learning", "Digital help", "Repair & share", "Children & youth", "Family",
            "Meals", "Culture & evening", "Volunteering", "Health & sport", "Seniors", "Other",
        };

        public static char Sign(int category)
        {
            return Signs[category];
        }

        public static string Name(int category, bool english)
        {
            return english ? English[category] : German[category];
        }
    }
}
