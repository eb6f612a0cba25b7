namespace Quartier.Screen
{
    /// <summary>Where a word too long for its line may be parted. The German rule of thumb: the last consonant before a vowel goes
    /// to the next line, and ch, ck, ph, qu, sch, th stay together. It errs rarely and never hides a letter; a soft hyphen (U+00AD)
    /// in the text always wins over it.</summary>
    public static class Hyphenation
    {
        private const int LettersBefore = 3;
        private const int LettersAfter = 3;

        /// <summary>True when the word [start, end) may be parted before the letter at <paramref name="at"/>.</summary>
        public static bool MayPart(char[] text, int start, int end, int at)
        {
            if (at - start < LettersBefore || end - at < LettersAfter)
            {
                return false;
            }

            if (!IsLetter(text[at - 1]) || !IsLetter(text[at]) || IsVowel(text[at]))
            {
                return false;
            }

            if (KeepTogether(Lower(text[at - 1]), Lower(text[at])))
            {
                return false;
            }

            return HasVowel(text, start, at) && VowelFollows(text, at, end);
        }

        public static bool IsLetter(char c)
        {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 'À' && c != '×' && c != '÷' && c <= 'ӿ');
        }

        private static bool VowelFollows(char[] text, int at, int end)
        {
            char first = Lower(text[at]);
            if (IsVowel(text[at + 1]))
            {
                return true;
            }

            if (at + 2 >= end)
            {
                return false;
            }

            char second = Lower(text[at + 1]);
            if (KeepTogether(first, second) && IsVowel(text[at + 2]))
            {
                return true;
            }

            return first == 's' && second == 'c' && Lower(text[at + 2]) == 'h' && at + 3 < end;
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
