using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>A screen that refuses is left in peace for longer and longer, and never forgotten.</summary>
public sealed class RetryRulesTests
{
    private const string Old = "aaaaaaaaaaaaaaaa";
    private const string New = "bbbbbbbbbbbbbbbb";
    private static readonly Instant At = Instant.FromUtc(2026, 11, 28, 8, 0);

    [Theory]
    [InlineData(0, 10)]
    [InlineData(3, 10)]
    [InlineData(4, 20)]
    [InlineData(5, 40)]
    [InlineData(6, 60)]
    [InlineData(1_000_000, 60)]
    public void It_is_offered_again_after_a_pause_that_grows_to_an_hour(int refusals, int minutes)
    {
        var screen = Screen(New, refusals);
        Assert.False(RetryRules.IsDue(screen, At + Duration.FromMinutes(minutes) - Duration.FromSeconds(1)));
        Assert.True(RetryRules.IsDue(screen, At + Duration.FromMinutes(minutes)));
    }

    [Fact]
    public void Another_catalogue_is_due_at_once_unless_the_screen_refuses()
    {
        Assert.True(RetryRules.IsDue(Screen("cccccccccccccccc", 2), At));
        Assert.False(RetryRules.IsDue(Screen("cccccccccccccccc", 3), At));
        Assert.False(RetryRules.IsDue(Screen(New, 3) with { Shown = New }, At + Duration.FromDays(1)));
        Assert.False(RetryRules.IsDue(Screen(New, 0) with { Target = "" }, At + Duration.FromDays(1)));
    }

    [Fact]
    public void Only_the_same_digest_in_the_same_session_after_an_offer_is_a_refusal()
    {
        var screen = Screen(New, 2);
        Assert.Equal(3, RetryRules.AfterHello(screen, Old));
        Assert.Equal(0, RetryRules.AfterHello(screen, New));
        Assert.Equal(0, RetryRules.AfterHello(screen, "cccccccccccccccc"));
        Assert.Equal(2, RetryRules.AfterHello(screen with { IsNewSession = true }, Old));
        Assert.Equal(2, RetryRules.AfterHello(screen with { Offered = "" }, Old));
    }

    private static ScreenCatalogue Screen(string offered, int refusals) => new("eselsberg-1", Old, At, offered, At) { Target = New, Refusals = refusals };
}
