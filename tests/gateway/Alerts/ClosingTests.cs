using System.Net;
using Dapper;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Alerts;

/// <summary>A case is closed while the pod still reports its condition: the page asks, and both pages go on telling it.</summary>
public sealed class ClosingTests
{
    [Theory]
    [InlineData("FalseAlarm", "Nicht bereit, meldet noch: Rauch")]
    [InlineData("StillReports", "Nicht bereit, meldet noch: Rauch")]
    [InlineData("OutOfService", "Grund: Toast verbrannt (street)")]
    public async Task What_still_burns_is_closed_only_with_a_word_on_which_it_is_and_both_pages_go_on_telling_it(string closing, string told)
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        Smoke(shift, true);
        using var street = await shift.LogIn("street");
        await NightShift.Post(street, "/now", "/alerts/1/acknowledge");
        foreach (var fields in new Dictionary<string, string>[] { [], new() { ["closing"] = closing, ["note"] = "  " }, new() { ["closing"] = "7", ["note"] = "x" } })
        {
            Assert.Equal("/alerts/1?ask=1", (await NightShift.Post(street, "/alerts/1", "/alerts/1/resolve", fields)).Headers.Location!.OriginalString);
        }

        Assert.True(shift.Store.Read(db => AlertsTable.Find(db, 1))!.IsOpen);
        await NightShift.Post(street, "/alerts/1", "/alerts/1/resolve", new() { ["closing"] = closing, ["note"] = "Toast verbrannt" });
        Assert.False(shift.Store.Read(db => AlertsTable.Find(db, 1))!.IsOpen);
        for (var report = 0; report < 3; report++)
        {
            shift.Pass(14);
            Smoke(shift, true);
            var now = WebUtility.HtmlDecode(await street.GetStringAsync("/now"));
            Assert.Contains(told, now);
            Assert.DoesNotContain("Gerade ist kein Alarm offen", now);
            Assert.Contains("Rauch", WebUtility.HtmlDecode(await street.GetStringAsync("/board")));
        }

        Assert.Contains("Toast verbrannt", WebUtility.HtmlDecode(await street.GetStringAsync("/alerts/1")));
        Assert.DoesNotContain(shift.Store.Read(AlertsTable.Open), alert => alert.Kind == AlertKind.Smoke);
        Smoke(shift, false);
        Assert.DoesNotContain("meldet noch", WebUtility.HtmlDecode(await street.GetStringAsync("/now")));
        Smoke(shift, true);
        Assert.Contains(shift.Store.Read(AlertsTable.Open), alert => alert.Kind == AlertKind.Smoke);
    }

    [Fact]
    public async Task What_the_pod_no_longer_reports_is_closed_by_one_tap()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        Smoke(shift, true);
        Smoke(shift, false);
        using var street = await shift.LogIn("street");
        await NightShift.Post(street, "/now", "/alerts/1/acknowledge");
        await NightShift.Post(street, "/alerts/1", "/alerts/1/resolve");
        Assert.False(shift.Store.Read(db => AlertsTable.Find(db, 1))!.IsOpen);
    }

    [Fact]
    public async Task The_question_is_asked_whoever_closes_and_a_letters_link_closes_nothing()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        Smoke(shift, true);
        var (open, first, asks) = shift.Store.Write(db => AlertCases.Resolve(db, 1, "anna", shift.Clock.Now))!.Value;
        Assert.Equal((true, false, true), (open.IsOpen, first, asks));
        Assert.True(shift.Store.Write(db => AlertCases.Resolve(db, 1, "anna", shift.Clock.Now, new ClosingWord(Closing.FalseAlarm, "")))!.Value.Asks);
        using var phone = shift.Phone();
        await phone.PostAsync(shift.Link("anna@example.org"), new FormUrlEncodedContent([new("closing", "FalseAlarm"), new("note", "x")]));
        var taken = shift.Store.Read(db => AlertsTable.Find(db, 1))!;
        Assert.Equal((true, "anna@example.org"), (taken.IsOpen, taken.AcknowledgedBy));
    }

    /// <summary>Goal: one truth. Method: every combination of case and last report; what each page says is read from its words.</summary>
    [Fact]
    public async Task Now_and_the_board_agree_on_whether_something_burns()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        using var street = await shift.LogIn("street");
        foreach (var holds in new[] { true, false })
        {
            foreach (var state in new[] { "none", "open", "FalseAlarm", "StillReports", "OutOfService" })
            {
                Arrange(shift, state, holds);
                var now = WebUtility.HtmlDecode(await street.GetStringAsync("/now/list"));
                var board = WebUtility.HtmlDecode(await street.GetStringAsync("/board"));
                var told = $"{state}, holds {holds}:\n{now}\n{board}";
                var burnsNow = now.Contains("meldet noch: Rauch") || (now.Contains("Rauch · Karlsplatz") && !now.Contains("Der Zustand endete"));
                Assert.True(burnsNow == holds, told);
                Assert.True(board.Contains("class=\"alarm\"") == holds, told);
                Assert.True(now.Contains("meldet noch: Rauch") == board.Contains("meldet noch: Rauch"), told);
                Assert.True(now.Contains("Gerade ist kein Alarm offen") == (!holds && state != "open"), told);
                Assert.True(board.Contains("der Fall ist noch offen") == (!holds && state == "open"), told);
                Assert.True(now.Contains("Außer Betrieb seit") == (state == "OutOfService"), told);
                Assert.True(board.Contains("Außer Betrieb seit") == (state == "OutOfService"), told);
            }
        }
    }

    private static void Arrange(NightShift shift, string state, bool holds)
    {
        shift.Clock.Pass(NodaTime.Duration.FromMinutes(1));
        shift.Store.Write(db => db.Execute("DELETE FROM alerts; DELETE FROM pods;"));
        if (state == "none")
        {
            shift.Store.Write(db => SheltersTable.Observe(db, Observation(shift, holds), shift.Clock.Now));
            return;
        }

        Smoke(shift, true);
        var id = shift.Store.Read(AlertsTable.Open).Single(alert => alert.Kind == AlertKind.Smoke).Id;
        if (Enum.TryParse<Closing>(state, out var closing))
        {
            shift.Store.Write(db => AlertCases.Resolve(db, id, "anna", shift.Clock.Now, new ClosingWord(closing, "nachgesehen")));
        }

        shift.Clock.Pass(NodaTime.Duration.FromMinutes(1));
        Smoke(shift, holds);
    }

    private static void Smoke(NightShift shift, bool burns)
    {
        shift.Store.Write(db => SheltersTable.Observe(db, Observation(shift, burns), shift.Clock.Now));
        shift.Status(Occupancy.Unknown, smoke: burns);
    }

    private static ShelterObservation Observation(NightShift shift, bool burns) => new(NightShift.Pod, shift.Clock.Now, new PodStatus
    {
        Occupancy = Occupancy.Free,
        Reason = OccupancyReason.Starting,
        Smoke = burns,
    });
}
