using Quartier.Board;
using Quartier.Simulator.Boards;

namespace Quartier.Tests.Kiosk;

/// <summary>The simulated flash costs what littlefs costs.</summary>
public sealed class SimulatedFlashTests
{
    private static readonly byte[] Content = new byte[8192];

    /// <summary>Counted on a device's partition: 57 files of 1.2 kB fill it, and about 733 that of 16 MB.</summary>
    [Theory]
    [InlineData(SimulatedFlash.PartitionOf4Mb, 55, 60)]
    [InlineData(SimulatedFlash.PartitionOf8Mb, 470, 495)]
    [InlineData(SimulatedFlash.PartitionOf16Mb, 705, 745)]
    public void A_file_of_more_than_512_bytes_takes_whole_blocks(int bytes, int least, int most)
    {
        var flash = new SimulatedFlash(bytes);
        var files = 0;
        while (flash.Write($"e-{files:x16}", Content, 1_200) == FlashStatus.Ok)
        {
            files++;
        }

        Assert.InRange(files, least, most);
    }

    [Fact]
    public void A_full_flash_keeps_what_it_has()
    {
        var flash = new SimulatedFlash(SimulatedFlash.PartitionOf4Mb);
        flash.Write("kept", [7], 1);
        for (var i = 0; flash.Write($"f{i}", Content, 8_000) == FlashStatus.Ok; i++)
        {
        }

        Assert.Equal(FlashStatus.Full, flash.Append("kept", Content, 8_000));
        Assert.Equal(FlashStatus.Ok, flash.Size("kept", out var bytes));
        Assert.Equal(1, bytes);
        flash.Delete("f0");
        Assert.Equal(FlashStatus.Ok, flash.Write("again", Content, 4_000));
    }

    /// <summary>A block that is not full is copied to another when bytes are added; one that is full stays.</summary>
    [Fact]
    public void Adding_to_a_full_block_erases_one_block_and_to_a_part_of_one_two()
    {
        var flash = new SimulatedFlash();
        flash.Append("log", Content, 4_096);
        var before = flash.Blocks.Erases;
        flash.Append("log", Content, 2_000);
        Assert.Equal(1, flash.Blocks.Erases - before);
        flash.Append("log", Content, 4_000);
        Assert.Equal(3, flash.Blocks.Erases - before);
    }

    [Fact]
    public void A_folder_that_changes_often_is_written_anew_now_and_then()
    {
        var flash = new SimulatedFlash();
        var before = flash.Blocks.Erases;
        for (var i = 0; i < 300; i++)
        {
            flash.Write("seq.0", Content, 18);
        }

        Assert.InRange(flash.Blocks.Erases - before, 8, 20);
    }

    [Theory]
    [InlineData(-1, "abc")]
    [InlineData(0, "abc")]
    [InlineData(500, "abcd")]
    [InlineData(1000, "abcde")]
    public void A_cut_addition_leaves_a_part_of_it_and_nothing_works_until_it_is_mended(int kept, string left)
    {
        var flash = new MemoryFlash();
        flash.Write("log", "abc"u8.ToArray(), 3);
        (flash.CutWrite, flash.KeptPermille) = (1, kept);
        Assert.Equal(FlashStatus.Failed, flash.Append("log", "de"u8.ToArray(), 2));
        Assert.Equal(FlashStatus.Failed, flash.Write("other", Content, 10));
        Assert.Equal(left, System.Text.Encoding.UTF8.GetString(flash.Copy()["log"]));
        flash.Mend();
        Assert.Equal(FlashStatus.Ok, flash.Append("log", "de"u8.ToArray(), 2));
    }

    [Fact]
    public void Listing_a_folder_counts_each_of_its_files_twice()
    {
        var flash = new SimulatedFlash();
        var before = flash.Operations;
        for (var at = 0; flash.TryGetName(at, out _); at++)
        {
        }

        Assert.Equal(2 * flash.Names.Count(), flash.Operations - before);
    }
}
