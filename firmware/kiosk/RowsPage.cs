using Quartier.Screen;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>Now-and-next, the offers of a category, and the list of categories: rows with a coloured sign, a word and a line below.</summary>
    public sealed class RowsPage
    {
        private readonly Frame frame;
        private readonly OfferWords offers;
        private readonly CatalogueStore store;
        private readonly int[] counts = new int[Categories.Count];
        private readonly int[] listed = new int[Categories.Count];
        private int listedCount;

        public RowsPage(Frame frame, OfferWords offers, CatalogueStore store)
        {
            this.frame = frame;
            this.offers = offers;
            this.store = store;
        }

        /// <summary>The category that the n-th row of the last drawn list of categories stands for.</summary>
        public int CategoryAt(int row)
        {
            return listed[row];
        }

        public void DrawNow(KioskView view, Situation at, Agenda agenda)
        {
            string title = at.TimeKnown ? frame.Words.LongDate(at.Local) : frame.Words.Text("Angebote", "What's on");
            string shorter = at.TimeKnown ? frame.Words.ShortDate(at.Local) : title;
            frame.Begin(title, shorter, '\0', Theme.Bar, at, true);
            view.SetButtons(Button.Categories, Button.Language, Button.Emergency);
            DrawOffers(view, at, agenda);
            frame.End(view, at);
        }

        public void DrawList(KioskView view, Situation at, Agenda agenda)
        {
            string name = Categories.Name(view.Category, frame.Words.English);
            frame.Begin(name, name, Categories.Sign(view.Category), Theme.Category(view.Category), at, false);
            view.SetButtons(Button.Back, Button.Language, Button.Emergency);
            DrawOffers(view, at, agenda);
            frame.End(view, at);
        }

        public void DrawCategories(KioskView view, Situation at, Agenda all)
        {
            string title = frame.Words.Text("Themen", "Topics");
            frame.Begin(title, title, '\0', Theme.Bar, at, false);
            view.SetButtons(Button.Back, Button.Language, Button.Emergency);
            CountCategories(at, all);
            int height = frame.Canvas.LineHeight(frame.Type.Strong) + (2 * frame.Gap);
            Divide(view, listedCount, height);
            if (listedCount == 0)
            {
                DrawEmpty(at);
            }

            int first = view.Part * view.RowsPerPart;
            for (int i = first; i < listedCount && i < first + view.RowsPerPart; i++)
            {
                DrawCategory(view, i, frame.Top + ((i - first) * RowHeight(view)), RowHeight(view));
            }

            frame.End(view, at);
        }

        private int RowHeight(KioskView view)
        {
            return (frame.Bottom - frame.Top) / view.RowsPerPart;
        }

        private void CountCategories(Situation at, Agenda agenda)
        {
            for (int i = 0; i < counts.Length; i++)
            {
                counts[i] = 0;
            }

            for (int i = 0; i < at.Catalogue.Count; i++)
            {
                bool dated = at.Catalogue.TimeCount(i) > 0;
                if (!dated || at.Catalogue.CurrentOrNext(i, (int)(at.UnixSeconds / 60)) >= 0)
                {
                    counts[at.Catalogue.Category(i)]++;
                }
            }

            listedCount = 0;
            for (int i = 0; i < counts.Length; i++)
            {
                if (counts[i] > 0)
                {
                    listed[listedCount] = i;
                    listedCount++;
                }
            }
        }

        private void DrawOffers(KioskView view, Situation at, Agenda agenda)
        {
            int lines = frame.Canvas.LineHeight(frame.Type.Strong) + frame.Canvas.LineHeight(frame.Type.Body);
            Divide(view, agenda.Count, lines + (frame.Gap / 2));
            if (agenda.Count == 0)
            {
                DrawEmpty(at);
                return;
            }

            int first = view.Part * view.RowsPerPart;
            int height = RowHeight(view);
            for (int i = first; i < agenda.Count && i < first + view.RowsPerPart; i++)
            {
                DrawOffer(view, at, agenda, i, frame.Top + ((i - first) * height), height, lines);
            }
        }

        private void Divide(KioskView view, int rows, int height)
        {
            int fit = (frame.Bottom - frame.Top) / height;
            view.RowsPerPart = fit < 1 ? 1 : fit;
            view.RowCount = rows;
            view.PartCount = rows == 0 ? 1 : (rows + view.RowsPerPart - 1) / view.RowsPerPart;
            if (view.Focus >= 0 && view.Focus < rows)
            {
                view.Part = view.Focus / view.RowsPerPart;
            }

            if (view.Part >= view.PartCount)
            {
                view.Part = 0;
            }
        }

        private void DrawRowGround(KioskView view, int row, int y, int height)
        {
            if (view.Focus == row)
            {
                frame.Canvas.FillRectangle(0, y, frame.Canvas.Width, height - 1, Theme.Selected);
            }

            frame.Canvas.FillRectangle(0, y + height - 1, frame.Canvas.Width, 1, Theme.Line);
            frame.AddHit(0, y, frame.Canvas.Width, y + height, row);
        }

        /// <returns>Where the words may begin.</returns>
        private int DrawTile(int category, int y, int height)
        {
            int side = frame.Canvas.LineHeight(frame.Type.Title) + frame.Gap;
            int tile = height - frame.Gap < side ? height - frame.Gap : side;
            int top = y + ((height - 1 - tile) / 2);
            frame.Canvas.FillRectangle(frame.Gap, top, tile, tile, Theme.Category(category));
            char sign = Categories.Sign(category);
            int font = tile >= frame.Canvas.LineHeight(frame.Type.Title) ? frame.Type.Title : frame.Type.Strong;
            int x = frame.Gap + ((tile - frame.Canvas.MeasureGlyph(sign, font)) / 2);
            frame.DrawSign(sign, font, 0xFFFFFF, x, top + ((tile - frame.Canvas.LineHeight(font)) / 2));
            return frame.Gap + tile + frame.Gap + (frame.Gap / 2);
        }

        private void DrawCategory(KioskView view, int row, int y, int height)
        {
            int category = listed[row];
            DrawRowGround(view, row, y, height);
            int x = DrawTile(category, y, height);
            int line = frame.Canvas.LineHeight(frame.Type.Strong);
            string count = "" + counts[category];
            int countX = frame.Canvas.Width - (2 * frame.Gap) - frame.Canvas.MeasureText(count, frame.Type.Body);
            int top = y + ((height - line) / 2);
            frame.DrawLine(Categories.Name(category, frame.Words.English), frame.Type.Strong, Theme.Ink, x, top, countX - frame.Gap - x);
            int drop = frame.Canvas.Ascent(frame.Type.Strong) - frame.Canvas.Ascent(frame.Type.Body);
            frame.Canvas.DrawText(count, frame.Type.Body, Theme.InkQuiet, countX, top + drop);
        }

        private void DrawOffer(KioskView view, Situation at, Agenda agenda, int row, int y, int height, int lines)
        {
            int number = agenda.Entry(row);
            DrawRowGround(view, row, y, height);
            CatalogueEntry entry;
            if (!store.TryGet(at.Catalogue.Digests.Packed, number * DigestList.DigestBytes, out entry))
            {
                return;
            }

            int x = DrawTile(entry.Category, y, height);
            int width = frame.Canvas.Width - frame.Gap - x;
            int top = y + ((height - lines) / 2);
            frame.DrawLine(entry.Titles[offers.LanguageOf(entry)], frame.Type.Strong, Theme.Ink, x, top, width);
            DrawWhen(at, agenda, row, entry, x, top + frame.Canvas.LineHeight(frame.Type.Strong), width);
        }

        /// <summary>The date in the fullest form that fits, then the place if there is room for all of it.</summary>
        private void DrawWhen(Situation at, Agenda agenda, int row, CatalogueEntry entry, int x, int y, int width)
        {
            int number = agenda.Entry(row);
            int time = agenda.Time(row);
            bool now = offers.IsNow(at.Catalogue, number, time, at.TimeKnown, at.UnixSeconds);
            int font = now ? frame.Type.Strong : frame.Type.Body;
            string when = "";
            for (int brevity = 0; brevity < 3; brevity++)
            {
                when = offers.When(at.Catalogue, number, time, at.TimeKnown, at.UnixSeconds, brevity);
                if (frame.Canvas.MeasureText(when, font) <= width)
                {
                    break;
                }
            }

            int used = frame.Canvas.MeasureText(when, font);
            if (used > width)
            {
                font = frame.Type.Fine;
                used = frame.Canvas.MeasureText(when, font);
            }

            frame.Canvas.DrawText(when, font, now ? Theme.Category(entry.Category) : Theme.InkQuiet, x, y);
            string place = when.Length == 0 ? (entry.Place.Length > 0 ? entry.Place : entry.Provider) : entry.Place.Length > 0 ? " · " + entry.Place : "";
            if (when.Length == 0)
            {
                frame.DrawLine(place, frame.Type.Body, Theme.InkQuiet, x, y, width);
            }
            else if (used + frame.Canvas.MeasureText(place, frame.Type.Fine) <= width)
            {
                int drop = frame.Canvas.Ascent(font) - frame.Canvas.Ascent(frame.Type.Fine);
                frame.Canvas.DrawText(place, frame.Type.Fine, Theme.InkQuiet, x + used, y + drop);
            }
        }

        private void DrawEmpty(Situation at)
        {
            string title = at.Loading ? frame.Words.Text("Angebote werden geladen …", "Loading offers …")
                : !at.Provisioned ? frame.Words.Text("Dieser Bildschirm wird gerade eingerichtet.", "This screen is being set up.")
                : at.Catalogue.Digest.Length == 0 ? frame.Words.Text("Die Angebote sind noch nicht angekommen.", "The offers have not arrived yet.")
                : frame.Words.Text("Zurzeit gibt es hier keine Angebote.", "There are no offers here at the moment.");
            string ask = frame.Words.Text("Bitte fragen Sie im Haus.", "Please ask in the house.");
            string text = at.Loading || !at.Provisioned ? "" : ask + frame.Words.Text(" Wichtige Nummern finden Sie unter Notruf.", " Important numbers are under Help.");
            int width = frame.Canvas.Width - (4 * frame.Gap);
            frame.Block.Wrap(frame.Canvas, title, frame.Type.Title, width, 3);
            int y = frame.Top + (3 * frame.Gap);
            y = frame.Block.Draw(Theme.Ink, 2 * frame.Gap, y) + frame.Gap;
            int lines = (frame.Bottom - y) / frame.Canvas.LineHeight(frame.Type.Body);
            frame.Block.Wrap(frame.Canvas, text, frame.Type.Body, width, lines);
            if (frame.Block.Cut)
            {
                frame.Block.Wrap(frame.Canvas, ask, frame.Type.Body, width, lines);
            }

            frame.Block.Draw(Theme.InkQuiet, 2 * frame.Gap, y);
        }
    }
}
