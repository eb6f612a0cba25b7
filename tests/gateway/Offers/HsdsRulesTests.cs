using System.Text;
using System.Text.Json;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>HSDS 3 on vectors of our own: R17, R18, the shape of a document, and every document of the shared collection.</summary>
public sealed class HsdsRulesTests
{
    private static readonly ImportSettings Settings = new(Instant.FromUtc(2026, 11, 21, 8, 0)) { FileName = "d.json" };
    private static readonly Instant From = BerlinTime.StartOf(new LocalDate(2026, 11, 21));
    private static readonly Instant To = BerlinTime.StartOf(new LocalDate(2027, 7, 1));

    [Theory]
    [InlineData("'freq':'WEEKLY','byday':'MO','opens_at':'09:00','closes_at':'10:00','valid_from':'0001-01-01','valid_to':'9999-12-31'", 32, "2026-11-23T09:00:00+01:00 2026-11-23T10:00:00+01:00")]
    [InlineData("'freq':'WEEKLY','byday':'MO','opens_at':'09:00','count':3,'valid_from':'2026-12-01'", 3, "2026-12-07T09:00:00+01:00 ")]
    [InlineData("'freq':'WEEKLY','byday':'MO','opens_at':'09:00','count':3,'dtstart':'2026-11-16'", 2, "2026-11-23T09:00:00+01:00 ")]
    [InlineData("'freq':'WEEKLY','interval':2,'byday':'SU,MO','wkst':'SU','dtstart':'2026-11-22','opens_at':'10:00','until':'2026-12-20'", 5, "2026-11-22T10:00:00+01:00 ")]
    [InlineData("'freq':'WEEKLY','byday':'FR','opens_at':'22:00','closes_at':'02:00','valid_from':'2026-11-27','valid_to':'2026-12-04'", 2, "2026-11-27T22:00:00+01:00 2026-11-28T02:00:00+01:00")]
    [InlineData("'freq':'WEEKLY','byday':'MO','opens_at':'18:00','closes_at':'24:00','valid_to':'2026-12-01'", 2, "2026-11-23T18:00:00+01:00 2026-11-24T00:00:00+01:00")]
    [InlineData("'freq':'WEEKLY','byday':'MO','opens_at':'08:00Z','closes_at':'09:30Z','dtstart':'2027-03-29','until':'2027-03-29'", 1, "2027-03-29T10:00:00+02:00 2027-03-29T11:30:00+02:00")]
    [InlineData("'freq':'WEEKLY','byday':'MO','opens_at':'09:00+02:00','closes_at':'10:00+02:00','dtstart':'2027-03-29','until':'2027-03-29'", 1, "2027-03-29T09:00:00+02:00 2027-03-29T10:00:00+02:00")]
    [InlineData("'freq':'WEEKLY','byday':'SU','opens_at':'02:30','closes_at':'04:00','dtstart':'2027-03-28','until':'2027-03-28'", 1, "2027-03-28T03:30:00+02:00 2027-03-28T04:00:00+02:00")]
    [InlineData("'freq':'MONTHLY','bymonthday':'1,-1','opens_at':'09:00','closes_at':'10:00','until':'2026-12-31'", 3, "2026-11-30T09:00:00+01:00 2026-11-30T10:00:00+01:00")]
    [InlineData("'freq':'weekly','byday':'mo, we','opens_at':'9:00','closes_at':'','interval':'','count':null,'bymonthday':'','until':'2026-11-30'", 3, "2026-11-23T09:00:00+01:00 ")]
    [InlineData("'dtstart':'2026-12-02','opens_at':'09:00','closes_at':'10:00'", 1, "2026-12-02T09:00:00+01:00 2026-12-02T10:00:00+01:00")]
    [InlineData("'freq':'WEEKLY','byday':'WE','until':'2026-11-25'", 1, "2026-11-25T00:00:00+01:00 2026-11-26T00:00:00+01:00")]
    public void A_schedule_has_its_dates(string fields, int count, string first)
    {
        var dates = Dates(Assert.Single(Read(Service($"'schedules':[{{'id':'s',{fields}}}]")).Items));
        Assert.Equal(count, dates.Count);
        Assert.Equal(first, $"{BerlinTime.Local(dates[0].Start)} {(dates[0].End is { } end ? BerlinTime.Local(end) : "")}");
    }

    [Theory]
    [InlineData("'freq':'WEEKLY','byday':'1MO','opens_at':'09:00'", "byday")]
    [InlineData("'freq':'WEEKLY','byday':'MO','interval':2", "dtstart")]
    [InlineData("'freq':'WEEKLY','byday':'MO','count':3", "dtstart")]
    [InlineData("'freq':'WEEKLY','opens_at':'09:00'", "dtstart")]
    [InlineData("'opens_at':'09:00','valid_from':'2026-12-01'", "dtstart")]
    public void A_schedule_that_leaves_its_days_open_gives_none_and_is_told(string fields, string field)
    {
        var reading = Read(Service($"'schedules':[{{'id':'s',{fields}}}]"));
        Assert.Equal([$"schedule-unclear: 1 (schedules[0].{field})"], reading.Warnings);
        Assert.Empty(Dates(Assert.Single(reading.Items)));
    }

    [Theory]
    [InlineData("{'name':'n'}", RefusalClass.WrongFormat, "$")]
    [InlineData("{'name':'n','status':'active'}", RefusalClass.MissingField, "id")]
    [InlineData("{'id':'1','name':' ','status':'active'}", RefusalClass.MissingField, "name")]
    [InlineData("[{'id':'1','name':'n','status':'active'},{'id':'2','status':'active'}]", RefusalClass.MissingField, "[1].name")]
    [InlineData("{'contents':[{'id':'1','name':'n','status':'open'}]}", RefusalClass.SchemaViolation, "contents[0].status")]
    [InlineData("{'contents':{'id':'1'}}", RefusalClass.SchemaViolation, "contents")]
    [InlineData("{'id':'1','name':'n','status':'active','email':7}", RefusalClass.SchemaViolation, "email")]
    [InlineData("{'id':'1','name':'n','status':'active','minimum_age':'zehn'}", RefusalClass.SchemaViolation, "minimum_age")]
    [InlineData("{'id':'1','name':'n','status':'active','phones':[{'id':'p'}]}", RefusalClass.MissingField, "phones[0].number")]
    [InlineData("{'id':'1','name':'n','status':'active','phones':{'id':'p','number':'1'}}", RefusalClass.SchemaViolation, "phones")]
    [InlineData("{'id':'1','name':'n','status':'active','organization':{'id':'o','name':'x'}}", RefusalClass.MissingField, "organization.description")]
    [InlineData("{'id':'1','name':'n','status':'active','languages':[{'id':'l','code':['de']}]}", RefusalClass.SchemaViolation, "languages[0].code")]
    [InlineData("{'id':'1','name':'n','status':'active','service_at_locations':[{'id':'a','location':{'id':'l','location_type':'haus'}}]}", RefusalClass.SchemaViolation, "service_at_locations[0].location.location_type")]
    [InlineData("{'id':'1','name':'n','status':'active','service_at_locations':[{'id':'a','location':{'id':'l','location_type':'physical','latitude':'48,4'}}]}", RefusalClass.SchemaViolation, "service_at_locations[0].location.latitude")]
    [InlineData("{'id':'1','name':'n','status':'active','schedules':[{'id':'s','freq':'DAILY'}]}", RefusalClass.SchemaViolation, "schedules[0].freq")]
    [InlineData("{'id':'1','name':'n','status':'active','schedules':[{'id':'s','freq':'WEEKLY','byday':'MO','wkst':'XX'}]}", RefusalClass.SchemaViolation, "schedules[0].wkst")]
    [InlineData("{'id':'1','name':'n','status':'active','schedules':[{'id':'s','freq':'WEEKLY','byday':'MO','interval':1.5}]}", RefusalClass.SchemaViolation, "schedules[0].interval")]
    [InlineData("{'id':'1','name':'n','status':'active','schedules':[{'id':'s','freq':'WEEKLY','byday':'MO','valid_from':'1.12.2026'}]}", RefusalClass.MalformedDate, "schedules[0].valid_from")]
    [InlineData("{'id':'1','name':'n','status':'active','schedules':[{'id':'s','freq':'WEEKLY','byday':'MO','until':'2026-02-30'}]}", RefusalClass.MalformedDate, "schedules[0].until")]
    [InlineData("{'id':'1','name':'n','status':'active','schedules':[{'id':'s','freq':'WEEKLY','byday':'MO','opens_at':'25:00'}]}", RefusalClass.MalformedDate, "schedules[0].opens_at")]
    [InlineData("{'taxonomy':'x','name':'n'}", RefusalClass.WrongFormat, "$")]
    [InlineData("7", RefusalClass.NotJson, "line 1, column 1")]
    [InlineData("{'id':'1','name':'n','status':'active',}", RefusalClass.NotJson, "line 1, column 40")]
    [InlineData("{'id':'1','name':'n", RefusalClass.Truncated, "line 1, column 20")]
    public void A_document_that_breaks_the_standard_is_refused_at_its_place(string json, string refusal, string place)
    {
        var reading = FeedReader.Read(Bytes(json), Settings);
        Assert.Equal((refusal, place), (reading.Refusal?.Class, reading.Refusal?.Place));
        Assert.NotEmpty(reading.Refusal!.RemedyGerman);
        Assert.Empty(reading.Items);
    }

    [Theory]
    [InlineData("An Feiertagen geschlossen", true)]
    [InlineData("Geschlossen an Sonn- und Feiertagen", true)]
    [InlineData("Nicht an gesetzlichen Feiertagen.", true)]
    [InlineData("Mo–Fr (außer feiertags)", true)]
    [InlineData("Montags, Feiertage ausgenommen", true)]
    [InlineData("mit Ausnahme von Feiertagen", true)]
    [InlineData("Feiertage: geschlossen", true)]
    [InlineData("Feiertags zu.", true)]
    [InlineData("An Feiertagen fällt der Treff aus", true)]
    [InlineData("An Feiertagen findet keine Beratung statt", true)]
    [InlineData("The service is not available on public holidays.", true)]
    [InlineData("closed: bank holidays", true)]
    [InlineData("Auch an Feiertagen geöffnet", false)]
    [InlineData("Auch an Sonn- und Feiertagen geöffnet, im August geschlossen", false)]
    [InlineData("An Feiertagen geöffnet, sonst geschlossen", false)]
    [InlineData("An Feiertagen zu den üblichen Zeiten", false)]
    [InlineData("Auch an Feiertagen bis zu 20 Gäste", false)]
    [InlineData("An Feiertagen nicht geschlossen", false)]
    [InlineData("nicht nur an Feiertagen", false)]
    [InlineData("An Feiertagen ist keine Anmeldung nötig", false)]
    [InlineData("Im August geschlossen. An Feiertagen Frühstück.", false)]
    [InlineData("open on public holidays", false)]
    [InlineData("Offenes Angebot für die Nachbarschaft.", false)]
    public void Holidays_close_an_offer_only_if_its_text_says_so(string text, bool closed)
    {
        // 2027-01-06 is a Wednesday and Epiphany, a holiday of Baden-Württemberg.
        var item = Read(Service($"'description':'{text}','schedules':[{{'id':'s','freq':'WEEKLY','byday':'WE','opens_at':'09:00','valid_from':'2027-01-01','valid_to':'2027-01-31'}}]")).Items[0];
        Assert.Equal(closed ? 3 : 4, Dates(item).Count);
    }

    [Theory]
    [InlineData("In den Schulferien geschlossen", true)]
    [InlineData("Während der Ferien entfällt der Kurs", true)]
    [InlineData("außerhalb der Schulferien", true)]
    [InlineData("term time only", true)]
    [InlineData("Auch in den Ferien", false)]
    [InlineData("Ferienprogramm, keine Vorkenntnisse", false)]
    public void School_holidays_likewise(string text, bool closed)
    {
        // 2026-12-30 and 2027-01-06 lie in the Christmas holidays.
        var item = Read(Service($"'schedules':[{{'id':'s','freq':'WEEKLY','byday':'WE','opens_at':'09:00','valid_from':'2026-12-30','valid_to':'2027-01-13','description':'{text}'}}]")).Items[0];
        Assert.Equal(closed ? 1 : 3, Dates(item).Count);
    }

    [Fact]
    public void Services_in_an_organisation_are_offered_by_it()
    {
        var reading = Read("{'id':'o','name':'Verein A','description':'d','services':[{'id':'1','name':'n','status':'active'}]}");
        Assert.Equal(("Verein A", "Verein A"), (reading.SourceName, Assert.Single(reading.Items).Provider));
    }

    [Fact]
    public void Organisations_without_services_are_told_and_give_nothing()
    {
        var reading = Read("{'contents':[{'id':'o','name':'Verein A','description':'d','website':'https://a.example.org'}]}");
        Assert.Empty(reading.Items);
        Assert.Equal(["organisation-without-services: o"], reading.Warnings);
    }

    [Fact]
    public void A_place_keeps_its_hours_for_a_service_that_has_none()
    {
        const string Place = "'service_at_locations':[{'id':'a','location':{'id':'l','location_type':'physical','name':'Haus','schedules':[{'id':'o','freq':'WEEKLY','byday':'SA','until':'2026-11-28'}]}}]";
        Assert.Equal(2, Dates(Read(Service(Place)).Items[0]).Count);
        Assert.Single(Dates(Read(Service(Place + ",'schedules':[{'id':'s','freq':'WEEKLY','byday':'MO','until':'2026-11-23'}]")).Items[0]));
    }

    [Theory]
    [InlineData("defunct", "defunct")]
    [InlineData("inactive", "inactive")]
    [InlineData("temporarily closed", "temporarily-closed")]
    public void A_service_that_is_active_no_more_leaves_the_screens_and_may_come_back(string status, string reason)
    {
        var before = ImportRules.Plan("s", [], Read(Service("'description':'d'")), Settings.Now).ToStore;
        var reading = Read(Service("'description':'d'", status));
        Assert.Equal(reason, Assert.Single(reading.Skipped).Reason);
        var gone = Assert.Single(ImportRules.Plan("s", before, reading, Settings.Now).Changes);
        Assert.Equal((ChangeKind.Withdrawn, true), (gone.Kind, gone.Offer.Withdrawn));
        Assert.Equal(ChangeKind.Changed, Assert.Single(ImportRules.Plan("s", [gone.Offer], Read(Service("'description':'d'")), Settings.Now).Changes).Kind);
    }

    public static TheoryData<string> Documents()
    {
        var files = new TheoryData<string>();
        var root = SharedData.Root is null ? null : SharedData.PathTo("hsds");
        foreach (var path in root is null ? [] : Directory.GetFiles(root, "*.json", SearchOption.AllDirectories).Where(path => path.Contains("/examples/", StringComparison.Ordinal) || path.Contains("mocks", StringComparison.Ordinal) || path.Contains("example-profile", StringComparison.Ordinal)))
        {
            files.Add(Path.GetRelativePath(root!, path));
        }

        return files;
    }

    [SharedDataTheory]
    [MemberData(nameof(Documents))]
    public void A_shared_document_with_services_gives_each_of_them_and_one_without_is_refused_as_what_it_is(string file)
    {
        var bytes = File.ReadAllBytes(SharedData.PathTo("hsds", file));
        using var json = JsonDocument.Parse(bytes);
        var reading = FeedReader.Read(bytes, Settings with { FileName = Path.GetFileName(file) });
        var name = Path.GetFileName(file);
        if (name.StartsWith("taxonomy", StringComparison.Ordinal) || name is "base.json" or "api_details.json" or "tabular.json")
        {
            Assert.Equal(RefusalClass.WrongFormat, reading.Refusal?.Class);
            return;
        }

        Assert.True(reading.Refusal is null, reading.Refusal?.ToString());
        var expected = Services(json.RootElement).Distinct().Order().ToList();
        Assert.Equal(expected, reading.Items.Select(item => item.Label).Concat(reading.Skipped.Select(item => item.Item)).Distinct().Order());
    }

    private static IEnumerable<string> Services(JsonElement json)
    {
        if (json.TryGetProperty("contents", out var contents))
        {
            return contents.EnumerateArray().SelectMany(Services);
        }

        if (json.TryGetProperty("services", out var services))
        {
            return services.EnumerateArray().SelectMany(Services);
        }

        var service = json.TryGetProperty("service", out var inner) ? inner : json;
        return service.TryGetProperty("status", out _) ? [service.GetProperty("id").GetString()!] : [];
    }

    private static IReadOnlyList<Occurrence> Dates(OfferItem item) => ScheduleRules.Between(item.Schedule, From, To);

    private static string Service(string fields, string status = "active") => $"{{'id':'1','name':'n','status':'{status}',{fields}}}";

    private static Reading Read(string json)
    {
        var reading = FeedReader.Read(Bytes(json), Settings);
        Assert.True(reading.Refusal is null, reading.Refusal?.ToString());
        return reading;
    }

    private static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json.Replace('\'', '"'));
}
