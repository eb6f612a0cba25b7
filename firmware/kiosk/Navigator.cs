using Quartier.Board;

namespace Quartier.Kiosk
{
    /// <summary>Turns keys and touches into moves between pages. Previous and Next walk through rows and buttons in a ring,
    /// Select opens; a touch does both at once.</summary>
    public sealed class Navigator
    {
        private readonly KioskView view;
        private readonly Frame frame;
        private readonly Words words;

        public Navigator(KioskView view, Frame frame, Words words)
        {
            this.view = view;
            this.frame = frame;
            this.words = words;
        }

        /// <summary>A row was selected; the application knows what it stands for. -1 when none was.</summary>
        public int SelectedRow { get; private set; } = -1;

        public void Press(Key key, int x, int y, string[] languages)
        {
            SelectedRow = -1;
            switch (key)
            {
                case Key.Previous:
                    Move(-1);
                    break;
                case Key.Next:
                    Move(1);
                    break;
                case Key.Select:
                    Activate(view.Focus < 0 ? 0 : view.Focus, languages);
                    break;
                case Key.Touch:
                    Touch(x, y, languages);
                    break;
                default:
                    break;
            }
        }

        /// <summary>Turns to the next part of the page, from the last to the first.</summary>
        public void TurnPart()
        {
            view.Focus = KioskView.NoFocus;
            view.Part = view.Part + 1 < view.PartCount ? view.Part + 1 : 0;
        }

        public void NextLanguage(string[] languages)
        {
            int at = 0;
            for (int i = 0; i < languages.Length; i++)
            {
                if (languages[i] == words.Language)
                {
                    at = i;
                }
            }

            for (int i = 1; i <= languages.Length; i++)
            {
                string candidate = languages[(at + i) % languages.Length];
                if (IsSpoken(candidate))
                {
                    words.Language = candidate;
                    return;
                }
            }
        }

        /// <summary>Languages for which the screen has words of its own.</summary>
        public static bool IsSpoken(string language)
        {
            return language == "de" || language == "en";
        }

        private void Move(int direction)
        {
            if (view.FocusCount == 0)
            {
                return;
            }

            if (view.Focus < 0)
            {
                int firstShown = view.RowCount > 0 ? view.Part * view.RowsPerPart : 0;
                view.Focus = direction > 0 ? firstShown : view.FocusCount - 1;
                return;
            }

            view.Focus = (view.Focus + direction + view.FocusCount) % view.FocusCount;
        }

        private void Touch(int x, int y, string[] languages)
        {
            int hit = frame.Hit(x, y);
            if (hit == Frame.HitPart)
            {
                TurnPart();
            }
            else if (hit >= 0)
            {
                Activate(hit, languages);
                view.Focus = KioskView.NoFocus;
            }
        }

        private void Activate(int focus, string[] languages)
        {
            if (focus < view.RowCount)
            {
                SelectedRow = focus;
                return;
            }

            int button = focus - view.RowCount;
            if (button >= view.ButtonCount)
            {
                return;
            }

            switch (view.Buttons[button])
            {
                case Button.Back:
                    Back();
                    break;
                case Button.Categories:
                    view.Open(Page.Categories);
                    break;
                case Button.Emergency:
                    view.Open(Page.Emergency);
                    break;
                case Button.Language:
                    NextLanguage(languages);
                    break;
                case Button.More:
                    view.Part = view.Part + 1 < view.PartCount ? view.Part + 1 : 0;
                    break;
                case Button.Code:
                    view.Open(Page.Code);
                    break;
                default:
                    break;
            }
        }

        private void Back()
        {
            switch (view.Page)
            {
                case Page.Code:
                    view.Open(Page.Detail);
                    break;
                case Page.Detail:
                    view.Open(view.Before);
                    break;
                case Page.List:
                    view.Open(Page.Categories);
                    break;
                default:
                    view.Open(Page.Now);
                    break;
            }
        }
    }
}
