using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Ingest;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>Which message of a device is the younger one. Minutes are counted from the message before, which has number 10 in session "a".</summary>
public sealed class OrderRulesTests
{
    private static readonly Instant Before = Instant.FromUtc(2026, 11, 22, 18, 0);

    [Theory]
    [InlineData("a", 11, 15d, 15, Order.Newest, 15, "the ordinary next report")]
    [InlineData("a", 11, null, 15, Order.Newest, 15, "without a time the receipt counts")]
    [InlineData("a", 9, -5d, 1, Order.Older, -5, "a lower number at an earlier time was overtaken")]
    [InlineData("a", 9, null, 1, Order.Older, 1, "a lower number without a time was overtaken")]
    [InlineData("a", 9, -10_000_000d, 1, Order.Older, 1, "a lower number from 2007 was overtaken")]
    [InlineData("a", 3, 15d, 15, Order.Newest, 15, "a lower number at a later time: the board counts from the beginning")]
    [InlineData("b", 0, 15d, 15, Order.Newest, 15, "a new session counts from the beginning")]
    [InlineData("b", 400, -15d, 1, Order.Doubtful, 1, "another session at an earlier time")]
    [InlineData("a", 11, -25d, 1, Order.Doubtful, 1, "number and time contradict each other")]
    [InlineData("a", 11, -0.9, 1, Order.Newest, 0, "honest clocks differ by a minute")]
    [InlineData("a", 11, -10_000_000d, 15, Order.Newest, 15, "a time of 2007 says nothing")]
    [InlineData("a", 11, 600d, 15, Order.Newest, 15, "a time in the future says nothing")]
    [InlineData("a", 11, 15.9, 15, Order.Newest, 15, "nothing happens later than it is heard of")]
    [InlineData("a", 11, 5d, 2000, Order.Newest, 5, "a backlog has its place in the past")]
    [InlineData("", null, 15d, 15, Order.Newest, 15, "a server that tells no numbers")]
    [InlineData("", null, -15d, 1, Order.Doubtful, 1, "a server that tells no numbers, and an earlier time")]
    public void Numbers_order_then_the_receipt_and_a_time_only_places(
        string session, int? counter, double? sentMinute, double nowMinute, Order order, double atMinute, string because)
    {
        var sent = sentMinute is { } minute ? At(minute) : (Instant?)null;
        Assert.Equal((order, At(atMinute), because), With(OrderRules.Judge(new LastMessage("a", 10, Before), session, counter, sent, At(nowMinute)), because));
    }

    [Fact]
    public void The_first_message_of_a_device_is_its_newest() =>
        Assert.Equal((Order.Newest, At(-30)), OrderRules.Judge(null, "a", 1, At(-30), At(0)));

    private static (Order, Instant, string) With((Order Order, Instant At) judged, string because) => (judged.Order, judged.At, because);

    private static Instant At(double minute) => Before + Duration.FromMinutes(minute);
}
