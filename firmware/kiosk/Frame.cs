using Quartier.Screen;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>What all pages share: the bar with title and clock, a notice under it, the line with the content's age, the buttons.
    /// Every measure follows from the type scale, so that one layout serves every panel.</summary>
    public sealed class Frame
    {
        public const int HitsMax = 16;
        public const int HitPart = -2;

        public readonly ICanvas Canvas;
        public readonly TypeScale Type;
        public readonly TextBlock Block = new TextBlock();
        public readonly Words Words;
        public readonly int Gap;
        private readonly int[] hitLeft = new int[HitsMax];
        private readonly int[] hitTop = new int[HitsMax];
        private readonly int[] hitRight = new int[HitsMax];
        private readonly int[] hitBottom = new int[HitsMax];
        private readonly int[] hitFocus = new int[HitsMax];
        private readonly char[] glyph = new char[1];
        private int hits;
        private int clockLeft;

        public Frame(ICanvas canvas, TypeScale type, Words words)
        {
            Canvas = canvas;
            Type = type;
            Words = words;
            Gap = canvas.LineHeight(type.Body) / 4;
        }

        public int Top { get; private set; }

        public int Bottom { get; private set; }

        public int BarHeight
        {
            get { return Canvas.LineHeight(Type.Strong) + Gap; }
        }

        private int ButtonHeight
        {
            get { return Canvas.LineHeight(Type.Strong) + Gap + 2; }
        }

        private int StatusHeight
        {
            get { return Canvas.LineHeight(Type.Fine); }
        }

        /// <summary>Paper, bar and notice.</summary>
        /// <param name="wholeNotice">A notice that is long may take half of this page; elsewhere it is cut, because the reader has seen it.</param>
        /// <param name="sign">Drawn before the title; '\0' for none.</param>
        public void Begin(string title, string shorterTitle, char sign, int barColor, Situation situation, bool wholeNotice)
        {
            hits = 0;
            Canvas.FillRectangle(0, 0, Canvas.Width, Canvas.Height, Theme.Paper);
            Canvas.FillRectangle(0, 0, Canvas.Width, BarHeight, barColor);
            clockLeft = Canvas.Width - Gap - Canvas.MeasureText("00:00", Type.Strong);
            string unknown = Words.Text("Uhrzeit unbekannt", "Time unknown");
            int right = situation.TimeKnown ? clockLeft : Canvas.Width - Gap - Canvas.MeasureText(unknown, Type.Fine);
            int x = Gap;
            if (sign != '\0')
            {
                x += DrawSign(sign, Type.Strong, Theme.OnBar, x, Gap / 2) + Gap;
            }

            int room = right - (2 * Gap) - x;
            DrawTitle(Canvas.MeasureText(title, Type.Strong) <= room ? title : shorterTitle, x, room);
            if (situation.TimeKnown)
            {
                DrawClock(situation);
            }
            else
            {
                int drop = Canvas.Ascent(Type.Strong) - Canvas.Ascent(Type.Fine);
                Canvas.DrawText(unknown, Type.Fine, Theme.OnBar, right, (Gap / 2) + drop);
            }

            Top = BarHeight;
            if (situation.Notice != null)
            {
                DrawNotice(situation.Notice, wholeNotice);
            }

            Bottom = Canvas.Height - ButtonHeight - StatusHeight - 2;
        }

        /// <summary>Status line and buttons; then the page is on the glass.</summary>
        public void End(KioskView view, Situation situation)
        {
            DrawStatus(view, situation);
            int top = Canvas.Height - ButtonHeight;
            for (int i = 0; i < view.ButtonCount; i++)
            {
                int left = Canvas.Width * i / view.ButtonCount;
                int right = Canvas.Width * (i + 1) / view.ButtonCount;
                DrawButton(view.Buttons[i], view.Focus == view.RowCount + i, left, top, right - left);
                AddHit(left, top, right, Canvas.Height, view.RowCount + i);
            }

            Canvas.Flush(0, 0, Canvas.Width, Canvas.Height);
        }

        public int DrawSign(char sign, int font, int color, int x, int y)
        {
            glyph[0] = sign;
            Canvas.DrawGlyphRun(glyph, 0, 1, font, color, x, y);
            return Canvas.MeasureGlyph(sign, font);
        }

        /// <summary>One line that ends in "…" when it does not fit.</summary>
        public void DrawLine(string text, int font, int color, int x, int y, int width)
        {
            Block.Wrap(Canvas, text, font, width, 1);
            Block.Draw(color, x, y);
        }

        public void AddHit(int left, int top, int right, int bottom, int focus)
        {
            if (hits < HitsMax)
            {
                hitLeft[hits] = left;
                hitTop[hits] = top;
                hitRight[hits] = right;
                hitBottom[hits] = bottom;
                hitFocus[hits] = focus;
                hits++;
            }
        }

        /// <returns>What lies there: a row or button by its focus, <see cref="HitPart"/>, or <see cref="KioskView.NoFocus"/>.</returns>
        public int Hit(int x, int y)
        {
            for (int i = 0; i < hits; i++)
            {
                if (x >= hitLeft[i] && x < hitRight[i] && y >= hitTop[i] && y < hitBottom[i])
                {
                    return hitFocus[i];
                }
            }

            return KioskView.NoFocus;
        }

        private void DrawTitle(string title, int x, int room)
        {
            int font = Canvas.MeasureText(title, Type.Strong) <= room ? Type.Strong
                : Canvas.MeasureText(title, Type.Body) <= room ? Type.Body : Type.Fine;
            DrawLine(title, font, Theme.OnBar, x, (Gap / 2) + Canvas.Ascent(Type.Strong) - Canvas.Ascent(font), room);
        }

        private void DrawClock(Situation situation)
        {
            Canvas.DrawText(Words.Clock(situation.Local), Type.Strong, Theme.OnBar, clockLeft, Gap / 2);
        }

        private void DrawNotice(ScreenNotice notice, bool whole)
        {
            bool urgent = notice.Priority == ScreenNotice.PriorityMax;
            string text = notice.Texts[0];
            for (int i = 0; i < notice.Languages.Length; i++)
            {
                if (notice.Languages[i] == Words.Language)
                {
                    text = notice.Texts[i];
                }
                else if (notice.Languages[i] == "de" && text == notice.Texts[0])
                {
                    text = notice.Texts[i];
                }
            }

            int color = urgent ? Theme.OnAlarm : Theme.OnCaution;
            int signWidth = Canvas.MeasureGlyph('⚠', Type.Title);
            int width = Canvas.Width - signWidth - (3 * Gap);
            Block.Wrap(Canvas, text, urgent ? Type.Strong : Type.Body, width, urgent ? 3 : 2);
            if (Block.Cut && whole)
            {
                // Better smaller and whole than large and without its end: "do not" must not become "do".
                int smaller = urgent ? Type.Body : Type.Fine;
                int offer = Canvas.LineHeight(Type.Strong) + Canvas.LineHeight(Type.Body) + Gap;
                int room = Canvas.Height - Top - ButtonHeight - StatusHeight - 2 - offer - Gap;
                int lines = room / Canvas.LineHeight(smaller);
                Block.Wrap(Canvas, text, smaller, width, lines < 5 ? lines : 5);
            }

            int height = Block.Height + Gap;
            Canvas.FillRectangle(0, Top, Canvas.Width, height, urgent ? Theme.Alarm : Theme.Caution);
            DrawSign('⚠', Type.Title, color, Gap, Top + ((height - Canvas.LineHeight(Type.Title)) / 2));
            Block.Draw(color, signWidth + (2 * Gap), Top + (Gap / 2));
            Top += height;
        }

        private void DrawStatus(KioskView view, Situation situation)
        {
            int top = Canvas.Height - ButtonHeight - StatusHeight - 1;
            int back = situation.Stale ? Theme.Caution : Theme.Paper;
            int color = situation.Stale ? Theme.OnCaution : Theme.InkQuiet;
            Canvas.FillRectangle(0, top, Canvas.Width, StatusHeight + 1, back);
            int right = Canvas.Width - Gap;
            if (view.PartCount > 1)
            {
                string part = (view.Part + 1) + "/" + view.PartCount + " ▶";
                right -= Canvas.MeasureText(part, Type.Fine);
                Canvas.DrawText(part, Type.Fine, color, right, top);
                AddHit(right - (4 * Gap), top - Gap, Canvas.Width, top + StatusHeight, HitPart);
                right -= 2 * Gap;
            }

            string age = situation.Catalogue.Count == 0 && situation.ContentAgeSeconds < 0 ? ""
                : situation.ContentAgeSeconds == ContentAge.Unknown ? Words.Text("Stand unbekannt", "Age of content unknown")
                : Words.Text("Stand: ", "Updated ") + Words.Age(situation.ContentAgeSeconds);
            if (situation.Stale)
            {
                string reason = "⚠ " + Words.Text("Keine Verbindung · ", "No connection · ") + age;
                age = Canvas.MeasureText(reason, Type.Fine) <= right - Gap ? reason : "⚠ " + age;
            }
            else if (situation.Settings.Place.Length > 0 && age.Length > 0)
            {
                string withPlace = situation.Settings.Place + " · " + age;
                age = Canvas.MeasureText(withPlace, Type.Fine) <= right - Gap ? withPlace : age;
            }

            DrawLine(age, Type.Fine, color, Gap, top, right - Gap);
        }

        private void DrawButton(Button button, bool focused, int left, int top, int width)
        {
            bool emergency = button == Button.Emergency;
            int back = focused ? (emergency ? Theme.Alarm : Theme.Bar) : Theme.PaperTint;
            int color = focused ? Theme.OnBar : emergency ? Theme.Alarm : Theme.Ink;
            Canvas.FillRectangle(left, top, width, ButtonHeight, back);
            Canvas.FillRectangle(left, top, width, 1, Theme.Line);
            if (left > 0)
            {
                Canvas.FillRectangle(left, top, 1, ButtonHeight, Theme.Line);
            }

            string text = Label(button);
            int font = Canvas.MeasureText(text, Type.Strong) <= width - Gap ? Type.Strong : Type.Body;
            font = Canvas.MeasureText(text, font) <= width - Gap ? font : Type.Fine;
            int y = top + ((ButtonHeight - Canvas.LineHeight(font)) / 2);
            Canvas.DrawText(text, font, color, left + ((width - Canvas.MeasureText(text, font)) / 2), y);
        }

        private string Label(Button button)
        {
            switch (button)
            {
                case Button.Back: return Words.Text("◀ Zurück", "◀ Back");
                case Button.Categories: return Words.Text("Themen", "Topics");
                case Button.Language: return Words.Text("English", "Deutsch");
                case Button.Emergency: return Words.Text("☎ Notruf", "☎ Help");
                case Button.More: return Words.Text("Mehr ▶", "More ▶");
                default: return Words.Text("QR-Code", "QR code");
            }
        }
    }
}
