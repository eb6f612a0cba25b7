using Quartier.Board;
using Quartier.Device;
using Xunit;

namespace Quartier.Tests.Device;

/// <summary>The device's own flash adapter, a folder of the desktop standing for drive I:.</summary>
public sealed class FileFlashTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("quartier-flash").FullName + Path.DirectorySeparatorChar;
    private readonly byte[] buffer = new byte[64];
    private readonly FileFlash flash;

    public FileFlashTests() => flash = new FileFlash(folder, FileFlash.PartitionOf4Mb);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_is_appended_is_read_back_from_any_place()
    {
        Assert.Equal(FlashStatus.Ok, flash.Append("log", [1, 2, 3, 9], 3));
        Assert.Equal(FlashStatus.Ok, flash.Append("log", [4, 5], 2));
        Assert.Equal(FlashStatus.Ok, flash.Size("log", out var bytes));
        Assert.Equal(5, bytes);
        Assert.Equal(FlashStatus.Ok, flash.ReadAt("log", 2, buffer, 3));
        Assert.Equal([3, 4, 5], buffer[..3]);
        Assert.Equal(FlashStatus.Ok, flash.Read("log", buffer, out var length));
        Assert.Equal([1, 2, 3, 4, 5], buffer[..length]);
    }

    [Fact]
    public void A_read_past_the_end_and_a_missing_file_are_told_apart()
    {
        flash.Write("log", [1, 2, 3], 3);
        Assert.Equal(FlashStatus.Failed, flash.ReadAt("log", 1, buffer, 3));
        Assert.Equal(FlashStatus.NotFound, flash.ReadAt("nothing", 0, buffer, 1));
        Assert.Equal(FlashStatus.NotFound, flash.Size("nothing", out _));
        Assert.Equal(FlashStatus.TooLong, flash.Read("log", new byte[2], out _));
        Assert.Equal(FlashStatus.NotFound, flash.Delete("nothing"));
    }

    /// <summary>Listing a folder reads each of its files' entries twice; five hundred files that are listed again after each of five
    /// hundred deletions cost 40,000 reads of flash.</summary>
    [Fact]
    public void A_listing_is_kept_while_its_files_are_deleted()
    {
        for (var i = 0; i < 20; i++)
        {
            flash.Write($"e-{i:x2}", [1], 1);
        }

        var seen = 0;
        for (var at = 0; flash.TryGetName(at, out var name); at++)
        {
            seen++;
            Assert.Equal(FlashStatus.Ok, flash.Delete(name));
            flash.Write($"late-{at}", [1], 1);
        }

        Assert.Equal(20, seen);
        Assert.True(flash.TryGetName(0, out var first));
        Assert.StartsWith("late-", first, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_cannot_be_made_says_so()
    {
        Directory.CreateDirectory(folder + "taken");
        Assert.Equal(FlashStatus.Full, flash.Write("taken", [1], 1));
        Assert.Equal(FlashStatus.Full, flash.Append("taken", [1], 1));
    }
}
