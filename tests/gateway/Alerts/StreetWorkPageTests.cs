using System.Net;
using System.Text.RegularExpressions;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Store.Outbox;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Alerts;

/// <summary>docs/street-work.md tells a team when it is called and when not; here its numbers are held against the rules.</summary>
public class StreetWorkPageTests
{
    private static readonly string Page = Regex.Replace(File.ReadAllText(Checkout.PathTo("docs", "street-work.md")), @"\s+", " ");

    [Fact]
    public void Cases_repeat_end_and_are_kept_as_the_page_says()
    {
        var minutes = AlertRules.RepeatAfter.Select(pause => pause.TotalMinutes).ToList();
        Assert.Contains($"told again after {string.Join(", ", minutes.SkipLast(1))}, then every {minutes[^1]} minutes", Page);
        Assert.Equal((1.0, 1.0), (AlertRules.RecallAfter.TotalHours, OutboxTable.QuietWaits.TotalHours));
        Assert.Contains("call again at most hourly", Page);
        Assert.Contains("a quiet letter waits up to an hour", Page);
        Assert.Equal(30, AlertRules.StaySettles.TotalMinutes);
        Assert.Contains("has reported *free* for half an hour", Page);
        Assert.Equal(2, ShelterRules.FreshHeartbeats);
        Assert.Contains("two heartbeats without a report", Page);
        Assert.Contains($"works without a log-in, once, for {AcknowledgeLink.Lifetime.TotalHours} hours", Page);
        Assert.Contains($"deleted after {new GatewayOptions { DataDirectory = "" }.RawRetention.Days} days, safety cases {AlertNotices.SafetyKept.Days} days after", Page);
    }

    [Fact]
    public void A_receiver_is_asked_again_as_the_page_says()
    {
        Assert.Equal((5.0, 5.0, 3.0), (OutboxRules.FirstDelay.TotalSeconds, OutboxRules.LongestDelay.TotalMinutes, OutboxRules.Patience.TotalDays));
        Assert.Contains("tried again after 5 s, 10 s, … 5 min, for three days", Page);
        var final = Enumerable.Range(300, 300).Where(code => WebhookChannel.Judge((HttpStatusCode)code) == SendOutcome.Refused).ToList();
        Assert.Contains($"{string.Join(", ", final.SkipLast(1))} and {final[^1]} mean *never again*", Page);
    }

    [Fact]
    public void Every_duty_that_can_be_red_and_the_clock_are_explained()
    {
        Assert.All(Duties.All, duty => Assert.Contains($"`{duty.FaultName}`", Page));
        Assert.Contains($"`{ClockWatch.Fault.Name}`", Page);
    }
}
