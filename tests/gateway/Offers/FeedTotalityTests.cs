using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>Every reader is total: whatever the bytes, a reading or a refusal, and what was read can be planned, listed and built.</summary>
public sealed class FeedTotalityTests
{
    private static readonly ImportSettings Settings = new(Instant.FromUtc(2026, 11, 28, 8, 0));

    private static readonly string[] Seeds =
    [
        """
        <?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel><title>Bürgertreff</title><link>https://x.example/</link>
        <item><title>Sprachcafé am 05.12.2026 um 18 Uhr @ Haus</title><guid>a</guid><link>https://x.example/1</link><description><![CDATA[<p>Kaffee &amp; Kuchen</p>]]></description></item>
        <item><title>12./13.12., 10 und 14 Uhr</title><guid>b</guid><ev:startdate>Sa, 12 Dez 2026 15:00 MEZ</ev:startdate><ev:enddate>2026-12-12T17:00:00+01:00</ev:enddate></item>
        <item><title>7. Januar 2027, 9–12 Uhr</title><pubDate>Mon, 09 Nov 2026 10:00:00 +0100</pubDate></item></channel></rss>
        """,
        """
        <feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>u</id><entry><id>1</id><title type="html">&lt;b&gt;X&lt;/b&gt; 1.12.2026</title><updated>2026-11-01T10:00:00Z</updated><link href="a"/></entry></feed>
        """,
        """
        BEGIN:VCALENDAR
        BEGIN:VTIMEZONE
        TZID:Eigene
        BEGIN:STANDARD
        TZOFFSETTO:+0100
        END:STANDARD
        END:VTIMEZONE
        BEGIN:VEVENT
        UID:a
        DTSTART;TZID="(UTC+03:00) Istanbul":20261203T120000
        DTEND;TZID=Eigene:20261203T133000
        RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TH
        EXDATE:20261210T090000Z
        SUMMARY:Mittagstisch
        GEO:48.4;9.9
        END:VEVENT
        BEGIN:VEVENT
        UID:a
        RECURRENCE-ID;RANGE=THISANDFUTURE:20261217T090000Z
        DTSTART:20261217T100000Z
        DURATION:PT1H
        SUMMARY:Später
        END:VEVENT
        END:VCALENDAR
        """,
        """
        [{"id":"1","name":"Frühstück","status":"active","minimum_age":18,"url":"https://x.example","schedules":[{"id":"2","freq":"WEEKLY","byday":"TU","opens_at":"09:00","closes_at":"11:00+01:00","dtstart":"2026-12-01","until":"2027-01-01"}],
        "organization":{"id":"3","name":"Caritas","description":"V"}}]
        """,
    ];

    private static readonly string[] Hostile =
    [
        "\u0661\u0662.\u0661\u0662.2026 \u0661\u0665 Uhr", "99999999999999", "-1", "+1799", "T999999Z", "80000101T000000", "00010101T000000Z", "P99999W", "\uFB01\uFE0F", "\uD83C", "&#1114112;", "&#xD800;", "<![CDATA[", "]]>", "<!--", "\u0000",
        "\r\n ", "\\", "\"", "24:00", "(UTC-99:59) X", "(UTC+25:00) X", "RRULE:FREQ=YEARLY;BYWEEKNO=-53", "DTEND:89991231T235959Z", "DURATION:-P99999D", "\"freq\":\"MONTHLY\",", "\"\\ud800\"", "9999-12-31", "0001-01-01", "1e308", "{", "[", "METHOD:CANCEL\r\n", "CLASS:PRIVATE\r\n",
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Valid_utf8_with_a_letter_across_the_end_of_what_tells_the_format_is_read(int shift)
    {
        for (var padding = 4096 - 120 - shift; padding < 4096 - 60; padding++)
        {
            var feed = $"""<rss version="2.0"><channel><title>Bürgertreff</title><item><title>Sprachcafé am 05.12.2026 um 18 Uhr</title><guid>a</guid><description>{new string('x', padding - 60)}ééé€€€😀😀</description></item></channel></rss>""";
            var reading = FeedReader.Read([.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(feed)], Settings);
            Assert.Equal("2026-12-05T17:00:00Z", BerlinTime.Utc(Assert.Single(reading.Items).Schedule.Once[0].Start));
        }
    }

    [Fact]
    public void A_byte_order_mark_before_a_damaged_file_is_refused_with_place_and_reason()
    {
        byte[] bytes = [.. Encoding.UTF8.GetPreamble(), .. "<rss version=\"2.0\"><channel>\n<title>Caf"u8, 0xE9, .. "</title></channel></rss>"u8];
        var refusal = FeedReader.Read(bytes, Settings).Refusal!;
        Assert.Equal((RefusalClass.Encoding, "line 2, byte 42"), (refusal.Class, refusal.Place));
    }

    [Theory]
    [InlineData("Treff am \u0661\u0662.\u0661\u0662.2026")] // Digits of another script are no date, and no fault.
    [InlineData("Treff am 12.12.2026, \u0661\u0665 Uhr")]
    public void Digits_of_another_script_do_not_break_the_reader(string title) =>
        Assert.Null(FeedReader.Read(Encoding.UTF8.GetBytes($"<rss version=\"2.0\"><channel><title>K</title><item><title>{title}</title></item></channel></rss>"), Settings).Refusal);

    [Theory]
    [InlineData("BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nTZOFFSETTO:+1799\nEND:STANDARD\nEND:VTIMEZONE\n", "DTSTART;TZID=X:20261203T120000")]
    [InlineData("", "DTSTART:00010101T000000Z\nDTEND:89991231T235959Z\nRRULE:FREQ=YEARLY")]
    [InlineData("", "DTSTART:20261203T120000Z\nRRULE:FREQ=YEARLY\nEND:VEVENT\nBEGIN:VEVENT\nUID:u\nSUMMARY:S\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261203T120000Z\nDTSTART:89991231T120000Z")]
    [InlineData("", "DTSTART:20261203T120000Z\nRRULE:FREQ=YEARLY\nEND:VEVENT\nBEGIN:VEVENT\nUID:u\nSUMMARY:S\nRECURRENCE-ID;RANGE=THISANDFUTURE:20271203T120000Z\nDTSTART:00010101T120000Z")]
    public void Times_beyond_any_calendar_do_not_break_the_reader(string zone, string lines) =>
        Use(Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\n{zone}BEGIN:VEVENT\nUID:u\nSUMMARY:S\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"));

    [Fact]
    public void No_mutation_of_a_feed_breaks_the_reader_the_plan_or_the_screens_entry()
    {
        var gen = new Gen(20261128);
        for (var i = 0; i < 4_000; i++)
        {
            Use(Mutated(gen));
        }
    }

    private static byte[] Mutated(Gen gen)
    {
        var text = new StringBuilder(gen.Pick(Seeds));
        for (var edits = gen.Next(1, 5); edits > 0; edits--)
        {
            var at = gen.Next(text.Length);
            switch (gen.Next(4))
            {
                case 0: text.Insert(at, gen.Pick(Hostile)); break;
                case 1: text.Remove(at, Math.Min(gen.Next(1, 40), text.Length - at - 1)); break;
                case 2: text[at] = (char)gen.Next(0x3000); break;
                default: text.Insert(at, text.ToString(at, Math.Min(60, text.Length - at))); break;
            }
        }

        var encoding = gen.Pick([Encoding.UTF8, Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.Latin1]);
        byte[] bytes = [.. gen.Chance(500) ? encoding.GetPreamble() : [], .. encoding.GetBytes(text.ToString())];
        for (var flips = gen.Chance(300) ? gen.Next(1, 4) : 0; flips > 0; flips--)
        {
            bytes[gen.Next(bytes.Length)] = (byte)gen.Next(256);
        }

        return gen.Chance(200) ? bytes[..gen.Next(bytes.Length)] : bytes;
    }

    private static void Use(byte[] bytes)
    {
        var reading = FeedReader.Read(bytes, Settings);
        if (reading.Refusal is { } refusal)
        {
            Assert.NotEmpty(refusal.Place);
            return;
        }

        var plan = ImportRules.Plan("s", [], reading, Settings.Now);
        var stored = OfferJson.Read<List<Offer>>(OfferJson.Write(plan.ToStore));
        ImportRules.Plan("s", stored, reading, Settings.Now);
        foreach (var view in stored.Select(offer => OfferView.Of(offer, Settings.Now)))
        {
            ScheduleRules.Between(view.Schedule, Settings.WindowStart, Settings.WindowStart + Duration.FromDays(400));
            CatalogueRules.Problems(view);
            CatalogueRules.Build(view, Settings.Now, null);
        }
    }
}
