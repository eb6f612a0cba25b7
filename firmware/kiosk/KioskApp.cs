using Quartier.Board;
using Quartier.Provisioning;
using Quartier.Screen;
using Quartier.Wire;

namespace Quartier.Kiosk
{
    /// <summary>An info screen. Call <see cref="Step"/> at the time it asked for, or earlier when an input changed. Draws only when
    /// what a reader sees has changed; an idle step allocates nothing.</summary>
    public sealed class KioskApp
    {
        private const long IdlePollMs = 1000;
        private const long BusyPollMs = 50;
        /// <summary>Messages come in bursts: the next one waits only for the keys.</summary>
        private const long HeardPollMs = 1;
        private const long PagingMs = 10000;
        private const long PagingAfterKeyMs = 30000;
        private const int BacklightFull = 100;
        private const int BacklightStandby = 35;
        /// <summary>A visit is over then, also where staff want no standby.</summary>
        private const long VisitMs = 180000;
        /// <summary>Nobody is cut off by a restart that can wait.</summary>
        private const long NoHandMs = 60000;

        private readonly KioskBoard board;
        private readonly ServicePort servicePort;
        private readonly TlsSwitch way;
        private readonly CatalogueStore store;
        private readonly ScreenMemory memory;
        private readonly ScreenDialogue dialogue;
        private readonly ContentAge age = new ContentAge();
        private readonly Usage usage = new Usage();
        private readonly Words words = new Words();
        private readonly KioskView view = new KioskView();
        private readonly Situation now = new Situation();
        private readonly Agenda agenda = new Agenda();
        private readonly Frame frame;
        private readonly Navigator navigator;
        private readonly RowsPage rows;
        private readonly DetailPage detail;
        private readonly EmergencyPage emergency;
        private CatalogueEntry shownEntry;
        private bool redraw = true;
        /// <summary>Nobody has pressed a key for a while: the screen is back at its start.</summary>
        private bool resting;
        /// <summary>And it is dimmed.</summary>
        private bool standby;
        private long keyAtMs;
        private long pageTurnAtMs;
        private long minuteDrawn = -1;
        private int agendaMinute = -1;
        private Catalogue agendaCatalogue;
        private Page agendaPage;
        private int agendaCategory;
        private bool agendaTimeKnown;

        /// <summary>A screen that takes no root from its gateway.</summary>
        public KioskApp(KioskBoard board, ICanvas canvas, string deviceId, string firmware)
            : this(board, canvas, deviceId, firmware, null)
        {
        }

        /// <param name="deviceId">Null or empty to take the identity that provisioning wrote to flash; without one the screen says
        /// that it is being set up, and still shows the emergency numbers.</param>
        /// <param name="firmware">Version for hello, 1 to 32 bytes.</param>
        /// <param name="way">How this start reaches the gateway; null for a screen that takes no root from it.</param>
        public KioskApp(KioskBoard board, ICanvas canvas, string deviceId, string firmware, TlsSwitch way)
        {
            this.board = board;
            this.way = way;
            servicePort = new ServicePort(board.ServicePort, board.Wifi, board.Flash, IdentityKind.Screen, firmware);
            string id = string.IsNullOrEmpty(deviceId) && servicePort.Identity != null ? servicePort.Identity.DeviceId : deviceId;
            store = new CatalogueStore(board.Flash);
            memory = new ScreenMemory(board.Flash);
            if (ScreenTopics.IsDeviceId(id))
            {
                Outbox outbox = new Outbox(board.Link, board.Flash);
                RootDialogue roots = way == null || !way.CanTake ? null : new RootDialogue(board, way, outbox, id);
                dialogue = new ScreenDialogue(board, id, firmware, store, memory, outbox, usage, age, roots);
            }

            TypeScale type = new TypeScale(board.Panel.PitchMicrometres, TypeScale.StandingReaderMillimetres);
            frame = new Frame(canvas, type, words);
            OfferWords offers = new OfferWords(words);
            navigator = new Navigator(view, frame, words);
            rows = new RowsPage(frame, offers, store);
            detail = new DetailPage(frame, offers);
            emergency = new EmergencyPage(frame);
            words.Language = FirstLanguage();
            board.Panel.SetBacklight(BacklightFull);
            store.Open();
        }

        /// <summary>Where the reader is; a preview may open a page here and call <see cref="Refresh"/>.</summary>
        public KioskView View
        {
            get { return view; }
        }

        public Words Words
        {
            get { return words; }
        }

        public Catalogue Catalogue
        {
            get { return store.Current; }
        }

        /// <summary>Draws the page again at the next step.</summary>
        public void Refresh()
        {
            redraw = true;
        }

        /// <returns>The uptime at which it next wants to run.</returns>
        public long Step(long uptimeMs)
        {
            board.Watchdog.Feed();
            long serviceMs = servicePort.Step(uptimeMs);
            bool canWait = serviceMs == long.MaxValue && uptimeMs - keyAtMs >= NoHandMs;
            if (servicePort.TakeIdentityChanged() || (canWait && way != null && way.WantsRestart))
            {
                board.Power.Restart();
            }

            store.Step();
            Observe(uptimeMs);
            if (dialogue != null)
            {
                redraw |= dialogue.Step(uptimeMs, now.TimeKnown, now.UnixSeconds, view.Page);
            }

            ReadKeys(uptimeMs);
            Drift(uptimeMs);
            bool codePending = (view.Page == Page.Detail || view.Page == Page.Code) && detail.CodePending;
            if (codePending && detail.StepCode())
            {
                redraw = true;
            }

            Draw();
            bool busy = codePending || !store.Ready || (dialogue != null && dialogue.Busy);
            bool heard = dialogue != null && dialogue.HasHeard;
            long next = uptimeMs + (heard ? HeardPollMs : busy ? BusyPollMs : IdlePollMs);
            return serviceMs < next ? serviceMs : next;
        }

        /// <summary>Shows the first offer whose id begins so; for an empty id the first that is on now or comes next.</summary>
        /// <returns>False when there is none.</returns>
        public bool OpenOffer(string id, long uptimeMs)
        {
            if (OpenListed(id, uptimeMs))
            {
                return true;
            }

            // An offer without a date stands under its heading only.
            for (int category = 0; category < Categories.Count; category++)
            {
                view.Category = category;
                view.Open(Page.List);
                if (OpenListed(id, uptimeMs))
                {
                    return true;
                }
            }

            view.Open(Page.Now);
            return false;
        }

        private bool OpenListed(string id, long uptimeMs)
        {
            FillAgenda(true);
            bool first = id.Length == 0;
            for (int i = 0; i < agenda.Count; i++)
            {
                CatalogueEntry entry;
                if (store.TryGet(now.Catalogue.Digests.Packed, agenda.Entry(i) * DigestList.DigestBytes, out entry)
                    && (first || entry.Id.StartsWith(id)))
                {
                    OpenRow(i, uptimeMs);
                    return true;
                }
            }

            return false;
        }

        private void Observe(long uptimeMs)
        {
            long utc;
            bool known = board.Clock.TryGetUtc(out utc);
            long past = memory.ConfirmedUnixSeconds > store.Current.IssuedUnixSeconds ? memory.ConfirmedUnixSeconds : store.Current.IssuedUnixSeconds;
            redraw |= known != now.TimeKnown;
            now.TimeKnown = known;
            now.UnixSeconds = known ? utc : past;
            now.Provisioned = dialogue != null;
            now.Catalogue = store.Current;
            now.Settings = memory.Settings;
            bool stale = now.Stale;
            now.ContentAgeSeconds = age.Seconds(uptimeMs, known, utc, past);
            redraw |= stale != now.Stale;
            ScreenNotice notice = memory.Notice;
            if (notice != null && known && notice.UntilUnixSeconds <= utc)
            {
                notice = null;
            }

            redraw |= notice != now.Notice;
            now.Notice = notice;
        }

        private void ReadKeys(long uptimeMs)
        {
            Key key;
            int x;
            int y;
            while (board.Keys.TryRead(out key, out x, out y))
            {
                keyAtMs = uptimeMs;
                resting = false;
                pageTurnAtMs = uptimeMs + PagingAfterKeyMs;
                redraw = true;
                if (standby)
                {
                    // The first press only wakes the screen: nobody could see what it would have done.
                    standby = false;
                    board.Panel.SetBacklight(BacklightFull);
                    continue;
                }

                navigator.Press(key, x, y, memory.Settings.Languages);
                if (navigator.SelectedRow >= 0)
                {
                    OpenRow(navigator.SelectedRow, uptimeMs);
                }
            }
        }

        private void OpenRow(int row, long uptimeMs)
        {
            if (view.Page == Page.Categories)
            {
                view.Category = rows.CategoryAt(row);
                view.Open(Page.List);
                return;
            }

            if (row >= agenda.Count
                || !store.TryGet(now.Catalogue.Digests.Packed, agenda.Entry(row) * DigestList.DigestBytes, out shownEntry))
            {
                return;
            }

            view.Before = view.Page == Page.List ? Page.List : Page.Now;
            view.Entry = agenda.Entry(row);
            view.Time = agenda.Time(row);
            view.Open(Page.Detail);
            detail.Open(shownEntry);
            usage.Opened(shownEntry.Category, now.TimeKnown, now.UnixSeconds);
            redraw = true;
        }

        /// <summary>What happens without a hand: pages turn slowly, and after a while the screen goes back to its start and dims.</summary>
        private void Drift(long uptimeMs)
        {
            long standbyMs = memory.Settings.StandbyMinutes * 60000L;
            if (!resting && uptimeMs - keyAtMs >= (standbyMs > 0 ? standbyMs : VisitMs))
            {
                resting = true;
                usage.EndVisit();
                words.Language = FirstLanguage();
                view.Open(Page.Now);
                redraw = true;
                if (standbyMs > 0)
                {
                    standby = true;
                    board.Panel.SetBacklight(BacklightStandby);
                }
            }

            if (view.Page != Page.Now || view.PartCount < 2)
            {
                pageTurnAtMs = uptimeMs + PagingMs;
            }
            else if (uptimeMs >= pageTurnAtMs)
            {
                pageTurnAtMs = uptimeMs + PagingMs;
                navigator.TurnPart();
                redraw = true;
            }
        }

        private string FirstLanguage()
        {
            string[] languages = memory.Settings.Languages;
            for (int i = 0; i < languages.Length; i++)
            {
                if (Navigator.IsSpoken(languages[i]))
                {
                    return languages[i];
                }
            }

            return "de";
        }

        private void Draw()
        {
            int minute = (int)(now.UnixSeconds / 60);
            bool wentBack = minute < agendaMinute;
            bool contentChanged = now.Catalogue != agendaCatalogue || (now.TimeKnown && (wentBack || minute >= agenda.NextChangeUnixMinute));
            if (contentChanged)
            {
                LeaveVanishedOffer();
            }

            // The age of the content and words like "jetzt" move with the minute; without a clock only the age does.
            long shown = now.TimeKnown ? minute : now.ContentAgeSeconds / 60;
            if (redraw || contentChanged || shown != minuteDrawn)
            {
                redraw = false;
                now.Local.Set(now.UnixSeconds);
                now.Loading = store.Loading;
                FillAgenda(wentBack);
                DrawPage();
                minuteDrawn = shown;
            }
        }

        /// <summary>An offer that is over, or gone from a new catalogue, must not stay open; one that is still there does.</summary>
        private void LeaveVanishedOffer()
        {
            if (view.Page != Page.Detail && view.Page != Page.Code)
            {
                return;
            }

            if (now.Catalogue != agendaCatalogue)
            {
                view.Entry = now.Catalogue.Digests.IndexOf(agendaCatalogue.Digests.Packed, view.Entry * DigestList.DigestBytes);
            }

            bool dated = view.Entry >= 0 && now.Catalogue.TimeCount(view.Entry) > 0;
            view.Time = dated ? now.Catalogue.CurrentOrNext(view.Entry, (int)(now.UnixSeconds / 60)) : -1;
            if (view.Entry < 0 || (dated && view.Time < 0))
            {
                view.Open(Page.Now);
            }
        }

        private void FillAgenda(bool always)
        {
            int minute = (int)(now.UnixSeconds / 60);
            bool listPage = view.Page == Page.List || ((view.Page == Page.Detail || view.Page == Page.Code) && view.Before == Page.List);
            int category = listPage ? view.Category : Agenda.AllCategories;
            agendaMinute = minute;
            if (!always && agendaCatalogue == now.Catalogue && agendaCategory == category && agendaTimeKnown == now.TimeKnown && agendaPage == view.Page
                && minute < agenda.NextChangeUnixMinute)
            {
                return;
            }

            agenda.Fill(now.Catalogue, category, minute, now.TimeKnown);
            agendaCatalogue = now.Catalogue;
            agendaCategory = category;
            agendaTimeKnown = now.TimeKnown;
            agendaPage = view.Page;
        }

        private void DrawPage()
        {
            switch (view.Page)
            {
                case Page.Categories:
                    rows.DrawCategories(view, now, agenda);
                    break;
                case Page.List:
                    rows.DrawList(view, now, agenda);
                    break;
                case Page.Detail:
                    detail.Draw(view, now, shownEntry);
                    break;
                case Page.Code:
                    detail.DrawCodePage(view, now, shownEntry);
                    break;
                case Page.Emergency:
                    emergency.Draw(view, now);
                    break;
                default:
                    rows.DrawNow(view, now, agenda);
                    break;
            }
        }
    }
}
