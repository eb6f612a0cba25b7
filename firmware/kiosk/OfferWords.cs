using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>What a page says about an offer: its text in the language being read, and its dates in words.</summary>
    public sealed class OfferWords
    {
        private readonly Words words;
        private readonly LocalTime now = new LocalTime();
        private readonly LocalTime start = new LocalTime();
        private readonly LocalTime end = new LocalTime();

        public OfferWords(Words words)
        {
            this.words = words;
        }

        /// <summary>The language being read, else German, else whatever there is.</summary>
        public int LanguageOf(CatalogueEntry entry)
        {
            int german = 0;
            for (int i = 0; i < entry.Languages.Length; i++)
            {
                if (entry.Languages[i] == words.Language)
                {
                    return i;
                }

                if (entry.Languages[i] == "de")
                {
                    german = i;
                }
            }

            return german;
        }

        public bool IsNow(Catalogue catalogue, int entry, int time, bool timeKnown, long unixSeconds)
        {
            return timeKnown && time >= 0 && catalogue.Start(entry, time) <= unixSeconds / 60;
        }

        /// <summary>One line for a list. Three widths: 0 the fullest, 2 the shortest; a date is never cut, a shorter form is taken.</summary>
        public string When(Catalogue catalogue, int entry, int time, bool timeKnown, long unixSeconds, int brevity)
        {
            if (time < 0)
            {
                return "";
            }

            Set(catalogue, entry, time, unixSeconds);
            bool allDay = catalogue.IsAllDay(entry, time);
            bool hasEnd = catalogue.HasEnd(entry, time);
            if (IsNow(catalogue, entry, time, timeKnown, unixSeconds))
            {
                return Now(allDay, hasEnd, brevity);
            }

            string day = Day(timeKnown, brevity);
            if (allDay)
            {
                return brevity > 1 ? day : day + words.Text(", ganztägig", ", all day");
            }

            bool showEnd = hasEnd && brevity < 2 && end.DayNumber == start.DayNumber;
            return day + ", " + Words.Clock(start) + (showEnd ? "–" + Words.Clock(end) : "") + (brevity == 0 ? words.Text(" Uhr", "") : "");
        }

        /// <summary>The date for the detail page: 0 with the day in full, 1 and 2 shorter.</summary>
        public string LongWhen(Catalogue catalogue, int entry, int time, bool timeKnown, long unixSeconds, int brevity)
        {
            Set(catalogue, entry, time, unixSeconds);
            string day = LongDay(timeKnown, brevity);
            if (catalogue.IsAllDay(entry, time))
            {
                return end.DayNumber > start.DayNumber + 1 ? day + " – " + words.ShortDate(end) : day;
            }

            bool sameNight = end.DayNumber == start.DayNumber || catalogue.End(entry, time) - catalogue.Start(entry, time) < 720;
            string until = !catalogue.HasEnd(entry, time) ? "" : "–" + (sameNight ? "" : words.ShortDate(end) + " ") + Words.Clock(end);
            return day + ", " + Words.Clock(start) + until + Uhr(brevity);
        }

        private string LongDay(bool timeKnown, int brevity)
        {
            bool today = timeKnown && start.DayNumber == now.DayNumber;
            bool tomorrow = timeKnown && start.DayNumber == now.DayNumber + 1;
            if (today || tomorrow)
            {
                string near = today ? words.Text("Heute", "Today") : words.Text("Morgen", "Tomorrow");
                return brevity == 0 ? near + ", " + words.MiddleDate(start) : near;
            }

            return brevity == 0 ? words.LongDate(start) : brevity == 1 ? words.MiddleDate(start) : words.ShortDate(start);
        }

        private void Set(Catalogue catalogue, int entry, int time, long unixSeconds)
        {
            now.Set(unixSeconds);
            start.Set((long)catalogue.Start(entry, time) * 60);
            end.Set((long)catalogue.End(entry, time) * 60);
        }

        private string Now(bool allDay, bool hasEnd, int brevity)
        {
            if (allDay || !hasEnd)
            {
                return allDay ? words.Text("heute, ganztägig", "today, all day") : words.Text("seit ", "since ") + Words.Clock(start) + Uhr(brevity);
            }

            return end.DayNumber == now.DayNumber || (end.DayNumber == now.DayNumber + 1 && end.Hour < 6)
                ? words.Text("jetzt bis ", "now until ") + Words.Clock(end) + Uhr(brevity)
                : words.Text("jetzt bis ", "now until ") + words.ShortDate(end);
        }

        private string Uhr(int brevity)
        {
            return brevity < 2 ? words.Text(" Uhr", "") : "";
        }

        private string Day(bool timeKnown, int brevity)
        {
            if (timeKnown && start.DayNumber == now.DayNumber)
            {
                return words.Text("heute", "today");
            }

            if (timeKnown && start.DayNumber == now.DayNumber + 1)
            {
                return words.Text("morgen", "tomorrow");
            }

            return brevity == 0 ? words.MiddleDate(start) : words.ShortDate(start);
        }
    }
}
