using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Simulator.Boards;
using Xunit.Abstractions;

namespace Quartier.Tests.Kiosk;

/// <summary>The catalogue on flashes of the real sizes, with what littlefs costs there.</summary>
public sealed class FlashLogTests(ITestOutputHelper output)
{
    /// <summary>Blocks that 500 new entries of 1.1 kB may erase: 138 hold them. A file an entry took 500 and more.</summary>
    private const int ErasesFor500 = 200;

    /// <summary>A week with one change an hour: its entry, its index and the folder. The most worn block must see a small part of it.</summary>
    private const int ErasesForAWeek = 168 * 4;

    [Theory]
    [InlineData(SimulatedFlash.PartitionOf16Mb)]
    [InlineData(SimulatedFlash.PartitionOf8Mb)]
    public void Five_hundred_offers_fit_beside_the_five_hundred_before(int partition)
    {
        var desk = new CatalogueBench(new MemoryFlash(partition));
        for (var round = 0; round < 6; round++)
        {
            var offers = CatalogueBench.Offers(round * 500, 500, 1_200);
            Assert.True(desk.Show(offers), $"round {round}: {desk.Store.Refusal}");
            Assert.True(desk.Shows(offers));
        }

        Assert.True(new CatalogueBench(desk.Flash.Copy()).Shows(CatalogueBench.Offers(2_500, 500, 1_200)));
    }

    [Theory]
    [InlineData(SimulatedFlash.PartitionOf4Mb)]
    [InlineData(SimulatedFlash.PartitionOf8Mb)]
    [InlineData(SimulatedFlash.PartitionOf16Mb)]
    public void A_catalogue_as_large_as_the_announced_capacity_can_be_exchanged_whole_for_ever(int partition)
    {
        var desk = new CatalogueBench(new MemoryFlash(partition));
        var (entries, bytes) = (desk.Store.CapacityEntries, desk.Store.CapacityBytes);
        var each = Math.Min(bytes / entries, 3_900);
        var count = Math.Min(entries, bytes / each);
        output.WriteLine($"{partition / 1024} kB: {entries} entries, {bytes} bytes, {count} of {each}");
        for (var round = 0; round < 12; round++)
        {
            var offers = CatalogueBench.Offers(round * 500, count, each);
            Assert.True(desk.Show(offers), $"round {round}: {desk.Store.Refusal}");
            Assert.True(desk.Shows(offers), $"round {round}");
        }

        output.WriteLine($"twelve times: {desk.Flash.Blocks.Erases} erases, worst {desk.Flash.Blocks.ErasesOfWorst}");
    }

    [Fact]
    public void Six_hundred_offers_are_refused_with_the_reason_and_what_is_shown_stays()
    {
        var desk = new CatalogueBench(new MemoryFlash());
        var shown = CatalogueBench.Offers(0, 40);
        Assert.True(desk.Show(shown));
        Assert.False(desk.Show(CatalogueBench.Offers(1_000, 600)));
        Assert.Equal(StoreRefusal.TooManyEntries, desk.Store.Refusal);
        Assert.True(desk.Shows(shown));
        Assert.True(desk.Show(CatalogueBench.Offers(1_000, 500)));
        Assert.Equal(StoreRefusal.None, desk.Store.Refusal);
    }

    /// <summary>A catalogue of more bytes than announced: the flash ends in the middle of it. Nothing that is shown is deleted, also
    /// when the gateway tries again and again, and one that fits follows at once.</summary>
    [Fact]
    public void A_flash_that_is_full_refuses_and_keeps_what_it_shows()
    {
        var desk = new CatalogueBench(new MemoryFlash(SimulatedFlash.PartitionOf4Mb));
        var shown = CatalogueBench.Offers(0, 40);
        Assert.True(desk.Show(shown), desk.Store.Refusal.ToString());
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.False(desk.Show(CatalogueBench.Offers(1_000, 90, 2_000)));
            Assert.Equal(StoreRefusal.NoRoom, desk.Store.Refusal);
            Assert.True(desk.Shows(shown), $"attempt {attempt}");
            Assert.True(new CatalogueBench(desk.Flash.Copy()).Shows(shown));
        }

        Assert.True(desk.Show(CatalogueBench.Offers(2_000, 40)), desk.Store.Refusal.ToString());
    }

    /// <summary>The firmware was built for another module: the partition ends earlier than it thinks.</summary>
    [Fact]
    public void A_flash_smaller_than_the_firmware_believes_refuses_and_announces_less()
    {
        var flash = new MemoryFlash(SimulatedFlash.PartitionOf8Mb) { ClaimedBytes = SimulatedFlash.PartitionOf16Mb };
        var desk = new CatalogueBench(flash);
        var shown = CatalogueBench.Offers(0, 400, 2_000);
        Assert.True(desk.Show(shown));
        var before = desk.Store.CapacityBytes;
        Assert.False(desk.Show(CatalogueBench.Offers(1_000, 500, 2_400)));
        Assert.NotEqual(StoreRefusal.None, desk.Store.Refusal);
        Assert.InRange(desk.Store.CapacityBytes, 400_000, before - 100_000);
        Assert.True(desk.Shows(shown));
        Assert.True(desk.Show(CatalogueBench.Offers(2_000, 300)), desk.Store.Refusal.ToString());
    }

    [Fact]
    public void Five_hundred_offers_erase_few_more_blocks_than_they_fill()
    {
        var desk = new CatalogueBench(new MemoryFlash());
        var before = desk.Flash.Blocks.Erases;
        Assert.True(desk.Show(CatalogueBench.Offers(0, 500)));
        var erases = desk.Flash.Blocks.Erases - before;
        output.WriteLine($"500 offers of 1.1 kB: {erases} erases");
        Assert.InRange(erases, 130, ErasesFor500);
    }

    [Theory]
    [InlineData(SimulatedFlash.PartitionOf16Mb, 500)]
    [InlineData(SimulatedFlash.PartitionOf4Mb, 40)]
    public void A_week_with_one_change_an_hour_stays_within_the_budget_of_erases(int partition, int count)
    {
        var desk = new CatalogueBench(new MemoryFlash(partition));
        var offers = CatalogueBench.Offers(0, count);
        Assert.True(desk.Show(offers));
        var before = desk.Flash.Blocks.Erases;
        for (var hour = 0; hour < 168; hour++)
        {
            offers[hour % count] = CatalogueBench.Offer(10_000 + hour, 1_100);
            Assert.True(desk.Show(offers), $"hour {hour}: {desk.Store.Refusal}");
        }

        Assert.True(desk.Shows(offers));
        var erases = desk.Flash.Blocks.Erases - before;
        output.WriteLine($"{partition / 1024} kB, a week: {erases} erases, worst block {desk.Flash.Blocks.ErasesOfWorst}");
        Assert.InRange(erases, 168, ErasesForAWeek);
        Assert.InRange(desk.Flash.Blocks.ErasesOfWorst, 1, 168 / 4);
    }

    /// <summary>A step that lists, reads or deletes without end stops keys and display, and trips the watchdog.</summary>
    [Fact]
    public void No_step_costs_more_than_twenty_calls_of_the_flash_and_no_entry_more_than_four()
    {
        var desk = new CatalogueBench(new MemoryFlash(SimulatedFlash.PartitionOf4Mb));
        for (var round = 0; round < 10; round++)
        {
            Assert.True(desk.Show(CatalogueBench.Offers(round * 25, 40)), desk.Store.Refusal.ToString());
        }

        var again = new CatalogueBench(desk.Flash.Copy());
        output.WriteLine($"step {desk.OperationsOfWorstStep}, entry {desk.OperationsOfWorstPut}");
        Assert.InRange(desk.OperationsOfWorstStep, 5, 20);
        Assert.InRange(desk.OperationsOfWorstPut, 1, 4);
        Assert.InRange(again.OperationsOfWorstStep, 8, 20 + (2 * again.Flash.Names.Count()));
    }

    [Fact]
    public void Entries_that_arrived_before_a_restart_are_not_fetched_again()
    {
        var desk = new CatalogueBench(new MemoryFlash());
        var offers = CatalogueBench.Offers(0, 60);
        desk.Store.BeginTarget();
        foreach (var payload in offers)
        {
            Assert.Equal(FlashStatus.Ok, desk.Store.Put(payload, payload.Length));
        }

        var after = new CatalogueBench(desk.Flash.Copy());
        var kept = offers.Count(payload => after.Store.Has(System.Security.Cryptography.SHA256.HashData(payload), 0));
        Assert.InRange(kept, 55, 60);
        Assert.Same(Catalogue.None, after.Store.Current);
        Assert.True(after.Show(offers));
    }

    /// <summary>The device has some 100 kB; a large module has megabytes of PSRAM besides.</summary>
    [Theory]
    [InlineData(SimulatedFlash.PartitionOf4Mb, 26_000)]
    [InlineData(SimulatedFlash.PartitionOf16Mb, 46_000)]
    public void What_a_store_keeps_in_memory_is_bounded(int partition, int most)
    {
        var flash = new MemoryFlash(partition);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var store = new CatalogueStore(flash);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        output.WriteLine($"{partition / 1024} kB: {bytes} bytes of memory");
        Assert.InRange(bytes, 1, most);
        GC.KeepAlive(store);
    }
}
