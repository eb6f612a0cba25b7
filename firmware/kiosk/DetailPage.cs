using System.Text;
using Quartier.Screen;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>One offer: title, dates, place, telephone, text; its web address as a QR code beside them where the panel is wide
    /// enough for both, else on a page of its own.</summary>
    public sealed class DetailPage
    {
        private const int ModulePixelsMin = 3;
        private const int DatesMax = 3;
        private readonly Frame frame;
        private readonly OfferWords offers;
        private readonly QrCode code = new QrCode();
        private readonly TextBlock text = new TextBlock();
        private int dates;
        private CatalogueEntry brokenEntry;
        private string brokenLanguage;
        private int brokenWidth;
        private bool brokenTitle;

        public DetailPage(Frame frame, OfferWords offers)
        {
            this.frame = frame;
            this.offers = offers;
        }

        /// <summary>True when the QR code still needs steps before it can be drawn.</summary>
        public bool CodePending
        {
            get { return code.Size > 0 && !code.Ready; }
        }

        public bool StepCode()
        {
            return code.Step();
        }

        /// <summary>Begins the QR code of the offer that is opened.</summary>
        public void Open(CatalogueEntry entry)
        {
            byte[] address = EscapedAddress(entry.Url);
            code.Begin(address, address.Length);
        }

        public void Draw(KioskView view, Situation at, CatalogueEntry entry)
        {
            BeginPage(at, entry);
            view.RowCount = 0;
            int side = InlineSide();
            int width = frame.Canvas.Width - (4 * frame.Gap) - (side > 0 ? side + frame.Gap : 0);
            int language = offers.LanguageOf(entry);
            int line = frame.Canvas.LineHeight(frame.Type.Body);
            int head = HeadHeight(view, at, entry, language, width);
            int top = frame.Top + (frame.Gap / 2);
            int firstLines = head < frame.Bottom - top ? (frame.Bottom - top - head) / line : 0;
            int linesPerPart = (frame.Bottom - top) / line;
            BreakFacts(entry, language, width);
            int rest = text.LineCount - firstLines;
            view.PartCount = rest <= 0 ? 1 : 1 + ((rest + linesPerPart - 1) / linesPerPart);
            // The other language may need fewer parts than the one that was turned to.
            view.Part = view.Part < view.PartCount ? view.Part : view.PartCount - 1;
            if (view.Part == 0)
            {
                DrawHead(view, at, entry, top, width);
                text.Draw(Theme.Ink, 2 * frame.Gap, top + head, 0, firstLines);
            }
            else
            {
                text.Draw(Theme.Ink, 2 * frame.Gap, top, firstLines + ((view.Part - 1) * linesPerPart), linesPerPart);
            }

            if (side > 0)
            {
                DrawCode(frame.Canvas.Width - side - frame.Gap, frame.Top + frame.Gap, side);
            }

            bool ownCodePage = code.Size > 0 && side == 0;
            view.SetButtons(Button.Back, ownCodePage ? Button.Code : Button.Language, view.PartCount > 1 ? Button.More : ownCodePage ? Button.Language : Button.Emergency);
            frame.End(view, at);
        }

        public void DrawCodePage(KioskView view, Situation at, CatalogueEntry entry)
        {
            BeginPage(at, entry);
            view.RowCount = 0;
            view.PartCount = 1;
            view.SetButtons(Button.Back, Button.Language, Button.Emergency);
            int side = frame.Bottom - frame.Top - frame.Gap;
            int x = frame.Gap;
            int wordsX = x + side + frame.Gap;
            DrawCode(x, frame.Top + (frame.Gap / 2), side);
            int width = frame.Canvas.Width - wordsX - frame.Gap;
            int room = frame.Bottom - frame.Top - (3 * frame.Gap) - (2 * frame.Canvas.LineHeight(frame.Type.Fine));
            int lines = room / frame.Canvas.LineHeight(frame.Type.Strong);
            frame.Block.Wrap(frame.Canvas, entry.Titles[offers.LanguageOf(entry)], frame.Type.Strong, width, lines < 2 ? 2 : lines);
            int y = frame.Block.Draw(Theme.Ink, wordsX, frame.Top + frame.Gap) + frame.Gap;
            frame.Block.Wrap(frame.Canvas, frame.Words.Text("Mit dem Handy scannen", "Scan with your phone"), frame.Type.Fine, width, 3);
            frame.Block.Draw(Theme.InkQuiet, wordsX, y);
            frame.End(view, at);
        }

        private void BeginPage(Situation at, CatalogueEntry entry)
        {
            string name = Categories.Name(entry.Category, frame.Words.English);
            frame.Begin(name, name, Categories.Sign(entry.Category), Theme.Category(entry.Category), at, false);
        }

        /// <summary>Side of a QR code beside the text; 0 when it would leave the text less than half the panel.</summary>
        private int InlineSide()
        {
            if (code.Size == 0)
            {
                return 0;
            }

            int modules = code.Size + (2 * QrCode.QuietModules);
            int room = frame.Canvas.Width * 2 / 5;
            int height = frame.Bottom - frame.Top - frame.Gap;
            int pixels = (room < height ? room : height) / modules;
            return pixels >= ModulePixelsMin && frame.Canvas.Width >= 400 ? pixels * modules : 0;
        }

        private void DrawCode(int x, int y, int side)
        {
            if (!code.Ready)
            {
                frame.DrawLine(frame.Words.Text("QR-Code …", "QR code …"), frame.Type.Fine, Theme.InkQuiet, x + frame.Gap, y + (side / 2), side - frame.Gap);
                return;
            }

            int pixels = QrPainter.ModulePixels(code, side);
            int drawn = pixels * (code.Size + (2 * QrCode.QuietModules));
            QrPainter.Draw(frame.Canvas, code, x + ((side - drawn) / 2), y, pixels);
        }

        /// <summary>Title and dates: what part one begins with; the title stays in the frame's block until it is drawn.</summary>
        private int HeadHeight(KioskView view, Situation at, CatalogueEntry entry, int language, int width)
        {
            WrapTitle(view, at, entry, language, width);
            int line = frame.Canvas.LineHeight(frame.Type.Strong);
            // Under a notice there may be room for the next date only.
            int fit = (frame.Bottom - frame.Top - frame.Gap - frame.Block.Height) / line;
            dates = DateCount(view, at);
            dates = dates <= fit ? dates : fit > 0 ? fit : dates > 0 ? 1 : 0;
            return frame.Block.Height + (frame.Gap / 2) + (dates * line) + (frame.Gap / 2);
        }

        /// <summary>Nowhere else can a reader see the whole title: a long one takes the smaller bold, a very long one plain type and
        /// all the room; under a notice on a small panel, where even that is too little, the text begins with it.</summary>
        private void WrapTitle(KioskView view, Situation at, CatalogueEntry entry, int language, int width)
        {
            frame.Block.Wrap(frame.Canvas, entry.Titles[language], frame.Type.Title, width, 2);
            if (frame.Block.Cut)
            {
                frame.Block.Wrap(frame.Canvas, entry.Titles[language], frame.Type.Strong, width, 4);
            }

            if (frame.Block.Cut)
            {
                int kept = DateCount(view, at) > 0 ? frame.Canvas.LineHeight(frame.Type.Strong) : 0;
                int lines = (frame.Bottom - frame.Top - (2 * frame.Gap) - kept) / frame.Canvas.LineHeight(frame.Type.Body);
                frame.Block.Wrap(frame.Canvas, entry.Titles[language], frame.Type.Body, width, lines < 1 ? 1 : lines);
            }
        }

        private void DrawHead(KioskView view, Situation at, CatalogueEntry entry, int y, int width)
        {
            int x = 2 * frame.Gap;
            y = frame.Block.Draw(Theme.Ink, x, y) + (frame.Gap / 2);
            for (int i = 0; i < dates; i++)
            {
                DrawDate(view, at, view.Time + i, Theme.Category(entry.Category), x, y, width);
                y += frame.Canvas.LineHeight(frame.Type.Strong);
            }
        }

        /// <summary>A date is never cut: the fullest form that fits, in bold if that fits too.</summary>
        private void DrawDate(KioskView view, Situation at, int time, int color, int x, int y, int width)
        {
            string when = "";
            int font = frame.Type.Fine;
            for (int brevity = 0; brevity < 3; brevity++)
            {
                when = offers.LongWhen(at.Catalogue, view.Entry, time, at.TimeKnown, at.UnixSeconds, brevity);
                font = frame.Canvas.MeasureText(when, frame.Type.Strong) <= width ? frame.Type.Strong
                    : frame.Canvas.MeasureText(when, frame.Type.Body) <= width ? frame.Type.Body : frame.Type.Fine;
                if (font != frame.Type.Fine)
                {
                    break;
                }
            }

            frame.Canvas.DrawText(when, font, color, x, y);
        }

        private int DateCount(KioskView view, Situation at)
        {
            int ahead = view.Time < 0 ? 0 : at.Catalogue.TimeCount(view.Entry) - view.Time;
            return ahead > DatesMax ? DatesMax : ahead;
        }

        /// <summary>Breaking 1,200 bytes into lines is most of this page's work, and between two frames of one offer nothing of it changes.</summary>
        private void BreakFacts(CatalogueEntry entry, int language, int width)
        {
            bool title = frame.Block.Cut;
            if (entry == brokenEntry && width == brokenWidth && title == brokenTitle && frame.Words.Language == brokenLanguage)
            {
                return;
            }

            LoadFacts(entry, language);
            text.Wrap(frame.Canvas, frame.Type.Body, width, TextBlock.LinesMax);
            brokenEntry = entry;
            brokenLanguage = frame.Words.Language;
            brokenWidth = width;
            brokenTitle = title;
        }

        /// <summary>Place, telephone and marks, a line each, then the text, which tells more than who provides it.</summary>
        private void LoadFacts(CatalogueEntry entry, int language)
        {
            text.Begin();
            if (frame.Block.Cut)
            {
                text.AddLine(entry.Titles[language]);
            }

            text.AddLine(entry.Place);
            text.AddLine(entry.Phone.Length > 0 ? "☎ " + entry.Phone : "");
            string marks = "";
            marks = Join(marks, (entry.Flags & CatalogueEntry.FlagFreeOfCharge) != 0, frame.Words.Text("kostenlos", "free of charge"));
            marks = Join(marks, (entry.Flags & CatalogueEntry.FlagStepFree) != 0, frame.Words.Text("♿ stufenlos", "♿ step-free"));
            marks = Join(marks, (entry.Flags & CatalogueEntry.FlagRegistration) != 0, frame.Words.Text("mit Anmeldung", "please register"));
            text.AddLine(marks);
            text.AddLine(entry.Texts[language]);
            if (entry.Provider.Length > 0 && entry.Provider != entry.Place)
            {
                text.AddLine(entry.Provider);
            }
        }

        private static string Join(string marks, bool set, string word)
        {
            return !set ? marks : marks.Length == 0 ? word : marks + " · " + word;
        }

        /// <summary>Readers guess at the character set of a QR code, so everything beyond ASCII is percent-encoded.</summary>
        private static byte[] EscapedAddress(string url)
        {
            byte[] plain = Encoding.UTF8.GetBytes(url);
            int extra = 0;
            for (int i = 0; i < plain.Length; i++)
            {
                extra += plain[i] > 0x7E || plain[i] < 0x21 ? 2 : 0;
            }

            byte[] escaped = new byte[plain.Length + extra];
            int at = 0;
            for (int i = 0; i < plain.Length; i++)
            {
                if (plain[i] > 0x7E || plain[i] < 0x21)
                {
                    escaped[at] = (byte)'%';
                    escaped[at + 1] = (byte)Hex.Digit(plain[i] / 16);
                    escaped[at + 2] = (byte)Hex.Digit(plain[i] % 16);
                    at += 3;
                }
                else
                {
                    escaped[at] = plain[i];
                    at++;
                }
            }

            return escaped;
        }
    }
}
