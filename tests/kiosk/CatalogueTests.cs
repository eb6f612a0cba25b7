using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Simulator.Boards;
using Quartier.Wire;

namespace Quartier.Tests.Kiosk;

public sealed class CatalogueTests
{
    /// <summary>Goal: whatever a cut leaves, the next start shows the old catalogue or the new one, whole, and then catches up.
    /// Method: cut the n-th flash write of an update, for n upward until none is cut, keeping several lengths of the torn write.</summary>
    [Fact]
    public void A_power_cut_at_any_write_leaves_the_old_or_the_new_catalogue()
    {
        var first = ScreenTests.Connected();
        var (old, stored) = (first.Gateway.Digest, first.Flash);
        var changed = Samples.Quarter()[2..].Append(Samples.Entry("neu", 10, "Seniorenkaffee", "", "Neu im Programm.", "", "Bürgerhaus", "", "", 1, ("2026-11-26T14:00+01:00", 90))).ToArray();
        var cuts = 0;
        for (var write = 1; ; write++)
        {
            var wasCut = false;
            foreach (var kept in new[] { 0, 1, 300, 600, 990, 1000 })
            {
                var flash = stored.Copy();
                (flash.CutWrite, flash.KeptPermille) = (write, kept);
                var gateway = new DeskGateway(DeskScreen.Device);
                gateway.Publish(changed);
                new DeskScreen(Samples.Wednesday, flash: flash, gateway: gateway).Settle();
                wasCut |= flash.IsCut;
                flash.Mend();

                var after = new DeskScreen(Samples.Wednesday, flash: flash, gateway: new DeskGateway(DeskScreen.Device) { Online = false }).Settle();
                Assert.True(after.App.Catalogue.Digest.SequenceEqual(old) || after.App.Catalogue.Digest.SequenceEqual(gateway.Digest), $"write {write}, {kept} ‰ kept");
                after.Gateway.Publish(changed);
                after.Gateway.Online = true;
                Assert.Equal(gateway.Digest, after.Run(TimeSpan.FromMinutes(2)).App.Catalogue.Digest);
            }

            if (!wasCut)
            {
                break;
            }

            cuts++;
        }

        Assert.True(cuts >= 2, $"{cuts} writes were cut");
    }

    [Fact]
    public void Only_what_changed_travels_and_the_new_digest_is_confirmed()
    {
        var screen = ScreenTests.Connected();
        var whole = screen.Gateway.BytesDown;
        screen.Gateway.Publish([.. Samples.Quarter(), Samples.Entry("neu", 10, "Seniorenkaffee", "", "", "", "Bürgerhaus", "", "", 1, ("2026-11-26T14:00+01:00", 90))]);
        screen.Gateway.Announce(screen.App.Catalogue.Digest);
        screen.Settle();
        Assert.Equal(10, screen.App.Catalogue.Count);
        Assert.InRange(screen.Gateway.BytesDown - whole, 1, 400);
        var last = screen.Gateway.Heard.Last(heard => heard.Leaf == ScreenTopics.Hello).Payload;
        Assert.True(ScreenHello.TryDecode(last, last.Length, out var hello));
        Assert.Equal(screen.Gateway.Digest, hello.Catalogue);
    }

    [Fact]
    public void Entries_that_no_generation_names_give_their_room_back()
    {
        var screen = new DeskScreen(Samples.Wednesday, flash: new MemoryFlash(SimulatedFlash.PartitionOf4Mb));
        for (var round = 0; round < 12; round++)
        {
            screen.Gateway.Publish([.. Enumerable.Range(0, 30).Select(i => Samples.Entry($"o{round}-{i}", i % 12, $"Angebot {i}", "", new string('x', 1_000), "", "", "", "", 0, ("2026-11-26T10:00+01:00", 60)))]);
            screen.Gateway.Announce([]);
            screen.Run(TimeSpan.FromSeconds(30));
            Assert.Equal(screen.Gateway.Digest, screen.App.Catalogue.Digest);
        }

        Assert.InRange(screen.Flash.Names.Count(name => name.StartsWith("log.", StringComparison.Ordinal)), 4, 9);
    }

    /// <summary>Asked for again and again, a catalogue that does not fit must not cost the one on show.</summary>
    [Fact]
    public void A_gateway_that_sends_more_than_fits_changes_nothing_on_the_screen()
    {
        var screen = new DeskScreen(Samples.Wednesday, flash: new MemoryFlash(SimulatedFlash.PartitionOf4Mb));
        screen.Gateway.Publish(Samples.Quarter());
        var shown = screen.Settle().App.Catalogue.Digest;
        screen.Gateway.Publish([.. Enumerable.Range(0, 90).Select(i => Samples.Entry($"o{i}", i % 12, $"Angebot {i}", "Offer", new string('x', 1_150), new string('y', 1_150), "", "", "", 0, ("2026-11-26T10:00+01:00", 60)))]);
        screen.Gateway.Announce([]);
        for (var minute = 0; minute < 20; minute++)
        {
            screen.Run(TimeSpan.FromMinutes(1));
            Assert.Equal(shown, screen.App.Catalogue.Digest);
            Assert.DoesNotContain("Die Angebote", screen.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_hello_says_what_the_screen_can_hold()
    {
        var screen = ScreenTests.Connected();
        var last = screen.Gateway.Heard.Last(heard => heard.Leaf == ScreenTopics.Hello).Payload;
        Assert.True(ScreenHello.TryDecode(last, last.Length, out var hello));
        Assert.Equal(500, hello.CapacityEntries);
        Assert.InRange(hello.CapacityBytes, 1_000_000, 1_500_000);
    }

    /// <summary>Its look-up and its handshake stop the whole board for seconds.</summary>
    [Fact]
    public void What_is_stored_is_on_show_before_the_link_is_given_time()
    {
        var screen = ScreenTests.Connected();
        var count = screen.App.Catalogue.Count;
        var again = new DeskScreen(Samples.Wednesday, flash: screen.Flash);
        again.Gateway.Publish(Samples.Quarter());
        while (again.Gateway.LinkSteps == 0)
        {
            again.StepOnce();
        }

        Assert.Equal(count, again.App.Catalogue.Count);
    }

    /// <summary>The gateway cuts its catalogue to what a screen says: a flash that others fill must not cost what is on show.</summary>
    [Fact]
    public void A_screen_whose_flash_others_have_filled_asks_for_no_less_than_it_shows()
    {
        var screen = new DeskScreen(Samples.Wednesday, flash: new MemoryFlash(SimulatedFlash.PartitionOf4Mb));
        screen.Gateway.Publish(Samples.Quarter());
        var shown = screen.Settle().App.Catalogue;
        var block = new byte[FlashBlocks.BlockBytes];
        while (screen.Flash.Append("stranger", block, block.Length) == FlashStatus.Ok)
        {
        }

        screen.Gateway.Publish([.. Enumerable.Range(0, 40).Select(i => Samples.Entry($"o{i}", i % 12, $"Angebot {i}", "Offer", new string('x', 1_150), "", "", "", "", 0, ("2026-11-26T10:00+01:00", 60)))]);
        screen.Gateway.Announce([]);
        screen.Run(TimeSpan.FromHours(2));
        var last = screen.Gateway.Heard.Last(heard => heard.Leaf == ScreenTopics.Hello).Payload;
        Assert.True(ScreenHello.TryDecode(last, last.Length, out var hello));
        Assert.Equal(shown.Digest, screen.App.Catalogue.Digest);
        Assert.InRange(hello.CapacityEntries, shown.Count, 500);
        Assert.InRange(hello.CapacityBytes, shown.Count * 500, ScreenHello.CapacityBytesMax);
    }

    /// <summary>A zero would read as "not said", and the gateway would send what it sends to the oldest screens.</summary>
    [Fact]
    public void A_module_with_room_for_nothing_says_the_least()
    {
        var screen = new DeskScreen(Samples.Wednesday, flash: new MemoryFlash(64 * 1024));
        screen.Gateway.Publish();
        screen.Run(TimeSpan.FromSeconds(30));
        var last = screen.Gateway.Heard.Last(heard => heard.Leaf == ScreenTopics.Hello).Payload;
        Assert.True(ScreenHello.TryDecode(last, last.Length, out var hello));
        Assert.Equal((1, 1), (hello.CapacityEntries, hello.CapacityBytes));
    }

    /// <summary>A file for each of them fills a module with 8 MB before the last; on one with 16 MB the second five hundred do.</summary>
    [Theory]
    [InlineData(SimulatedFlash.PartitionOf8Mb)]
    [InlineData(SimulatedFlash.PartitionOf16Mb)]
    public void Five_hundred_offers_arrive_in_parts_give_way_to_others_and_survive_a_restart(int partition)
    {
        var screen = new DeskScreen(Samples.Wednesday, flash: new MemoryFlash(partition));
        foreach (var round in new[] { 1, 2 })
        {
            screen.Gateway.Publish([.. Enumerable.Range(0, 500).Select(i => Samples.Entry($"o{round}-{i}", i % 12, $"Angebot {i}", "", new string('x', 900), "", "", "", "", 0, ("2026-11-26T10:00+01:00", 60)))]);
            screen.Gateway.Announce([]);
            screen.Run(TimeSpan.FromMinutes(10));
            Assert.Equal(500, screen.App.Catalogue.Count);
            Assert.Equal(screen.Gateway.Digest, screen.App.Catalogue.Digest);
        }

        var again = new DeskScreen(Samples.Wednesday, flash: screen.Flash, gateway: new DeskGateway(DeskScreen.Device) { Online = false });
        again.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(500, again.App.Catalogue.Count);
        Assert.Equal(screen.App.Catalogue.Digest, again.App.Catalogue.Digest);
    }

    [Fact]
    public void Sequence_numbers_rise_by_one_and_never_repeat_over_a_restart()
    {
        var screen = ScreenTests.Connected();
        screen.Run(TimeSpan.FromMinutes(20));
        var before = Sequences(screen);
        Assert.Equal(Enumerable.Range((int)before[0], before.Count).Select(i => (long)i), before);
        var again = new DeskScreen(Samples.Wednesday, flash: screen.Flash);
        again.Gateway.Publish(Samples.Quarter());
        Assert.True(Sequences(again.Settle())[0] > before[^1]);
    }

    [Fact]
    public void Silence_after_a_hello_on_a_new_session_means_that_the_content_is_right()
    {
        var screen = ScreenTests.Connected();
        screen.Gateway.Online = false;
        screen.Run(TimeSpan.FromHours(2));
        Assert.Contains("⚠ Stand", screen.Text, StringComparison.Ordinal);
        (screen.Gateway.Answers, screen.Gateway.Online) = (false, true);
        Assert.DoesNotContain("⚠ Stand", screen.Run(TimeSpan.FromMinutes(2)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Garbage_on_every_topic_changes_nothing()
    {
        var screen = ScreenTests.Connected();
        var digest = screen.App.Catalogue.Digest;
        var gen = new Support.Gen(7);
        foreach (var leaf in new[] { ScreenTopics.Manifest, ScreenTopics.Entry, ScreenTopics.Notice, ScreenTopics.Settings, ScreenTopics.Command })
        {
            for (var i = 0; i < 50; i++)
            {
                var noise = gen.Bytes(gen.Next(200));
                screen.Gateway.Send(leaf, buffer =>
                {
                    noise.CopyTo(buffer, 0);
                    return noise.Length;
                });
            }
        }

        screen.Run(TimeSpan.FromMinutes(6));
        Assert.Equal(digest, screen.App.Catalogue.Digest);
        Assert.Equal(9, screen.App.Catalogue.Count);
    }

    private static List<long> Sequences(DeskScreen screen)
    {
        var numbers = new List<long>();
        foreach (var (leaf, payload) in screen.Gateway.Heard)
        {
            if (leaf == ScreenTopics.Hello && ScreenHello.TryDecode(payload, payload.Length, out var hello))
            {
                numbers.Add(hello.Sequence);
            }
            else if (leaf == ScreenTopics.Telemetry && ScreenTelemetry.TryDecode(payload, payload.Length, out var telemetry))
            {
                numbers.Add(telemetry.Sequence);
            }
        }

        return numbers;
    }
}
