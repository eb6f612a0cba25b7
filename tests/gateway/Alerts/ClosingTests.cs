using System.Net;
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
    [InlineData("OutOfService", "Außer Betrieb, meldet noch: Rauch")]
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

    private static void Smoke(NightShift shift, bool burns)
    {
        shift.Status(Occupancy.Unknown, smoke: burns);
        var status = new ShelterStatusV1
        {
            Smoke = burns, CentiCelsius = ShelterStatusV1.CelsiusUnknown, Co2Ppm = ShelterStatusV1.Co2Unknown,
            HumidityPermille = ShelterStatusV1.HumidityUnknown, BatteryMillivolts = ShelterStatusV1.BatteryUnknown,
        };
        shift.Store.Write(db => SheltersTable.Observe(db, new ShelterObservation(NightShift.Pod, shift.Clock.Now, status), shift.Clock.Now));
    }
}
