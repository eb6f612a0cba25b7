using Quartier.Kiosk;
using Quartier.Wire;

namespace Quartier.Tests.Kiosk;

/// <summary>How a catalogue comes over lines that are slow, silent or dead, and what becomes of one that cannot be taken.</summary>
public sealed class SyncTests
{
    [Fact]
    public void A_request_is_not_repeated_while_its_entries_still_come_however_late_acknowledgements_are()
    {
        var screen = Empty(96);
        screen.Gateway.Acknowledges = false;
        screen.Gateway.PauseMs = 10_000;
        screen.Run(TimeSpan.FromMinutes(20));
        Assert.Equal(96, screen.App.Catalogue.Count);
        Assert.Equal(3, Said(screen, ScreenTopics.Want));
    }

    [Fact]
    public void A_request_that_could_not_go_out_is_replaced_and_not_queued()
    {
        var screen = Empty(8);
        screen.Gateway.Withholds = true;
        screen.Settle();
        screen.Gateway.IsCongested = true;
        screen.Run(TimeSpan.FromMinutes(5));
        screen.Gateway.Heard.Clear();
        screen.Gateway.IsCongested = false;
        screen.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(1, Said(screen, ScreenTopics.Want));
    }

    [Fact]
    public void An_unanswered_request_is_asked_again_after_a_silence_ever_more_rarely()
    {
        var screen = Empty(8);
        screen.Gateway.Withholds = true;
        screen.Gateway.Acknowledges = false;
        screen.Run(TimeSpan.FromMinutes(10));
        Assert.InRange(Said(screen, ScreenTopics.Want), 5, 7);
    }

    /// <summary>A question is not acknowledged, so that a dead line would be found only at the next telemetry, minutes later.</summary>
    [Fact]
    public void When_a_request_stays_unanswered_something_goes_out_that_has_to_be_acknowledged()
    {
        var screen = Empty(8);
        screen.Gateway.Withholds = true;
        screen.Settle();
        screen.Gateway.Heard.Clear();
        screen.Run(TimeSpan.FromSeconds(25));
        Assert.Equal(1, Said(screen, ScreenTopics.Telemetry));
    }

    [Fact]
    public void A_manifest_whose_second_part_is_lost_is_asked_for_again()
    {
        var screen = Empty(300);
        screen.Gateway.LosesPart = 2;
        screen.Settle();
        screen.Gateway.LosesPart = 0;
        Assert.Equal(300, screen.Run(TimeSpan.FromMinutes(1)).App.Catalogue.Count);
    }

    [Fact]
    public void Five_hundred_entries_on_a_quick_line_take_seconds_and_sixteen_requests()
    {
        var screen = Empty(500);
        while (screen.App.Catalogue.Count < 500)
        {
            screen.StepOnce();
            Assert.True(screen.UptimeMs < 10_000, $"{screen.UptimeMs} ms");
        }

        Assert.Equal(16, Said(screen, ScreenTopics.Want));
    }

    [Fact]
    public void The_link_s_queue_holds_all_that_is_asked_for_at_once_and_the_longest_manifest() =>
        Assert.True(ScreenDialogue.InboundMax >= ScreenWant.EntriesMax + ((CatalogueStore.EntriesMax + CatalogueManifest.DigestsMax - 1) / CatalogueManifest.DigestsMax) + 2);

    [Fact]
    public void A_catalogue_that_does_not_fit_deletes_nothing_and_is_tried_again_ever_more_rarely()
    {
        var screen = ScreenTests.Connected();
        var shown = screen.App.Catalogue.Digest;
        screen.Gateway.Publish(Offers(CatalogueStore.EntriesMax + 1));
        screen.Gateway.Announce(shown);
        screen.Gateway.Heard.Clear();
        for (var minutes = 0; minutes < 24 * 60; minutes += 10)
        {
            screen.Run(TimeSpan.FromMinutes(10));
            // A gateway offers again by itself what it believes to be lost.
            screen.Gateway.Announce(screen.App.Catalogue.Digest);
        }

        Assert.Equal(shown, screen.App.Catalogue.Digest);
        Assert.Equal(9, screen.App.Catalogue.Count);
        Assert.InRange(Said(screen, ScreenTopics.Hello), 8, 14);

        // Another one that fits is taken at once.
        screen.Gateway.Publish(Offers(20));
        screen.Gateway.Announce(screen.App.Catalogue.Digest);
        Assert.Equal(20, screen.Settle().App.Catalogue.Count);
    }

    [Fact]
    public void While_a_catalogue_is_refused_acknowledgements_do_not_make_the_old_one_look_young()
    {
        var screen = ScreenTests.Connected();
        screen.Gateway.Publish(Offers(CatalogueStore.EntriesMax + 1));
        screen.Gateway.Announce(screen.App.Catalogue.Digest);
        Assert.Contains("⚠ Stand: vor 2", screen.Run(TimeSpan.FromHours(2.5)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_who_do_not_agree_about_what_is_shown_leave_the_line_in_peace()
    {
        var screen = ScreenTests.Connected();
        screen.Gateway.MistakesWhatIsShown = true;
        screen.Gateway.Publish(Offers(20));
        screen.Gateway.Announce(screen.App.Catalogue.Digest);
        screen.Gateway.Heard.Clear();
        screen.Run(TimeSpan.FromHours(24));
        Assert.Equal(9, screen.App.Catalogue.Count);
        Assert.InRange(Said(screen, ScreenTopics.Hello), 24, 32);
        screen.Gateway.MistakesWhatIsShown = false;
        Assert.Equal(20, screen.Run(TimeSpan.FromMinutes(61)).App.Catalogue.Count);
    }

    [Fact]
    public void A_session_is_dead_when_an_acknowledgement_is_late_and_nothing_else_came()
    {
        var life = new LinkLife();
        Assert.False(life.IsDead(1_000_000));
        life.Sent(1_000_000);
        life.Sent(1_030_000);
        Assert.False(life.IsDead(1_044_999));
        Assert.True(life.IsDead(1_045_000));

        // An entry came: the line lives, and what is unacknowledged may take its time.
        life.Heard(1_044_000, settled: false);
        Assert.False(life.IsDead(1_088_999));
        Assert.True(life.IsDead(1_089_000));
        life.Heard(1_060_000, settled: true);
        Assert.False(life.IsDead(9_000_000));
        life.Sent(9_000_000);
        life.Begin();
        Assert.False(life.IsDead(9_100_000));
    }

    private static DeskScreen Empty(int offers)
    {
        var screen = new DeskScreen(Samples.Wednesday);
        screen.Gateway.Publish(Offers(offers));
        return screen;
    }

    private static CatalogueEntry[] Offers(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Samples.Entry($"o{i}", i % 12, $"Angebot {i}", "", "", "", "", "", "", 0, ("2026-11-26T10:00+01:00", 60)))];

    private static int Said(DeskScreen screen, string leaf) => screen.Gateway.Heard.Count(heard => heard.Leaf == leaf);
}
