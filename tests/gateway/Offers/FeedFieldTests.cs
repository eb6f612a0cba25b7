using System.Text;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>Feeds and service documents as they are found in the field: several clock times, whom a service is for, words that contain others.</summary>
public sealed class FeedFieldTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 28, 8, 0);

    [Theory]
    [InlineData("24. Dezember, 15 und 17 Uhr: Krippenspiel", "15:00 17:00")]
    [InlineData("24.12., 10 Uhr + 14 Uhr: Führung", "10:00 14:00")]
    [InlineData("24.12.2026, 9.30/11 Uhr: Gottesdienst", "09:30 11:00")]
    [InlineData("24.12., 10, 12 und 14 Uhr", "10:00 12:00 14:00")]
    [InlineData("Krippenspiel 15 & 17 Uhr am 24.12.", "15:00 17:00")]
    [InlineData("24.12., 9–12 und 14–17 Uhr", "09:00–12:00 14:00–17:00")]
    [InlineData("24.12. um 15 Uhr und um 17 Uhr", "15:00 17:00")]
    [InlineData("24.12., Raum 3, 10 und 14 Uhr", "10:00 14:00")]
    [InlineData("24.12., Gruppe 1 und 2, 15 Uhr", "15:00")]
    [InlineData("24.12., 15 Uhr, für 6 und 8 Jahre", "15:00")]
    [InlineData("24.12., 15–17 Uhr", "15:00–17:00")]
    public void Several_clock_times_in_a_title_are_several_dates(string title, string clocks)
    {
        var reading = Read(title);
        Assert.Empty(reading.Warnings);
        Assert.Equal(clocks, string.Join(' ', Assert.Single(reading.Items).Schedule.Once.Select(date => BerlinTime.Local(date.Start)[11..16] + (date.End is { } end ? "–" + BerlinTime.Local(end)[11..16] : ""))));
    }

    [Theory]
    [InlineData("24.12., Einlass 18 Uhr, Beginn 19 Uhr", "18:00", "clock-time-ignored: k (19 Uhr)")]
    [InlineData("24.12., 17 und 15 Uhr", "15:00", "")] // Not ascending: what a person meant is not clear.
    public void A_clock_time_that_is_not_used_is_named(string title, string clock, string warning)
    {
        var reading = Read(title);
        Assert.Equal(warning, string.Join(' ', reading.Warnings));
        Assert.Equal(clock, BerlinTime.Local(Assert.Single(reading.Items[0].Schedule.Once).Start)[11..16]);
    }

    [Theory]
    [InlineData("\"eligibility_description\":\"Nur für <b>Frauen</b>\"", "Nur für Frauen\nAnkommen & ruhen")]
    [InlineData("\"minimum_age\":18,\"maximum_age\":27", "Von 18 bis 27 Jahren\nAnkommen & ruhen")]
    [InlineData("\"maximum_age\":12", "Bis 12 Jahre\nAnkommen & ruhen")]
    [InlineData("\"wait_time\":\"Zwei Wochen\"", "Ankommen & ruhen\nZwei Wochen")]
    [InlineData("\"schedules\":[{\"id\":\"s\",\"freq\":\"WEEKLY\",\"byday\":\"TU\",\"opens_at\":\"09:00\",\"description\":\"Termine nach Vereinbarung\"}]", "Termine nach Vereinbarung\nAnkommen & ruhen")]
    public void Whom_a_service_is_for_and_that_one_has_to_ask_stand_first(string field, string text)
    {
        var item = Service(field);
        Assert.Equal(text, item.Text);
        Assert.Equal(field.Contains("Vereinbarung", StringComparison.Ordinal), item.Flags.HasFlag(OfferFlags.RegistrationNeeded));
    }

    [Fact]
    public void A_list_of_services_withdraws_what_it_names_no_more_and_a_single_service_nothing()
    {
        var both = FeedReader.Read(Encoding.UTF8.GetBytes($"[{Document("1")},{Document("2")}]"), Json);
        var before = ImportRules.Plan("s", [], both, Now).ToStore;
        Assert.Equal(2, before.Count);
        var list = ImportRules.Plan("s", before, FeedReader.Read(Encoding.UTF8.GetBytes($"[{Document("1")}]"), Json), Now);
        Assert.Equal(["vanished"], list.Changes.Where(change => change.Kind == ChangeKind.Withdrawn).Select(change => change.Reason));
        foreach (var incomplete in new[] { Document("1"), "[]", $$"""{"contents":[{{Document("1")}}],"total_pages":2,"page_number":1}""" })
        {
            Assert.DoesNotContain(ImportRules.Plan("s", before, FeedReader.Read(Encoding.UTF8.GetBytes(incomplete), Json), Now).Changes, change => change.Kind == ChangeKind.Withdrawn);
        }
    }

    [Theory]
    [InlineData("Treffen der Interessengemeinschaft Bahnhof", OfferCategory.Other)]
    [InlineData("Ortsrat: Mitteilungen", OfferCategory.Other)]
    [InlineData("Der Ablauf der Wahl", OfferCategory.Other)]
    [InlineData("Vortragsabend Computertomographie", OfferCategory.Other)]
    [InlineData("Rechtschreibung und Rentenerhöhung", OfferCategory.Other)]
    [InlineData("Festnetz im Bahnhofsviertel", OfferCategory.Other)]
    [InlineData("Mittagessen für alle", OfferCategory.Meals)]
    [InlineData("Sprachcafé", OfferCategory.Learning)]
    [InlineData("COMPUTER-Treff", OfferCategory.DigitalHelp)]
    [InlineData("Senioren-Nachmittag", OfferCategory.Seniors)]
    [InlineData("Yoga (60+)", OfferCategory.Seniors)]
    [InlineData("Treff ab 60", OfferCategory.Seniors)]
    [InlineData("Erste Hilfe auffrischen", OfferCategory.HealthAndSport)]
    [InlineData("Krabbelgruppe", OfferCategory.Family)]
    [InlineData("Repair-Café", OfferCategory.RepairAndShare)]
    public void A_heading_needs_a_whole_word(string title, OfferCategory category) =>
        Assert.Equal(category, CategoryRules.CategoryOf(new OfferItem("k", "k", OfferKind.Event, "de", title, "", Schedule.None)));

    private static readonly ImportSettings Json = new(Now) { FileName = "s.json" };

    private static string Document(string id, string fields = "\"x\":0") =>
        $$$"""{"id":"{{{id}}}","name":"S","status":"active","description":"<p>Ankommen &amp; ruhen</p>",{{{fields}}},"organization":{"id":"o","name":"C","description":"V"}}""";

    private static OfferItem Service(string field) => Assert.Single(FeedReader.Read(Encoding.UTF8.GetBytes(Document("1", field)), Json).Items);

    private static Reading Read(string title) =>
        FeedReader.Read(Encoding.UTF8.GetBytes($"<rss version=\"2.0\"><channel><title>K</title><item><title>{title.Replace("&", "&amp;", StringComparison.Ordinal)}</title><guid>k</guid></item></channel></rss>"), new ImportSettings(Now));
}
