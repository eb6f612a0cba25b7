namespace Quartier.Screen
{
    /// <summary>Where a word too long for its line may be parted. Words of this screen are compounds, so the seams before the words
    /// that end them most often (Straße, Stunde, Treff …) come first. Between seams the German rule of thumb: the last
    /// consonant before a vowel goes to the next line; ch, ck, ph, qu, sch, st after a consonant and th after a vowel stay together.
    /// It errs rarely and never hides a letter; a soft hyphen (U+00AD) in the text always wins over it.</summary>
    public static class Hyphenation
    {
        private const int LettersBefore = 3;
        private const int LettersAfter = 3;

        /// <summary>A seam lies before each of these inside a longer word; their beginnings are long enough to be no accident.</summary>
        private static readonly string[] Seams =
        {
            "abend", "angebot", "angelegenheit", "anmeldung", "antrag", "arbeit", "aufgabe", "ausgabe", "austausch", "beratung", "café", "einrichtung",
            "eröffnung", "förderung", "frühstück", "gruppe", "hilfe", "kreis", "kurs", "mittag", "nachmittag", "pflege", "platz", "programm",
            "reihe", "schein", "schule", "sprech", "stätte", "stelle", "straße", "stück", "stunde", "teil", "treff", "übung", "veranstaltung", "verein",
            "versicherung", "vormittag", "vorbereitung", "werkstatt", "zentrum",
        };

        /// <summary>True when a seam of a compound lies before the letter at <paramref name="at"/>: better than any other point.</summary>
        public static bool IsSeam(char[] text, int start, int end, int at)
        {
            if (at - start < LettersBefore || end - at < LettersAfter)
            {
                return false;
            }

            for (int i = 0; i < Seams.Length; i++)
            {
                if (Begins(text, at, end, Seams[i]))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>True when the word [start, end) may be parted before the letter at <paramref name="at"/>.</summary>
        public static bool MayPart(char[] text, int start, int end, int at)
        {
            if (at - start < LettersBefore || end - at < LettersAfter || !IsLetter(text[at - 1]) || !IsLetter(text[at]))
            {
                return false;
            }

            if (IsSeam(text, start, end, at))
            {
                return true;
            }

            // One letter beside a seam would tear a word apart: Elterna-bend, Sprechs-tunde.
            bool besideSeam = IsSeam(text, start, end, at - 1) || IsSeam(text, start, end, at + 1);
            if (besideSeam || IsVowel(text[at]) || IsPrefixVer(text, at) || StaysTogether(text, start, at))
            {
                return false;
            }

            return HasVowel(text, start, at) && VowelFollows(text, at, end);
        }

        public static bool IsLetter(char c)
        {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 'À' && c != '×' && c != '÷' && c <= 'ӿ');
        }

        private static bool Begins(char[] text, int at, int end, string word)
        {
            if (end - at < word.Length)
            {
                return false;
            }

            for (int i = 0; i < word.Length; i++)
            {
                if (Lower(text[at + i]) != word[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>Ve-rein, Ve-ranstaltung: the r belongs to the prefix.</summary>
        private static bool IsPrefixVer(char[] text, int at)
        {
            return Lower(text[at]) == 'r' && Lower(text[at - 1]) == 'e' && Lower(text[at - 2]) == 'v';
        }

        private static bool StaysTogether(char[] text, int start, int at)
        {
            char before = Lower(text[at - 1]);
            char next = Lower(text[at]);
            bool afterVowel = at - 2 >= start && IsVowel(text[at - 2]);
            if (next == 'h' && before == 't')
            {
                // Biblio-thek, but Kunst-halle.
                return afterVowel;
            }

            if ((next == 'r' || next == 'w') && at - 3 >= start)
            {
                // Schwa-ben, Um-schrei-bung, Stra-ße.
                bool sch = before == 'h' && Lower(text[at - 2]) == 'c' && Lower(text[at - 3]) == 's';
                if (sch || (next == 'r' && before == 't' && Lower(text[at - 2]) == 's'))
                {
                    return true;
                }
            }

            // Gäs-te, but Früh-stück and Schwaben-straße.
            return KeepTogether(before, next) || (before == 's' && next == 't' && !afterVowel);
        }

        private static bool VowelFollows(char[] text, int at, int end)
        {
            if (IsVowel(text[at + 1]))
            {
                return true;
            }

            if (at + 2 >= end)
            {
                return false;
            }

            char first = Lower(text[at]);
            char second = Lower(text[at + 1]);
            char third = Lower(text[at + 2]);
            if ((KeepTogether(first, second) || (first == 's' && second == 't')) && IsVowel(third))
            {
                return true;
            }

            return first == 's' && second == 'c' && third == 'h' && at + 3 < end;
        }

        private static bool KeepTogether(char first, char second)
        {
            return (second == 'h' && (first == 'c' || first == 'p' || first == 't' || first == 's'))
                || (second == 'k' && first == 'c')
                || (second == 'c' && first == 's')
                || (second == 'u' && first == 'q');
        }

        private static bool HasVowel(char[] text, int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                if (IsVowel(text[i]))
                {
                    return true;
                }
            }

            return false;
        }

        private static bool IsVowel(char c)
        {
            const string Vowels = "aeiouyäöüàáâèéêëìíîïòóôùúûаеёиоуыэюяіїє";
            return Vowels.IndexOf(Lower(c)) >= 0;
        }

        private static char Lower(char c)
        {
            if ((c >= 'A' && c <= 'Z') || (c >= 'À' && c <= 'Þ' && c != '×') || (c >= 'А' && c <= 'Я'))
            {
                return (char)(c + 32);
            }

            return c;
        }
    }
}
