using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Tests.Support;
using Quartier.Wire;

namespace Quartier.Tests.Kiosk;

/// <summary>What only shows when a screen runs for hours, at odd times, or under odd hands.</summary>
public sealed class LongRunTests
{
    /// <summary>The device has some 100 kB and a simple collector. Steps that draw make words of numbers and steps that talk to the
    /// gateway make messages; every other step of six hours, page turns and standby included, must make nothing.</summary>
    [Fact]
    public void Six_hours_of_steps_allocate_nothing_but_for_pictures_and_messages()
    {
        var screen = ScreenTests.Connected();
        screen.Run(TimeSpan.FromMinutes(10));
        var (idle, bytes) = (0, 0L);
        for (var end = screen.UptimeMs + (long)TimeSpan.FromHours(6).TotalMilliseconds; screen.UptimeMs < end;)
        {
            var (version, heard) = (screen.Canvas.Version, screen.Gateway.Heard.Count);
            var before = GC.GetAllocatedBytesForCurrentThread();
            screen.StepOnce();
            var made = GC.GetAllocatedBytesForCurrentThread() - before;
            if (screen.Canvas.Version == version && screen.Gateway.Heard.Count == heard)
            {
                idle++;
                bytes += made;
            }
        }

        Assert.Equal(0, bytes);
        Assert.True(idle > 18_000, $"{idle} steps neither drew nor talked");
    }

    [Fact]
    public void Without_a_clock_the_content_s_age_still_grows_on_every_page()
    {
        var screen = ScreenTests.Connected();
        screen.TimeKnown = false;
        screen.Gateway.Online = false;
        screen.App.View.Open(Page.Categories);
        screen.App.Refresh();
        Assert.Contains("gerade eben", screen.Run(TimeSpan.FromSeconds(5)).Text, StringComparison.Ordinal);
        Assert.Contains("vor 2 Min.", screen.Run(TimeSpan.FromSeconds(150)).Text, StringComparison.Ordinal);
    }

    /// <summary>The day before has 25 hours in October and 23 in March; an offer without a stated end lasts to the wall clock's midnight.</summary>
    [Theory]
    [InlineData("2026-10-25T00:00+02:00", "2026-10-25T23:30+01:00", true)]
    [InlineData("2026-10-25T00:00+02:00", "2026-10-26T00:01+01:00", false)]
    [InlineData("2027-03-28T00:00+01:00", "2027-03-28T23:58+02:00", true)]
    [InlineData("2027-03-28T00:00+01:00", "2027-03-29T00:01+02:00", false)]
    [InlineData("2026-11-25T00:00+01:00", "2026-11-25T23:58+01:00", true)]
    [InlineData("2026-11-25T00:00+01:00", "2026-11-26T00:01+01:00", false)]
    public void A_whole_day_ends_at_midnight_also_when_the_clocks_change(string day, string at, bool shown)
    {
        var offer = Samples.Entry("tag", 7, "Tag der offenen Tür", "", "", "", "Saal", "", "", 0, (day, 0));
        offer.AllDay = [true];
        var screen = new DeskScreen(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture));
        screen.Gateway.Publish(offer);
        Assert.Equal(shown, screen.Settle().Text.Contains("Tag der offenen Tür", StringComparison.Ordinal));
    }

    [Fact]
    public void A_clock_that_was_wrong_and_goes_back_brings_the_day_s_offers_back()
    {
        var screen = ScreenTests.Connected();
        screen.Skew = TimeSpan.FromHours(8);
        Assert.DoesNotContain("jetzt bis 16:00", Pages(screen), StringComparison.Ordinal);
        screen.Skew = TimeSpan.Zero;
        Assert.Contains("jetzt bis 16:00", Pages(screen), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_part_that_the_other_language_does_not_need_is_not_an_empty_page()
    {
        var screen = new DeskScreen(Samples.Wednesday);
        var offer = Samples.Entry("lang", 1, "Sprachkurs", "Course", string.Concat(Enumerable.Repeat("Wir lernen Deutsch. ", 40)), "Short and clear.", "", "", "", 1, ("2026-11-25T15:00+01:00", 60));
        offer.Provider = "";
        screen.Gateway.Publish(offer);
        screen.Settle();
        Assert.True(screen.App.OpenOffer("lang", screen.UptimeMs));
        screen.Run(TimeSpan.FromSeconds(2));
        Assert.True(screen.App.View.PartCount > 1);
        screen.App.View.Part = 1;
        screen.App.Words.Language = "en";
        screen.App.Refresh();
        Assert.Contains("Short and clear.", screen.Run(TimeSpan.FromSeconds(2)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_staff_want_no_standby_a_visit_still_ends_and_the_light_stays()
    {
        var screen = ScreenTests.Connected();
        var settings = ScreenSettings.Usual();
        settings.StandbyMinutes = 0;
        screen.Gateway.Send(ScreenTopics.Settings, settings.Encode);
        screen.Press(Key.Previous, Key.Select);
        Assert.Equal(Page.Emergency, screen.App.View.Page);
        Assert.Equal(Page.Now, screen.Run(TimeSpan.FromMinutes(4)).App.View.Page);
        Assert.Equal(100, screen.Backlight);
    }

    [Fact]
    public void What_the_screen_knows_already_costs_no_write_to_flash()
    {
        var screen = ScreenTests.Connected();
        var notice = new ScreenNotice { Id = 7, UntilUnixSeconds = 1_800_000_000, Languages = ["de"], Texts = ["Heute ab 16 Uhr geschlossen."], Priority = 1 };
        screen.Gateway.Send(ScreenTopics.Notice, notice.Encode);
        Assert.Contains("geschlossen", screen.Settle().Text, StringComparison.Ordinal);
        var writes = screen.Flash.Writes;
        screen.Gateway.Send(ScreenTopics.Notice, notice.Encode);
        screen.Settle();
        Assert.Equal(writes, screen.Flash.Writes);
    }

    [Theory]
    [InlineData(48_000L, 48_000L)]
    [InlineData(null, ScreenTelemetry.HeapUnknown)]
    public void Telemetry_says_what_the_board_can_tell_and_invents_nothing(long? board, long told)
    {
        var screen = ScreenTests.Connected();
        screen.FreeHeap = board;
        screen.Run(TimeSpan.FromMinutes(6));
        var last = screen.Gateway.Heard.Last(heard => heard.Leaf == ScreenTopics.Telemetry).Payload;
        Assert.True(ScreenTelemetry.TryDecode(last, last.Length, out var telemetry));
        Assert.Equal(told, telemetry.FreeHeapBytes);
        Assert.Equal(ScreenTelemetry.SignalUnknown, telemetry.RssiDbm);
    }

    [Fact]
    public void A_link_that_breaks_while_entries_are_awaited_lets_the_board_sleep()
    {
        var screen = new DeskScreen(Samples.Wednesday);
        screen.Gateway.Publish(Samples.Quarter());
        screen.Gateway.Withholds = true;
        screen.Settle();
        Assert.Equal(50, screen.App.Step(screen.UptimeMs) - screen.UptimeMs);
        screen.Gateway.Online = false;
        screen.Settle();
        Assert.Equal(1000, screen.App.Step(screen.UptimeMs) - screen.UptimeMs);
        (screen.Gateway.Online, screen.Gateway.Withholds) = (true, false);
        Assert.Equal(9, screen.Settle().App.Catalogue.Count);
    }

    /// <summary>Goal: no sequence of keys, touches, cuts, wrong clocks, new catalogues, torn writes and restarts ends in an empty page,
    /// an offer that is over, or words beyond the glass. Method: seeded walks on both panels, asked after every act.</summary>
    [Fact]
    public void No_odd_hand_and_no_odd_day_brings_the_screen_to_a_bad_page()
    {
        var seen = new HashSet<Page>();
        for (var seed = 1; seed <= 8 || (seen.Count < 6 && seed <= 20); seed++)
        {
            var gen = new Gen((ulong)seed);
            var panel = gen.Pick(["320x240", "480x320"]);
            var screen = new DeskScreen(Samples.Wednesday, panel);
            screen.Gateway.Publish(Samples.Quarter());
            for (var act = 0; act < 120; act++)
            {
                screen = Act(screen, gen, panel);
                Judge(screen, $"seed {seed}, act {act}");
                seen.Add(screen.App.View.Page);
            }
        }

        Assert.Equal(6, seen.Count);
    }

    private static DeskScreen Act(DeskScreen screen, Gen gen, string panel)
    {
        switch (gen.Next(12))
        {
            case 0:
                screen.Gateway.Online = !screen.Gateway.Online;
                break;
            case 1:
                screen.TimeKnown = gen.Next(3) > 0;
                break;
            case 2:
                screen.Gateway.Publish(gen.Next(3) == 0 ? Samples.LongWords() : [.. Samples.Quarter().Where(_ => gen.Next(4) > 0)]);
                screen.Gateway.Announce([]);
                break;
            case 3:
                screen.Gateway.Send(ScreenTopics.Notice, new ScreenNotice
                {
                    Id = (uint)gen.Next(100), UntilUnixSeconds = Samples.Wednesday.ToUnixTimeSeconds() + gen.Next(40_000), Languages = ["de", "en"],
                    Texts = [string.Concat(Enumerable.Repeat("Heizung gestört. ", 1 + gen.Next(20))), "Heating fault."], Priority = gen.Next(3),
                }.Encode);
                break;
            case 4:
                screen = Restarted(screen, gen, panel);
                break;
            case 5:
                screen.Run(TimeSpan.FromMinutes(gen.Next(90)));
                break;
            case 6:
            case 7:
                screen.Touch(gen.Next(screen.WidthPixels), gen.Next(screen.HeightPixels));
                break;
            case 8:
                screen.App.OpenOffer("", screen.UptimeMs);
                screen.Press(Key.Next, Key.Next, Key.Select);
                break;
            default:
                screen.Press(gen.Pick([Key.Previous, Key.Next, Key.Select, Key.Select]));
                break;
        }

        return screen.Run(TimeSpan.FromSeconds(1 + gen.Next(40)));
    }

    private static DeskScreen Restarted(DeskScreen screen, Gen gen, string panel)
    {
        screen.Flash.CutWrite = gen.Next(2) * (1 + gen.Next(4));
        screen.Flash.KeptPermille = gen.Next(1001);
        screen.Run(TimeSpan.FromSeconds(30));
        screen.Flash.Mend();
        return new DeskScreen(screen.Now, panel, screen.Flash, screen.Gateway) { TimeKnown = screen.TimeKnown };
    }

    private static void Judge(DeskScreen screen, string at)
    {
        var view = screen.App.View;
        var text = screen.Text;
        Assert.True(view.Part >= 0 && view.Part < view.PartCount, $"{at}: {view.Page} part {view.Part} of {view.PartCount}, focus {view.Focus} of {view.FocusCount}\n{text}");
        Assert.True(view.ButtonCount is 2 or 3, $"{at}: {view.Page} with {view.ButtonCount} buttons\n{text}");
        Assert.True(screen.Canvas.TextsCutOff == 0, $"{at}: words beyond the glass\n{text}");
        Assert.True(text.Split('\n').Length > 3, $"{at}: an empty page\n{text}");
        if (!screen.TimeKnown)
        {
            Assert.True(text.Contains("Uhrzeit unbekannt", StringComparison.Ordinal) || text.Contains("Time unknown", StringComparison.Ordinal), $"{at}: {view.Page}\n{text}");
            return;
        }

        var minute = screen.Now.ToUnixTimeSeconds() / 60;
        foreach (var entry in screen.Gateway.Entries)
        {
            var isOver = entry.StartUnixMinutes.Length > 0 && Enumerable.Range(0, entry.StartUnixMinutes.Length)
                .All(i => entry.StartUnixMinutes[i] + (entry.DurationMinutes[i] > 0 ? entry.DurationMinutes[i] : 60) < minute - 1);
            Assert.False(isOver && text.Contains(entry.Titles[0], StringComparison.Ordinal), $"{at}: {entry.Titles[0]} is over\n{text}");
        }
    }

    private static string Pages(DeskScreen screen)
    {
        var everything = screen.Run(TimeSpan.FromMinutes(1)).Text;
        for (var part = 0; part < screen.App.View.PartCount; part++)
        {
            everything += screen.Run(TimeSpan.FromSeconds(10)).Text;
        }

        return everything;
    }
}
