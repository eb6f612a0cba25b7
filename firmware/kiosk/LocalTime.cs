namespace Quartier.Kiosk
{
    /// <summary>A wall-clock time in Germany; made once and filled again.</summary>
    public sealed class LocalTime
    {
        public int Year;
        public int Month;
        public int Day;
        /// <summary>0 Monday to 6 Sunday.</summary>
        public int Weekday;
        public int Hour;
        public int Minute;
        /// <summary>Days since 1970-01-01 of the local date, for comparing days.</summary>
        public int DayNumber;

        private const int MinutesPerDay = 1440;

        /// <summary>Fills the fields by the rule of Europe/Berlin since 1996: summer time from the last Sunday of March to the last
        /// Sunday of October, both at 01:00 UTC. The device knows only UTC.</summary>
        public void Set(long unixSeconds)
        {
            long minutes = unixSeconds / 60;
            SetPlain(minutes + 60);
            if (IsSummer(minutes))
            {
                SetPlain(minutes + 120);
            }
        }

        private bool IsSummer(long unixMinutes)
        {
            // The year of the winter time just filled in is right for this: both changes are far from New Year.
            long begin = LastSunday(Year, 3);
            long end = LastSunday(Year, 10);
            return unixMinutes >= (begin * MinutesPerDay) + 60 && unixMinutes < (end * MinutesPerDay) + 60;
        }

        private void SetPlain(long localMinutes)
        {
            DayNumber = (int)(localMinutes / MinutesPerDay);
            int minuteOfDay = (int)(localMinutes % MinutesPerDay);
            Hour = minuteOfDay / 60;
            Minute = minuteOfDay % 60;
            Weekday = (DayNumber + 3) % 7;
            SetDate();
        }

        /// <summary>Proleptic Gregorian date of the day number, by eras of 400 years that begin in March.</summary>
        private void SetDate()
        {
            int shifted = DayNumber + 719468;
            int era = shifted / 146097;
            int dayOfEra = shifted % 146097;
            int yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36524) - (dayOfEra / 146096)) / 365;
            int dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
            int marchMonth = ((5 * dayOfYear) + 2) / 153;
            Day = dayOfYear - (((153 * marchMonth) + 2) / 5) + 1;
            Month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
            Year = yearOfEra + (era * 400) + (Month <= 2 ? 1 : 0);
        }

        /// <summary>Day number of a month's last Sunday; months of 31 days only.</summary>
        private static int LastSunday(int year, int month)
        {
            int last = DayNumberOf(year, month, 31);
            int weekday = (last + 3) % 7;
            return last - ((weekday + 1) % 7);
        }

        private static int DayNumberOf(int year, int month, int day)
        {
            int y = month <= 2 ? year - 1 : year;
            int era = y / 400;
            int yearOfEra = y % 400;
            int dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
            int dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
            return (era * 146097) + dayOfEra - 719468;
        }
    }
}
