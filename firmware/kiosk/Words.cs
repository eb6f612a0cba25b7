namespace Quartier.Kiosk
{
    /// <summary>The screen's own words: German and English side by side where they are used.</summary>
    public sealed class Words
    {
        private static readonly string[] GermanDays = { "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag" };
        private static readonly string[] GermanDaysShort = { "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So" };
        private static readonly string[] EnglishDays = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
        private static readonly string[] EnglishDaysShort = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

        private static readonly string[] GermanMonths =
        {
            "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
        };

        private static readonly string[] GermanMonthsShort =
        {
            "Jan.", "Feb.", "März", "April", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.",
        };

        private static readonly string[] EnglishMonths =
        {
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
        };

        private static readonly string[] EnglishMonthsShort =
        {
            "Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec",
        };

        private string language = "de";

        /// <summary>Language of offers as their entries name it: de, en.</summary>
        public string Language
        {
            get
            {
                return language;
            }

            set
            {
                language = value;
                English = value == "en";
            }
        }

        public bool English { get; private set; }

        public string Text(string german, string english)
        {
            return English ? english : german;
        }

        /// <summary>Mittwoch, 25. November</summary>
        public string LongDate(LocalTime at)
        {
            return English
                ? EnglishDays[at.Weekday] + ", " + at.Day + " " + EnglishMonths[at.Month - 1]
                : GermanDays[at.Weekday] + ", " + at.Day + ". " + GermanMonths[at.Month - 1];
        }

        /// <summary>Mi, 25. November</summary>
        public string MiddleDate(LocalTime at)
        {
            return English
                ? EnglishDaysShort[at.Weekday] + ", " + at.Day + " " + EnglishMonths[at.Month - 1]
                : GermanDaysShort[at.Weekday] + ", " + at.Day + ". " + GermanMonths[at.Month - 1];
        }

        /// <summary>Mi 25. Nov.</summary>
        public string ShortDate(LocalTime at)
        {
            return English
                ? EnglishDaysShort[at.Weekday] + " " + at.Day + " " + EnglishMonthsShort[at.Month - 1]
                : GermanDaysShort[at.Weekday] + " " + at.Day + ". " + GermanMonthsShort[at.Month - 1];
        }

        /// <summary>14:05</summary>
        public static string Clock(LocalTime at)
        {
            return (at.Hour < 10 ? "0" : "") + at.Hour + ":" + (at.Minute < 10 ? "0" : "") + at.Minute;
        }

        /// <summary>How old the content is, in the largest whole unit.</summary>
        public string Age(long seconds)
        {
            if (seconds < 120)
            {
                return Text("gerade eben", "just now");
            }

            if (seconds < 7200)
            {
                return Text("vor " + (seconds / 60) + " Min.", (seconds / 60) + " min ago");
            }

            if (seconds < 172800)
            {
                return Text("vor " + (seconds / 3600) + " Std.", (seconds / 3600) + " hours ago");
            }

            return Text("vor " + (seconds / 86400) + " Tagen", (seconds / 86400) + " days ago");
        }
    }
}
