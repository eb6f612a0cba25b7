namespace Quartier.Screen
{
    /// <summary>A text broken into lines for one font and width; made once and used for every text in turn.
    /// Breaks at spaces and after hyphens and slashes. A word that is wider than a line, or would leave more than half of one empty,
    /// is parted (<see cref="Hyphenation"/>). What does not fit into the lines given ends in "…". Widths are sums of advances:
    /// the platform's fonts have no kerning.</summary>
    public sealed class TextBlock
    {
        public const int LinesMax = 80;
        public const int CharactersMax = 1800;
        private const int SeamLettersLost = 6;
        private const char SoftHyphen = '\u00AD';
        private const char Ellipsis = '…';

        private readonly char[] text = new char[CharactersMax + 1];
        private readonly bool[] softBefore = new bool[CharactersMax + 1];
        /// <summary>How far right of its line's start each character stands, as far as the line at hand was measured.</summary>
        private readonly short[] offsets = new short[CharactersMax + 1];
        private readonly int[] starts = new int[LinesMax];
        private readonly int[] ends = new int[LinesMax];
        private readonly char[] suffixes = new char[LinesMax];
        private int length;
        private ICanvas canvas;
        private int font;

        public int LineCount { get; private set; }

        /// <summary>True when the end of the text did not fit and "…" stands for it.</summary>
        public bool Cut { get; private set; }

        public int Height
        {
            get { return LineCount * canvas.LineHeight(font); }
        }

        public void Wrap(ICanvas on, string content, int inFont, int width, int linesMax)
        {
            Begin();
            AddLine(content);
            Wrap(on, inFont, width, linesMax);
        }

        /// <summary>Empties the block for <see cref="AddLine"/>.</summary>
        public void Begin()
        {
            Cut = false;
            length = 0;
            softBefore[0] = false;
        }

        /// <summary>Adds a paragraph; an empty one adds nothing.</summary>
        public void AddLine(string content)
        {
            char[] letters = content.ToCharArray();
            if (letters.Length > 0 && length > 0 && length < CharactersMax)
            {
                Append('\n');
            }

            for (int i = 0; i < letters.Length; i++)
            {
                char c = letters[i];
                if (c == SoftHyphen)
                {
                    softBefore[length] = true;
                    continue;
                }

                if (length == CharactersMax)
                {
                    Cut = true;
                    return;
                }

                Append(c == '\t' || c == '\r' ? ' ' : c);
            }
        }

        /// <summary>Breaks what was added into lines.</summary>
        public void Wrap(ICanvas on, int inFont, int width, int linesMax)
        {
            canvas = on;
            font = inFont;
            LineCount = 0;
            int at = SkipSpaces(0);
            int limit = linesMax < LinesMax ? linesMax : LinesMax;
            while (at < length && LineCount < limit)
            {
                starts[LineCount] = at;
                suffixes[LineCount] = '\0';
                at = BreakLine(at, width);
                LineCount++;
            }

            if (at < length && LineCount > 0)
            {
                Cut = true;
                Shorten(LineCount - 1, width);
            }
        }

        /// <summary>Draws the lines from the top y downwards.</summary>
        /// <returns>The y below the last line.</returns>
        public int Draw(int color, int x, int y)
        {
            return Draw(color, x, y, 0, LineCount);
        }

        /// <summary>Draws some of the lines, the first of them at y.</summary>
        public int Draw(int color, int x, int y, int from, int count)
        {
            for (int i = from; i < LineCount && i < from + count; i++)
            {
                if (ends[i] > starts[i])
                {
                    canvas.DrawText(LineText(i), font, color, x, y);
                }

                y += canvas.LineHeight(font);
            }

            return y;
        }

        public string LineText(int line)
        {
            int end = ends[line];
            char suffix = suffixes[line];
            if (suffix == '\0')
            {
                return new string(text, starts[line], end - starts[line]);
            }

            char kept = text[end];
            text[end] = suffix;
            string drawn = new string(text, starts[line], end + 1 - starts[line]);
            text[end] = kept;
            return drawn;
        }

        private void Append(char c)
        {
            text[length] = c;
            length++;
            softBefore[length] = false;
        }

        private int SkipSpaces(int at)
        {
            while (at < length && text[at] == ' ')
            {
                at++;
            }

            return at;
        }

        /// <summary>Fills one line from its start; sets its end and suffix.</summary>
        /// <returns>Where the next line begins.</returns>
        private int BreakLine(int start, int width)
        {
            int used = 0;
            int breakEnd = -1;
            int breakNext = -1;
            int breakWidth = 0;
            for (int i = start; i < length; i++)
            {
                char c = text[i];
                if (c == '\n')
                {
                    ends[LineCount] = TrimEnd(start, i);
                    return SkipSpaces(i + 1);
                }

                if (c == ' ')
                {
                    breakEnd = i;
                    breakNext = i + 1;
                    breakWidth = used;
                }

                offsets[i] = (short)used;
                used += canvas.MeasureGlyph(c, font);
                if (used > width && c != ' ')
                {
                    return Overflow(start, i, breakEnd, breakNext, breakWidth, width);
                }

                if ((c == '-' || c == '/' || c == '–') && i > start && i + 1 < length)
                {
                    breakEnd = i + 1;
                    breakNext = i + 1;
                    breakWidth = used;
                }
            }

            ends[LineCount] = TrimEnd(start, length);
            return length;
        }

        private int Overflow(int start, int over, int breakEnd, int breakNext, int breakWidth, int width)
        {
            int wordStart = breakEnd < 0 ? start : breakNext;
            int wordEnd = WordEnd(wordStart);
            bool wide = breakEnd < 0 || breakWidth * 100 < width * 40 || IsWider(wordStart, over, wordEnd, width);
            if (wide)
            {
                int part = PartingPoint(wordStart, wordEnd, over, width - offsets[wordStart]);
                if (part > 0)
                {
                    ends[LineCount] = part;
                    suffixes[LineCount] = '-';
                    return part;
                }
            }

            if (breakEnd >= 0)
            {
                ends[LineCount] = TrimEnd(start, breakEnd);
                return SkipSpaces(breakNext);
            }

            // Nothing allows a break: cut between letters rather than lose one. One letter at least, so that it ends.
            int cut = over > start ? over : start + 1;
            ends[LineCount] = cut;
            return cut;
        }

        /// <summary>The last point in the word, before its overflowing letter, at which it may be parted with room for the hyphen; -1 if none.
        /// Looked for from the line's end backwards, because it nearly always lies there.</summary>
        private int PartingPoint(int wordStart, int wordEnd, int over, int room)
        {
            room -= canvas.MeasureGlyph('-', font);
            int last = (over < wordEnd ? over : wordEnd) - 1;
            while (last > wordStart && offsets[last] - offsets[wordStart] > room)
            {
                last--;
            }

            for (int i = last; i > wordStart; i--)
            {
                if (softBefore[i])
                {
                    return i;
                }
            }

            for (int i = last; i > wordStart; i--)
            {
                if (Hyphenation.MayPart(text, wordStart, wordEnd, i))
                {
                    return SeamNear(wordStart, wordEnd, i);
                }
            }

            return -1;
        }

        /// <summary>A seam a few letters earlier reads better than the last possible point.</summary>
        private int SeamNear(int wordStart, int wordEnd, int point)
        {
            for (int i = point; i > wordStart && point - i <= SeamLettersLost; i--)
            {
                if (Hyphenation.IsSeam(text, wordStart, wordEnd, i) && Hyphenation.MayPart(text, wordStart, wordEnd, i))
                {
                    return i;
                }
            }

            return point;
        }

        private int WordEnd(int start)
        {
            int end = start;
            while (end < length && text[end] != ' ' && text[end] != '\n' && text[end] != '-' && text[end] != '/')
            {
                end++;
            }

            return end;
        }

        /// <summary>Measures only what lies after the letter that overflowed the line.</summary>
        private bool IsWider(int start, int over, int end, int width)
        {
            int sum = offsets[over] - offsets[start];
            for (int i = over; i < end && sum <= width; i++)
            {
                sum += canvas.MeasureGlyph(text[i], font);
            }

            return sum > width;
        }

        private int TrimEnd(int start, int end)
        {
            while (end > start && text[end - 1] == ' ')
            {
                end--;
            }

            return end;
        }

        private void Shorten(int line, int width)
        {
            int room = width - canvas.MeasureGlyph(Ellipsis, font);
            int start = starts[line];
            int end = start;
            int used = 0;
            while (end < length && text[end] != '\n')
            {
                used += canvas.MeasureGlyph(text[end], font);
                if (used > room)
                {
                    break;
                }

                end++;
            }

            while (end > start && (text[end - 1] == ' ' || text[end - 1] == ',' || text[end - 1] == '-' || text[end - 1] == '.'))
            {
                end--;
            }

            ends[line] = end;
            suffixes[line] = Ellipsis;
        }
    }
}
