using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>Calendars as they are found in the field, import after import on one store.</summary>
public sealed class CalendarFieldTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 28, 8, 0);
    private const string Weekly = "DTSTART{B}:20261203T120000|DTEND{B}:20261203T133000|SUMMARY:Mittagstisch|LOCATION:Haus Nord|RRULE:FREQ=WEEKLY;COUNT=4";
    private const string Second = "RECURRENCE-ID{B}:20261210T120000|DTSTART{B}:20261210T120000|DTEND{B}:20261210T133000|";

    private readonly string folder = StoreFolder.Create("calendar").FullName;
    private readonly Database database;

    public CalendarFieldTests() => database = Database.Open(folder, Tables.All, Durability.None);

    public void Dispose()
    {
        database.Dispose();
        Directory.Delete(folder, true);
    }

    [Fact]
    public void An_entry_that_a_calendar_names_no_more_leaves_the_screens_and_is_named_in_the_report()
    {
        Import(Single("a", "Wohngeld"), Single("b", "Kleiderkammer"));
        Assert.Equal("unchanged a, withdrawn b vanished", Import(Single("a", "Wohngeld")));
        Assert.Equal(["Wohngeld 2026-12-15T10:00"], Shown());
        Assert.Equal("changed b, unchanged a", Import(Single("a", "Wohngeld"), Single("b", "Kleiderkammer")));
        Assert.Equal(2, Shown().Count);
    }

    [Fact]
    public void What_is_over_is_not_reported_as_vanished()
    {
        Import(Event("alt", "DTSTART{B}:20261101T100000|SUMMARY:War schon"), Single("a", "Wohngeld"));
        Assert.Equal("unchanged a", Import(Single("a", "Wohngeld")));
    }

    [Fact]
    public void An_entry_that_cannot_be_read_this_time_has_not_vanished()
    {
        Import(Single("a", "Wohngeld"), Single("b", "Kleiderkammer"));
        Assert.Equal("skipped b malformed-date, unchanged a", Import(Single("a", "Wohngeld"), Event("b", "DTSTART:morgen|SUMMARY:Kleiderkammer")));
        Assert.Equal(2, Shown().Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("BEGIN:VTODO\nUID:t\nSUMMARY:Aufgabe\nEND:VTODO\n")]
    public void An_empty_calendar_is_told_and_withdraws_nothing(string rest)
    {
        Import(Single("a", "Wohngeld"));
        var report = Run(rest);
        Assert.Equal(["calendar-empty"], report.Warnings);
        Assert.Single(Shown());
    }

    [Fact]
    public void A_cancelling_calendar_withdraws_what_it_names_and_nothing_else()
    {
        Import(Single("a", "Wohngeld"), Single("b", "Kleiderkammer"));
        Assert.Equal("skipped a cancelled, withdrawn a cancelled", Import("METHOD:CANCEL\n", Single("a", "Wohngeld")));
        Assert.Equal(["Kleiderkammer 2026-12-15T10:00"], Shown());
    }

    [Fact]
    public void A_cancelling_calendar_with_a_single_date_takes_only_that_date()
    {
        Import(Event("u", Weekly));
        Assert.Equal("changed u, skipped u cancelled", Import("METHOD:CANCEL\n", Event("u", Second + "SUMMARY:Mittagstisch")));
        Assert.Equal(["Mittagstisch 2026-12-03T12:00 2026-12-17T12:00 2026-12-24T12:00"], Shown());
    }

    [Theory]
    [InlineData("METHOD:REQUEST\n")]
    [InlineData("METHOD:ADD\n")]
    public void A_calendar_that_speaks_of_single_events_withdraws_nothing(string method)
    {
        Import(Single("a", "Wohngeld"));
        Assert.Equal("added b", Import(method, Single("b", "Kleiderkammer")));
        Assert.Equal(2, Shown().Count);
    }

    [Theory]
    [InlineData("CLASS:PRIVATE")]
    [InlineData("CLASS:CONFIDENTIAL")]
    [InlineData("class:private")]
    [InlineData("CLASS:X-INTERN")] // RFC 5545 §3.8.1.3: what is not known is private.
    [InlineData("CLASS PRIVATE")] // A broken line.
    [InlineData("X-CALENDARSERVER-ACCESS:RESTRICTED")]
    public void A_private_entry_is_left_out_with_its_reason_and_without_its_title(string line)
    {
        var report = Run(Event("p", $"DTSTART{{B}}:20261209T080000|SUMMARY:Arzttermin|{line}") + Event("o", "DTSTART{B}:20261209T150000|SUMMARY:Spieletreff|CLASS:PUBLIC"));
        Assert.Equal(["o added  Spieletreff", "p skipped private "], report.Lines.Select(entry => $"{entry.Item} {entry.Status} {entry.Reason} {entry.Title}").Order());
        Assert.DoesNotContain("Arzttermin", OfferJson.Write(database.Read(OffersTable.All)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_that_becomes_private_leaves_the_screens()
    {
        Import(Single("a", "Wohngeld"), Event("u", Weekly));
        Assert.Equal("changed u, skipped a private, withdrawn a private", Import(Event("a", "DTSTART{B}:20261215T100000|SUMMARY:Wohngeld|CLASS:PRIVATE"), Event("u", Weekly), Event("u", Second + "SUMMARY:Geheim|CLASS:PRIVATE")));
        Assert.Equal(["Mittagstisch 2026-12-03T12:00 2026-12-17T12:00 2026-12-24T12:00"], Shown());
    }

    [Fact]
    public void Dates_that_share_a_uid_without_recurrence_id_are_all_kept()
    {
        Assert.Equal("added u", Import(Course("20261201"), Course("20261208"), Course("20261215")));
        Assert.Equal(["Deutsch 2026-12-01T18:00 2026-12-08T18:00 2026-12-15T18:00"], Shown());
        Assert.Equal("changed u", Import(Course("20261208"), Course("20261215")));
        Assert.Equal(["Deutsch 2026-12-08T18:00 2026-12-15T18:00"], Shown());
        Assert.Equal("added u @ 20261222T180000, changed u", Import(Course("20261215"), Course("20261222", "Prüfung")));
        Assert.Equal("changed u, withdrawn u @ 20261222T180000 vanished", Import(Course("20261208"), Course("20261215")));
    }

    [Fact]
    public void One_date_of_several_that_share_a_uid_may_be_called_off_or_private()
    {
        Import(Course("20261201"), Course("20261208", "Abgesagt: Deutsch"), Event("u", "DTSTART{B}:20261215T180000|SUMMARY:Deutsch|CLASS:PRIVATE"));
        Assert.Equal(["Deutsch 2026-12-01T18:00"], Shown());
    }

    [Theory]
    [InlineData("SUMMARY:ENTFÄLLT: Mittagstisch")]
    [InlineData("SUMMARY:Mittagstisch|STATUS:CANCELLED")]
    [InlineData("SUMMARY:Fällt aus: Mittagstisch|LOCATION:Stadthalle")]
    public void A_single_date_that_is_called_off_by_title_or_status_is_gone(string lines)
    {
        Import(Event("u", Weekly), Event("u", Second + lines));
        Assert.Equal(["Mittagstisch 2026-12-03T12:00 2026-12-17T12:00 2026-12-24T12:00"], Shown());
    }

    [Fact]
    public void A_single_date_with_its_own_title_or_place_is_an_entry_of_its_own()
    {
        Import(Event("u", Weekly), Event("u", Second + "SUMMARY:Mittagstisch (Weihnachtsessen)|LOCATION:Stadthalle Süd"));
        Assert.Equal(["Mittagstisch (Weihnachtsessen) 2026-12-10T12:00", "Mittagstisch 2026-12-03T12:00 2026-12-17T12:00 2026-12-24T12:00"], Shown());
        var own = database.Read(OffersTable.All).Single(offer => offer.Items[0].Title != "Mittagstisch").Items[0];
        Assert.Equal("Stadthalle Süd", own.Place);
        Assert.Empty(ScheduleRules.CalledOff(database.Read(OffersTable.All).Single(offer => offer.Items[0].Title == "Mittagstisch").Items[0].Schedule, Instant.MinValue, Instant.MaxValue));

        Assert.Equal("changed u, withdrawn u @ 20261210T120000 vanished", Import(Event("u", Weekly)));
        Assert.Equal(["Mittagstisch 2026-12-03T12:00 2026-12-10T12:00 2026-12-17T12:00 2026-12-24T12:00"], Shown());
    }

    [Fact]
    public void A_cancelled_series_takes_its_own_dates_with_it()
    {
        Import(Event("u", Weekly), Event("u", Second + "SUMMARY:Weihnachtsessen"));
        Import("METHOD:CANCEL\n", Event("u", Weekly));
        Assert.Empty(Shown());
    }

    [Fact]
    public void A_single_date_that_only_moves_stays_in_its_series()
    {
        Import(Event("u", Weekly), Event("u", "RECURRENCE-ID{B}:20261210T120000|DTSTART{B}:20261211T120000|SUMMARY:mittagstisch "));
        Assert.Equal(["Mittagstisch 2026-12-03T12:00 2026-12-11T12:00 2026-12-17T12:00 2026-12-24T12:00"], Shown());
    }

    [Fact]
    public void A_broken_line_is_a_warning_and_the_rest_is_read()
    {
        var report = Run("ganz kaputt\n" + Event("k", "DTSTART{B}:20261205T100000|SUMMARY:Schwimmkurs|DESCRIPTION:Bitte mitbringen|Handtuch und Badekappe|X-A;B=\"offen:1") + Single("a", "Filmabend"));
        Assert.Equal(["line-malformed: line 4", "line-malformed: k (line 11)", "line-malformed: k (line 12)"], report.Warnings);
        Assert.Equal(2, Shown().Count);
    }

    [Fact]
    public void A_file_of_broken_lines_is_no_calendar()
    {
        var report = Run(string.Concat(Enumerable.Repeat("\u0001\u0002\n", 300)));
        Assert.Equal(RefusalClass.NotWellFormed, report.Refusal!.Class);
    }

    [Theory]
    [InlineData("Elterncaf&eacute; &amp; Spielkreis", "Elterncafé & Spielkreis")]
    [InlineData("<b>Fest</b> &lt;b&gt;", "Fest <b>")] // Decoded once, never parsed again.
    [InlineData("3 < 4 & AT&T", "3 < 4 & AT&T")]
    [InlineData("Post an <info@haus.example>", "Post an <info@haus.example>")]
    public void Html_in_a_calendar_becomes_plain_text(string written, string read) => Assert.Equal(read, Reading("DTSTART{B}:20261209T080000|SUMMARY:" + written).Items[0].Title);

    [Theory]
    [InlineData("DESCRIPTION:<p>Bitte <b>anmelden</b>.</p><br><ul><li>Kaffee</li><li>Tee</li></ul>&nbsp\\;ab 3 &euro\\; 0", "Bitte anmelden.\n\nKaffee\n\nTee\n\n\u00A0ab 3 € 0")]
    [InlineData("DESCRIPTION:Erste Zeile\\nzweite <i>Zeile</i>", "Erste Zeile\nzweite Zeile")] // Its line ends count.
    [InlineData("X-ALT-DESC;FMTTYPE=text/html:<html><body>Nur so</body></html>", "Nur so")]
    public void Html_in_a_description_becomes_plain_text(string line, string read) => Assert.Equal(read, Reading("DTSTART{B}:20261209T080000|SUMMARY:S|" + line).Items[0].Text);

    [Theory]
    [InlineData("Customized Time Zone", "2026-12-10T17:00:00Z")]
    [InlineData("tzone://Microsoft/Custom", "2026-12-10T17:00:00Z")]
    [InlineData("tzone://Microsoft/Utc", "2026-12-10T18:00:00Z")]
    [InlineData("\"(UTC+03:00) Istanbul\"", "2026-12-10T15:00:00Z")]
    [InlineData("(UTC+00:00) Dublin\\, Edinburgh\\, Lisbon\\, London", "2026-12-10T18:00:00Z")]
    [InlineData("\"(UTC+02:00) Helsinki, Kiew, Riga\"", "2026-12-10T16:00:00Z")]
    [InlineData("\"(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien\"", "2026-12-10T17:00:00Z")]
    [InlineData("\"(UTC-05:00) Eastern Time (US & Canada)\"", "2026-12-10T23:00:00Z")]
    [InlineData("\"(UTC+05:45) Nirgendwo\"", "2026-12-10T12:15:00Z")]
    [InlineData("\"(GMT+01.00) Sarajevo, Skopje, Warschau, Zagreb\"", "2026-12-10T17:00:00Z")]
    public void Zones_as_exchange_writes_them_are_read(string zone, string start)
    {
        var reading = Reading($"DTSTART;TZID={zone}:20261210T180000|SUMMARY:S");
        Assert.Equal(start, BerlinTime.Utc(ImportStart(reading)));
    }

    [Fact]
    public void A_private_zone_is_found_under_its_name_without_escapes_and_in_summer_too()
    {
        const string Zone = "BEGIN:VTIMEZONE\nTZID:Unsere\\, eigene\nBEGIN:STANDARD\nTZOFFSETTO:+0200\nEND:STANDARD\nBEGIN:DAYLIGHT\nTZOFFSETTO:+0300\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
        var reading = FeedReader.Read(Calendar(Zone + Event("u", "DTSTART;TZID=\"Unsere, eigene\":20270330T180000|SUMMARY:S")), new ImportSettings(Now));
        Assert.Empty(reading.Warnings);
        Assert.Equal("2027-03-30T15:00:00Z", BerlinTime.Utc(ImportStart(reading)));
    }

    private static Instant ImportStart(Reading reading) => Assert.Single(Assert.Single(reading.Items).Schedule.Once).Start;

    private static Reading Reading(string lines) => FeedReader.Read(Calendar(Event("u", lines)), new ImportSettings(Now));

    private string Import(params string[] parts)
    {
        var report = Run(string.Concat(parts));
        Assert.Null(report.Refusal);
        return string.Join(", ", report.Lines.Select(line => $"{line.Status} {line.Item}{(line.Reason is null ? "" : " " + line.Reason)}").Order(StringComparer.Ordinal));
    }

    private ImportReport Run(string parts) => database.Write(db => ImportRun.Run(db, Calendar(parts), new ImportRequest("k.ics") { Source = "Stadt" }, Now));

    private List<string> Shown() => database.Read(OffersTable.All).Select(offer => OfferView.Of(offer, Now)).Where(view => view.IsShownAt(Now))
        .Select(view => $"{view.Lead.Title} {string.Join(' ', ScheduleRules.Next(view.Schedule, Now, 9).Select(date => BerlinTime.Local(date.Start)[..16]))}").Order(StringComparer.Ordinal).ToList();

    private static byte[] Calendar(string parts) => Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{parts}END:VCALENDAR\n".Replace("\n", "\r\n", StringComparison.Ordinal));

    private static string Single(string uid, string title) => Event(uid, $"DTSTART{{B}}:20261215T100000|DTEND{{B}}:20261215T120000|SUMMARY:{title}");

    private static string Course(string day, string title = "Deutsch") => Event("u", $"DTSTART{{B}}:{day}T180000|DTEND{{B}}:{day}T193000|SUMMARY:{title}");

    private static string Event(string uid, string lines) =>
        $"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\n{lines.Replace("{B}", ";TZID=Europe/Berlin", StringComparison.Ordinal).Replace('|', '\n')}\nEND:VEVENT\n";
}
