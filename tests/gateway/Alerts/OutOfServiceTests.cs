using System.Net;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Alerts;

/// <summary>A pod whose sensor or radio is dead calls nobody until a person puts it back, but for new smoke and a new call for help.</summary>
public sealed class OutOfServiceTests
{
    [Fact]
    public async Task Out_of_service_calls_nobody_but_smoke_and_sos_break_it_and_say_so()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        Close(shift, 1);
        var letters = shift.Letters().Count;
        shift.Alarm(AlarmKind.Smoke, true, 1);
        shift.Alarm(AlarmKind.Cold, true, 2);
        shift.Alarm(AlarmKind.Tamper, true, 3);
        shift.Status(Occupancy.Occupied);
        shift.Pass(60);
        shift.Pass(60);
        Assert.Equal(letters, shift.Letters().Count(letter => letter.Letter.Subject.Contains("Karlsplatz", StringComparison.Ordinal)));
        Assert.Equal(
            [AlertKind.Cold, AlertKind.Tamper, AlertKind.Occupied, AlertKind.Silent],
            shift.Store.Read(AlertsTable.Open).Where(alert => alert.Pod == NightShift.Pod).Select(alert => alert.Kind).Order());
        shift.Alarm(AlarmKind.Sos, true, 4);
        Assert.EndsWith("außer Betrieb / out of service", shift.Subjects().Last(), StringComparison.Ordinal);
        shift.Alarm(AlarmKind.Smoke, true, 5);
        Assert.StartsWith("ALARM Rauch", shift.Subjects().Last(), StringComparison.Ordinal);
        Assert.Contains("defekt, Technik bestellt", shift.Letters()[^1].Letter.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_press_puts_the_pod_back_and_what_was_held_back_calls()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        Close(shift, 1);
        shift.Alarm(AlarmKind.Cold, true, 2);
        Assert.DoesNotContain(shift.Subjects(), subject => subject.Contains("Kälte", StringComparison.Ordinal));
        using var street = await shift.LogIn("street");
        Assert.Contains("Grund: defekt, Technik bestellt (anna)", WebUtility.HtmlDecode(await street.GetStringAsync("/now")), StringComparison.Ordinal);
        Assert.Contains("Grund: defekt, Technik bestellt (anna)", WebUtility.HtmlDecode(await street.GetStringAsync("/board")), StringComparison.Ordinal);
        for (var press = 0; press < 2; press++)
        {
            var answer = await NightShift.Post(street, "/now", "/now/in-service", new() { ["pod"] = NightShift.Pod });
            Assert.Equal("/now", answer.Headers.Location!.OriginalString);
        }

        shift.Tick();
        Assert.Null(shift.Store.Read(db => SheltersTable.Find(db, NightShift.Pod))!.Out);
        Assert.DoesNotContain("Außer Betrieb seit", WebUtility.HtmlDecode(await street.GetStringAsync("/board")), StringComparison.Ordinal);
        Assert.Single(shift.Subjects(), subject => subject.StartsWith("ALARM Kälte", StringComparison.Ordinal));
        Assert.Single(shift.Store.Read(db => AuditTable.Latest(db, 50)), entry => entry.Action == "alert.in-service" && entry.Who == "street");
    }

    [Fact]
    public async Task News_of_a_case_that_was_told_before_is_still_told()
    {
        await using var shift = await NightShift.Begin("anna@example.org");
        Close(shift, 1);
        Assert.StartsWith("Abgeschlossen / closed: Rauch", shift.Subjects().Last(), StringComparison.Ordinal);
    }

    private static void Close(NightShift shift, int number)
    {
        shift.Store.Write(db => SheltersTable.Report(db, new AlarmReport(NightShift.Pod, shift.Clock.Now, AlarmKind.Smoke, true, number, 0), shift.Clock.Now));
        shift.Alarm(AlarmKind.Smoke, true, number);
        shift.Store.Write(db => AlertCases.Resolve(db, 1, "anna", shift.Clock.Now, new ClosingWord(Closing.OutOfService, "defekt, Technik bestellt")));
        shift.Tick();
    }
}
