using NodaTime;
using Quartier.Gateway.Store.Outbox;
using Xunit;

namespace Quartier.Tests.Gateway.Outbox;

public class OutboxRulesTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 21, 22, 0);
    private static readonly OutboxMessage Message =
        new(1, "mail", "s", "k", "", Now, Now, Now + OutboxRules.Patience, 1, OutboxState.Sending, null, null);

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(6, 160)]
    [InlineData(7, 300)]
    [InlineData(8, 300)]
    [InlineData(100_000, 300)]
    public void Delays_double_up_to_five_minutes_within_a_fifth(int attempts, int seconds)
    {
        for (var i = 0; i < 200; i++)
        {
            Assert.InRange(OutboxRules.Delay($"key {i}", attempts).TotalSeconds, seconds * 0.8, seconds * 1.2);
        }
    }

    [Fact]
    public void The_jitter_depends_on_the_key_alone_and_spreads()
    {
        Assert.Equal(OutboxRules.Delay("a", 3), OutboxRules.Delay("a", 3));
        Assert.True(Enumerable.Range(0, 100).Select(i => OutboxRules.Delay($"k{i}", 7)).Distinct().Count() > 60);
    }

    [Fact]
    public void What_follows_from_an_attempt()
    {
        var sent = OutboxRules.After(Message, new SendResult(SendOutcome.Accepted, "250 ok"), Now);
        Assert.Equal((OutboxState.Sent, (Instant?)Now, (string?)null), (sent.State, sent.SentAt, sent.LastError));

        var failed = OutboxRules.After(Message, new SendResult(SendOutcome.Failed, "no answer"), Now);
        Assert.Equal((OutboxState.Waiting, "no answer"), (failed.State, failed.LastError));
        Assert.Equal(Now + OutboxRules.Delay("k", 1), failed.DueAt);

        Assert.Equal(OutboxState.Dead, OutboxRules.After(Message, new SendResult(SendOutcome.Refused, "550"), Now).State);
        var late = Message.GiveUpAt;
        Assert.Equal(OutboxState.Dead, OutboxRules.After(Message, new SendResult(SendOutcome.Failed, "no answer"), late).State);
        Assert.Equal(OutboxState.Sent, OutboxRules.After(Message, new SendResult(SendOutcome.Accepted, ""), late).State);
    }
}
