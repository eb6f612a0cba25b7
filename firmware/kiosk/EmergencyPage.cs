using Quartier.Screen;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>Numbers to call, as large as they fit. It needs no catalogue, no network and no clock.</summary>
    public sealed class EmergencyPage
    {
        private readonly Frame frame;

        public EmergencyPage(Frame frame)
        {
            this.frame = frame;
        }

        public void Draw(KioskView view, Situation at)
        {
            string title = frame.Words.Text("Notruf und Hilfe", "Emergency and help");
            frame.Begin(title, frame.Words.Text("Notruf", "Help"), '☎', Theme.Alarm, at, false);
            ScreenSettings settings = at.Settings.EmergencyNumbers.Length > 0 ? at.Settings : ScreenSettings.Usual();
            int count = settings.EmergencyNumbers.Length;
            view.RowCount = 0;
            bool pair = count >= 2 && IsShort(settings.EmergencyNumbers[0]) && IsShort(settings.EmergencyNumbers[1]);
            int pairHeight = frame.Canvas.LineHeight(frame.Type.Numerals) + (2 * frame.Canvas.LineHeight(frame.Type.Fine)) + (frame.Gap / 2);
            int rowHeight = frame.Canvas.LineHeight(frame.Type.Strong) + frame.Canvas.LineHeight(frame.Type.Body);
            int room = frame.Bottom - frame.Top;
            int perPart = AtLeastOne(room / rowHeight);
            int below = room > pairHeight ? (room - pairHeight) / rowHeight : 0;
            int onFirst = pair ? 2 + below : perPart;
            int rest = count > onFirst ? count - onFirst : 0;
            view.RowsPerPart = perPart;
            view.PartCount = 1 + ((rest + perPart - 1) / perPart);
            view.Part = view.Part < view.PartCount ? view.Part : 0;
            view.SetButtons(Button.Back, Button.Language, view.PartCount > 1 ? Button.More : Button.None);
            int from = view.Part == 0 ? 0 : onFirst + ((view.Part - 1) * perPart);
            int end = from + (view.Part == 0 ? onFirst : perPart);
            int y = frame.Top;
            if (view.Part == 0 && pair)
            {
                DrawLarge(settings, 0, 0, frame.Canvas.Width / 2, pairHeight);
                DrawLarge(settings, 1, frame.Canvas.Width / 2, frame.Canvas.Width - (frame.Canvas.Width / 2), pairHeight);
                y += pairHeight;
                from = 2;
            }

            int step = end > from ? (frame.Bottom - y) / (end - from) : 0;
            for (int i = from; i < count && i < end; i++)
            {
                DrawNumber(settings.EmergencyNumbers[i], Label(settings, i), y + ((i - from) * step), step);
            }

            frame.End(view, at);
        }

        private string Label(ScreenSettings settings, int i)
        {
            return frame.Words.English ? settings.EmergencyEnglish[i] : settings.EmergencyGerman[i];
        }

        /// <summary>The two numbers that everyone should see first stand side by side in the tallest type.</summary>
        private void DrawLarge(ScreenSettings settings, int i, int left, int width, int height)
        {
            int x = left + (2 * frame.Gap);
            int y = frame.Top + (frame.Gap / 2);
            frame.Canvas.DrawText(settings.EmergencyNumbers[i], frame.Type.Numerals, Theme.Alarm, x, y);
            frame.Block.Wrap(frame.Canvas, Label(settings, i), frame.Type.Fine, width - (3 * frame.Gap), 2);
            frame.Block.Draw(Theme.Ink, x, y + frame.Canvas.LineHeight(frame.Type.Numerals));
            frame.Canvas.FillRectangle(left, frame.Top + height - 1, width, 1, Theme.Line);
        }

        private void DrawNumber(string number, string label, int y, int height)
        {
            int left = 2 * frame.Gap;
            int width = frame.Canvas.Width - (2 * left);
            int line = frame.Canvas.LineHeight(frame.Type.Strong);
            int top = y + ((height - line - frame.Canvas.LineHeight(frame.Type.Body)) / 2);
            frame.DrawLine(number, frame.Type.Strong, Theme.Alarm, left, top, width);
            frame.DrawLine(label, frame.Type.Body, Theme.Ink, left, top + line, width);
            frame.Canvas.FillRectangle(0, y + height - 1, frame.Canvas.Width, 1, Theme.Line);
        }

        private static int AtLeastOne(int rows)
        {
            return rows < 1 ? 1 : rows;
        }

        private static bool IsShort(string number)
        {
            char[] digits = number.ToCharArray();
            for (int i = 0; i < digits.Length; i++)
            {
                if (digits[i] < '0' || digits[i] > '9')
                {
                    return false;
                }
            }

            return digits.Length <= 3;
        }
    }
}
