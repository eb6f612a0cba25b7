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
        private static readonly char[][] Seams = Letters(new string[]
        {
            "abend", "angebot", "angelegenheit", "anmeldung", "antrag", "arbeit", "aufgabe", "ausgabe", "austausch", "beratung", "café", "einrichtung",
            "eröffnung", "förderung", "frühstück", "gruppe", "hilfe", "kreis", "kurs", "mittag", "nachmittag", "pflege", "platz", "programm",
            "reihe", "schein", "schule", "sprech", "stätte", "stelle", "straße", "stück", "stunde", "teil", "treff", "übung", "veranstaltung", "verein",
            "versicherung", "vormittag", "vorbereitung", "werkstatt", "zentrum",
        });

        /// <summary>Where the words that begin with a letter begin in <see cref="Seams"/>, by the letter; their number for none.</summary>
        private static readonly byte[] FirstSeam = FirstByLetter();

        private static readonly bool[] Vowels = VowelsByLetter();

        /// <summary>True when a seam of a compound lies before the letter at <paramref name="at"/>: better than any other point.</summary>
        public static bool IsSeam(char[] text, int start, int end, int at)
        {
            if (at - start < LettersBefore || end - at < LettersAfter)
            {
                return false;
            }

            char first = Lower(text[at]);
            if (first >= FirstSeam.Length)
            {
                return false;
            }

            for (int i = FirstSeam[first]; i < Seams.Length && Seams[i][0] == first; i++)
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

            if (IsVowel(text[at]) || !VowelFollows(text, at, end) || IsPrefixVer(text, at) || StaysTogether(text, start, at) || !HasVowel(text, start, at))
            {
                return false;
            }

            // One letter beside a seam would tear a word apart: Elterna-bend, Sprechs-tunde.
            return !IsSeam(text, start, end, at - 1) && !IsSeam(text, start, end, at + 1);
        }

        public static bool IsLetter(char c)
        {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 'À' && c != '×' && c != '÷' && c <= 'ӿ');
        }

        private static bool Begins(char[] text, int at, int end, char[] word)
        {
            if (end - at < word.Length)
            {
                return false;
            }

            for (int i = 1; i < word.Length; i++)
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
            return c < Vowels.Length && Vowels[c];
        }

        private static char[][] Letters(string[] words)
        {
            char[][] letters = new char[words.Length][];
            for (int i = 0; i < words.Length; i++)
            {
                letters[i] = words[i].ToCharArray();
            }

            return letters;
        }

        private static byte[] FirstByLetter()
        {
            byte[] first = new byte['ü' + 1];
            for (int i = 0; i < first.Length; i++)
            {
                first[i] = (byte)Seams.Length;
            }

            for (int i = Seams.Length - 1; i >= 0; i--)
            {
                first[Seams[i][0]] = (byte)i;
            }

            return first;
        }

        private static bool[] VowelsByLetter()
        {
            char[] small = "aeiouyäöüàáâèéêëìíîïòóôùúûаеёиоуыэюяіїє".ToCharArray();
            bool[] vowels = new bool['ї' + 1];
            for (int i = 0; i < small.Length; i++)
            {
                char capital = (char)(small[i] - 32);
                vowels[small[i]] = true;
                vowels[capital] |= Lower(capital) == small[i];
            }

            return vowels;
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
