using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

public class HsdsTests
{
    private static readonly Instant Now = InstantPattern.ExtendedIso.Parse("2026-11-21T10:00:00Z").Value;

    [SharedDataFact]
    public void Every_service_of_every_sample_is_valid_by_the_published_schema()
    {
        var views = Samples().ToList();
        Assert.True(views.Count > 60, $"{views.Count} offers");
        Assert.Equal("", PublishedSchema.Faults("service_with_definitions.json", views.Select(view => HsdsRules.Service(view, Now))));
        Assert.Equal("", PublishedSchema.Faults("service_list.json", views.Select(HsdsRules.ListEntry)));
        var page = HsdsRules.Page(views, 2, 25, full: false, Now);
        Assert.Equal("", PublishedSchema.Faults("service_list.json", page["contents"]!.AsArray().Select(entry => entry!.DeepClone().AsObject())));
    }

    [SharedDataFact]
    public void The_check_itself_notices_a_bad_service()
    {
        var bad = HsdsRules.Service(Samples().First(), Now);
        bad["status"] = "open";
        bad["id"] = "17";
        bad["url"] = "no address";
        bad["last_modified"] = "yesterday";
        bad["schedules"]![0]!["service_id"] = "17";
        bad.Remove("name");
        var faults = PublishedSchema.Faults("service_with_definitions.json", [bad]);
        foreach (var place in new[] { "/status", "/id", "/url", "/last_modified", "/schedules/0/service_id" })
        {
            Assert.Contains($" {place} ", faults);
        }

        Assert.Contains("name", faults);
    }

    [SharedDataFact]
    public void Whoever_reads_our_services_finds_the_dates_of_our_offers()
    {
        var compared = 0;
        foreach (var view in Samples())
        {
            var month = BerlinTime.StartOf(new LocalDate(2026, 11, 1));
            var wanted = Starts(view.Schedule, month);
            var text = HsdsRules.Service(view, Now).ToJsonString();
            var reading = FeedReader.Read(Encoding.UTF8.GetBytes(text), new ImportSettings(Now) { FileName = "service.json", KeepPast = true });
            Assert.True(reading.Refusal is null, $"{view.TitleIn("de")}: {reading.Refusal} {text}");
            var read = Assert.Single(reading.Items);
            Assert.True(wanted.SequenceEqual(Starts(read.Schedule, month)), $"{view.TitleIn("de")}: {text}");
            compared += wanted.Count;
        }

        Assert.True(compared > 300, $"{compared} dates");
    }

    [Fact]
    public void Nothing_in_a_service_tells_whether_a_bed_is_free()
    {
        var text = HsdsRules.Service(Own(), Now).ToJsonString();
        Assert.DoesNotContain("capacity", text);
        Assert.DoesNotContain("available", text);
    }

    [Fact]
    public void A_service_keeps_its_ids_over_imports_and_changes_its_digest_only_when_it_changed()
    {
        var one = HsdsRules.Service(Own(), Now).ToJsonString();
        Assert.Equal(one, HsdsRules.Service(Own(), Now + Duration.FromDays(5)).ToJsonString());
        var id = HsdsRules.ServiceId(Own());
        Assert.Equal('8', id[14]);
        Assert.Contains($"\"id\":\"{id}\"", one);
    }

    [Fact]
    public void Names_become_the_ids_of_the_standards_example() =>
        Assert.Equal("5c146b14-3c52-8afd-938a-375d0df1fbf6", NameUuid.Of(NameUuid.DnsNamespace, "www.example.com").ToString());

    [Fact]
    public void A_weekly_offer_is_one_rule_in_Berlin_time()
    {
        var schedule = Assert.Single(HsdsRules.Service(Own(), Now)["schedules"]!.AsArray())!.AsObject();
        Assert.Equal(
            ("2026-01-07", "WEEKLY", 2, "WE", "15:00", "17:30"),
            ((string?)schedule["dtstart"], (string?)schedule["freq"], (int?)schedule["interval"], (string?)schedule["byday"], (string?)schedule["opens_at"], (string?)schedule["closes_at"]));
    }

    [Theory]
    [InlineData(1, 2, 2, true, false)]
    [InlineData(2, 2, 1, false, true)]
    [InlineData(3, 2, 0, false, true)]
    public void Pages_are_those_of_the_specification(int page, int perPage, int size, bool isFirst, bool isLast)
    {
        var shown = HsdsRules.Page([Own("a"), Own("b"), Own("c")], page, perPage, full: false, Now);
        Assert.Equal((3, 2, page), ((int?)shown["total_items"], (int?)shown["total_pages"], (int?)shown["page_number"]));
        Assert.Equal((size, isFirst, isLast, size == 0), ((int?)shown["size"], (bool?)shown["first_page"], (bool?)shown["last_page"], (bool?)shown["empty"]));
        Assert.Equal(size, shown["contents"]!.AsArray().Count);
    }

    internal static Offer OwnOffer(string id = "cafe", string title = "Sprachcafé", string text = "Jede zweite Woche.") =>
        new(id, "quartier", [
            new OfferItem(id, title, OfferKind.Service, "de", title, text, new Schedule(
                [],
                [new Series(BerlinTime.ZoneId, new LocalDateTime(2026, 1, 7, 15, 0), false, new SeriesLength(LocalSeconds: 9000), "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE")],
                []))
            {
                Place = "Quartierszentrale Alter Eselsberg",
                Provider = "Caritas Ulm",
                Url = "https://example.org/cafe",
                Phone = "0731 123456",
            },
        ], OfferEdit.None, Now, Now, Now);

    private static OfferView Own(string id = "cafe") => OfferView.Of(OwnOffer(id), Now);

    private static List<Instant> Starts(Schedule schedule, Instant from) =>
        [.. ScheduleRules.Between(schedule, from, from + Duration.FromDays(180)).Select(date => date.Start).Distinct().Order()];

    private static IEnumerable<OfferView> Samples()
    {
        string[] folders = [SharedData.PathTo("feeds", "rss"), SharedData.PathTo("feeds", "hsds"), SharedData.PathTo("ical", "authored")];
        foreach (var file in folders.SelectMany(Directory.GetFiles).Where(file => Path.GetExtension(file) is ".xml" or ".ics" or ".json").Order())
        {
            var name = Path.GetFileName(file);
            if (name == "index.json" || name.Contains(".generator.", StringComparison.Ordinal))
            {
                continue;
            }

            var reading = FeedReader.Read(File.ReadAllBytes(file), new ImportSettings(Now) { FileName = name, KeepPast = true });
            foreach (var offer in ImportRules.Plan(name, [], reading, Now).ToStore)
            {
                yield return OfferView.Of(offer, Now);
            }
        }
    }
}
