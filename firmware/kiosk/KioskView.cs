namespace Quartier.Kiosk
{
    public enum Page
    {
        Now = 0,
        Categories = 1,
        List = 2,
        Detail = 3,
        Code = 4,
        Emergency = 5,
    }

    /// <summary>As telemetry calls them.</summary>
    public static class PageNames
    {
        public static string Of(Page page)
        {
            switch (page)
            {
                case Page.Now: return "now";
                case Page.Categories: return "categories";
                case Page.List: return "list";
                case Page.Detail: return "detail";
                case Page.Code: return "code";
                default: return "emergency";
            }
        }
    }

    /// <summary>What the three buttons at the foot of a page can do.</summary>
    public enum Button
    {
        None = 0,
        Back = 1,
        Categories = 2,
        Language = 3,
        Emergency = 4,
        More = 5,
        Code = 6,
    }

    /// <summary>Where the reader is: page, part of it, and which thing a press of Select would open.</summary>
    public sealed class KioskView
    {
        public const int NoFocus = -1;
        public const int ButtonsMax = 3;

        public Page Page;
        /// <summary>The page that Back returns to from an offer.</summary>
        public Page Before;
        public int Category;
        /// <summary>The offer on Detail and Code: its number in the catalogue and its occurrence.</summary>
        public int Entry;
        public int Time;
        /// <summary>Rows first, then buttons; <see cref="NoFocus"/> until a key is pressed.</summary>
        public int Focus = NoFocus;
        /// <summary>Part of a page that does not fit at once, from 0.</summary>
        public int Part;

        // What the page last drawn consists of; filled by the pages, read by the keys.
        public int PartCount = 1;
        public int RowCount;
        public int RowsPerPart = 1;
        public int ButtonCount;
        public readonly Button[] Buttons = new Button[ButtonsMax];

        public int FocusCount
        {
            get { return RowCount + ButtonCount; }
        }

        public void Open(Page page)
        {
            Page = page;
            Focus = NoFocus;
            Part = 0;
        }

        public void SetButtons(Button first, Button second, Button third)
        {
            ButtonCount = 0;
            AddButton(first);
            AddButton(second);
            AddButton(third);
        }

        private void AddButton(Button button)
        {
            if (button != Button.None)
            {
                Buttons[ButtonCount] = button;
                ButtonCount++;
            }
        }
    }
}
