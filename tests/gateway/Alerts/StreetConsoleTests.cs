using System.Net;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Store.Outbox;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Alerts;

/// <summary>The console and the link, over HTTP.</summary>
public sealed class StreetConsoleTests
{
    [Fact]
    public async Task Looking_at_the_link_changes_nothing_the_button_acknowledges_once()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        shift.Alarm(AlarmKind.Smoke);
        var path = shift.Link("anna@example.org");
        using var phone = shift.Phone();
        for (var scanner = 0; scanner < 3; scanner++)
        {
            Assert.Contains("Ich kümmere mich", WebUtility.HtmlDecode(await phone.GetStringAsync(path)));
        }

        Assert.Null(shift.Store.Read(AlertsTable.Open).Single().AcknowledgedAt);

        var done = await phone.PostAsync(path, null);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Equal("no-referrer", done.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("anna@example.org", shift.Store.Read(AlertsTable.Open).Single().AcknowledgedBy);

        var again = await phone.PostAsync(path, null);
        Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
        Assert.Contains("schon benutzt", WebUtility.HtmlDecode(await again.Content.ReadAsStringAsync()));
        Assert.Equal(["alert.link-used", "alert.acknowledged"], Audited(shift));
    }

    [Fact]
    public async Task An_expired_link_says_so()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        shift.Alarm(AlarmKind.Smoke);
        var path = shift.Link("anna@example.org");
        shift.Clock.Pass(AcknowledgeLink.Lifetime);
        using var phone = shift.Phone();
        var answer = await phone.PostAsync(path, null);
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Contains("abgelaufen", WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
        Assert.Null(shift.Store.Read(AlertsTable.Open).Single().AcknowledgedAt);
        Assert.Equal(["alert.link-expired"], Audited(shift));
    }

    [Fact]
    public async Task A_forged_link_finds_nothing_and_a_thousand_fill_no_log()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        shift.Alarm(AlarmKind.Smoke);
        using var phone = shift.Phone();
        for (var i = 0; i < 20; i++)
        {
            var answer = await phone.PostAsync(shift.Link("anna@example.org")[..^1] + (i % 2 == 0 ? "%20" : "_"), null);
            Assert.Equal(i < Quartier.Gateway.Domain.Accounts.AttemptRules.FreeOfMany ? HttpStatusCode.NotFound : HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.DoesNotContain("Karlsplatz", await answer.Content.ReadAsStringAsync());
        }

        Assert.Null(shift.Store.Read(AlertsTable.Open).Single().AcknowledgedAt);
        Assert.Equal(["alert.link-forged"], Audited(shift));
    }

    [Fact]
    public async Task Of_everybody_who_acknowledges_at_once_one_is_first_and_the_others_see_who()
    {
        await using var shift = await NightShift.Begin("anna@example.org", "ben@example.org");
        shift.Alarm(AlarmKind.Sos);
        var (annas, bens) = (shift.Link("anna@example.org"), shift.Link("ben@example.org"));
        using var street = await shift.LogIn("street");
        using var phone = shift.Phone();
        var taps = new List<Task<HttpResponseMessage>> { phone.PostAsync(annas, null), phone.PostAsync(annas, null), phone.PostAsync(bens, null) };
        taps.AddRange(Enumerable.Range(0, 5).Select(_ => NightShift.Post(street, "/now", "/alerts/1/acknowledge")));
        var answers = await Task.WhenAll(taps);

        Assert.Single(Audited(shift), action => action == "alert.acknowledged");
        var first = shift.Store.Read(AlertsTable.Open).Single().AcknowledgedBy;
        var winners = 0;
        foreach (var answer in answers)
        {
            winners += answer.StatusCode == HttpStatusCode.Found
                ? answer.Headers.Location!.ToString().EndsWith("late=1", StringComparison.Ordinal) ? 0 : 1
                : (await answer.Content.ReadAsStringAsync()).Contains("Danke. Das Team", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.Equal(1, winners);
        Assert.Contains($"{first} war schneller", WebUtility.HtmlDecode(await street.GetStringAsync("/alerts/1?late=1")));
    }

    [Fact]
    public async Task A_second_tap_by_the_same_person_is_no_second_person()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        shift.Alarm(AlarmKind.Sos);
        using var street = await shift.LogIn("street");
        for (var tap = 0; tap < 2; tap++)
        {
            Assert.Equal("/alerts/1", (await NightShift.Post(street, "/now", "/alerts/1/acknowledge")).Headers.Location!.OriginalString);
        }

        for (var tap = 0; tap < 2; tap++)
        {
            Assert.Equal("/alerts/1", (await NightShift.Post(street, "/now", "/alerts/1/resolve")).Headers.Location!.OriginalString);
        }
    }

    [Fact]
    public async Task Who_comes_after_the_condition_ended_is_told_that_it_is_over_and_not_that_somebody_was_first()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        shift.Alarm(AlarmKind.Cold);
        var link = shift.Link("anna@example.org");
        shift.Alarm(AlarmKind.Cold, active: false);
        shift.Pass(11);
        shift.Alarm(AlarmKind.Cold, active: false);
        using var phone = shift.Phone();
        var told = WebUtility.HtmlDecode(await (await phone.PostAsync(link, null)).Content.ReadAsStringAsync());
        Assert.Contains("Der Zustand ist schon vorbei.", told);
        Assert.DoesNotContain("schneller", told);
        using var street = await shift.LogIn("street");
        Assert.Contains("Der Zustand ist schon vorbei.", WebUtility.HtmlDecode(await street.GetStringAsync("/alerts/1?late=1")));
    }

    [Fact]
    public async Task The_list_puts_what_nobody_takes_care_of_first_and_the_page_shows_every_delivery()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        shift.Status(Occupancy.Occupied);
        shift.Alarm(AlarmKind.Cold);
        shift.Alarm(AlarmKind.Smoke);
        using var street = await shift.LogIn("street");
        var list = WebUtility.HtmlDecode(await street.GetStringAsync("/now"));
        Assert.True(list.IndexOf("Rauch", StringComparison.Ordinal) < list.IndexOf("Kälte", StringComparison.Ordinal));
        Assert.Contains("Belegt", list);

        await NightShift.Post(street, "/now", "/alerts/3/acknowledge");
        var page = WebUtility.HtmlDecode(await street.GetStringAsync("/alerts/3"));
        Assert.Contains("street", page);
        Assert.Contains("Briefkasten dieses Rechners · anna@example.org", page);
        Assert.Contains("zugestellt", page);
        Assert.Equal(HttpStatusCode.Found, (await NightShift.Post(street, "/alerts/3", "/alerts/3/resolve")).StatusCode);
        Assert.DoesNotContain(shift.Store.Read(AlertsTable.Open), alert => alert.Id == 3);
    }

    [Theory]
    [InlineData("facility")]
    [InlineData("editor")]
    [InlineData("planner")]
    public async Task Nobody_else_sees_cases_or_letters(string name)
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        shift.Alarm(AlarmKind.Smoke);
        using var phone = await shift.LogIn(name);
        foreach (var path in new[] { "/now", "/now/list", "/alerts/1", "/alerts/1/state", "/deliveries", "/deliveries/1" })
        {
            var answer = await phone.GetAsync(path);
            Assert.Equal((HttpStatusCode.Found, path), (answer.StatusCode, path));
            Assert.Contains("/no-access", answer.Headers.Location!.ToString());
        }
    }

    [Fact]
    public async Task An_administrators_look_is_logged_and_a_form_without_its_token_changes_nothing()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        shift.Alarm(AlarmKind.Smoke);
        using var admin = await shift.LogIn("admin");
        await admin.GetStringAsync("/alerts/1");
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsync("/alerts/1/acknowledge", new FormUrlEncodedContent([]))).StatusCode);
        Assert.Equal(["alert.looked-at"], Audited(shift));
    }

    [Fact]
    public async Task A_dead_letter_is_shown_and_replayed_by_one_button()
    {
        await using var shift = await NightShift.Begin("not an address");
        shift.Alarm(AlarmKind.Smoke);
        Assert.Equal(OutboxState.Dead, shift.Letters().Single().Message.State);
        using var street = await shift.LogIn("street");
        Assert.Contains("nicht zustellbar", WebUtility.HtmlDecode(await street.GetStringAsync("/deliveries")));
        Assert.Equal(HttpStatusCode.Found, (await NightShift.Post(street, "/deliveries/1", "/deliveries/1/replay")).StatusCode);
        shift.Settle();
        Assert.Equal(2, shift.Store.Read(db => OutboxTable.Attempts(db, 1)).Count);
        Assert.Contains("delivery.replayed", shift.Store.Read(db => AuditTable.Latest(db, 9)).Select(entry => entry.Action));
    }

    private static IEnumerable<string> Audited(NightShift shift) =>
        shift.Store.Read(db => AuditTable.Latest(db, 100)).Select(entry => entry.Action).Where(action => action.StartsWith("alert.", StringComparison.Ordinal) && action != "alert.acknowledged-late" && action != "alert.link-late");
}
