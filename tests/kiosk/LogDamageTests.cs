using System.Buffers.Binary;
using System.Security.Cryptography;
using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Simulator.Boards;
using Quartier.Wire;

namespace Quartier.Tests.Kiosk;

/// <summary>Cuts, rot and flashes of earlier versions.</summary>
public sealed class LogDamageTests
{
    /// <summary>Goal: a cut at any change of the flash, with any part of that change done, leaves the old catalogue or the new one,
    /// whole, and the next session brings the new one. Method: every change of an update is cut, in a log that is nearly full, so
    /// that segments are emptied and deleted on the way.</summary>
    [Fact]
    public void A_cut_at_any_change_of_a_full_log_leaves_the_old_or_the_new_catalogue_whole()
    {
        var before = new CatalogueBench(new MemoryFlash(SimulatedFlash.PartitionOf4Mb));
        for (var round = 0; round <= 10; round++)
        {
            Assert.True(before.Show(HalfChanged(round)), before.Store.Refusal.ToString());
        }

        var (old, changed) = (HalfChanged(10), HalfChanged(12));
        var (cuts, deletions) = (0, 0);
        for (var change = 1; ; change++)
        {
            var wasCut = false;
            foreach (var kept in new[] { -1, 0, 1, 300, 990, 1000 })
            {
                var flash = before.Flash.Copy();
                var segments = flash.Names.Count(name => name.StartsWith("log.", StringComparison.Ordinal));
                (flash.CutWrite, flash.KeptPermille) = (change, kept);
                var updating = new CatalogueBench(flash);
                var switched = updating.Show(changed);
                wasCut |= flash.IsCut;
                deletions += flash.Names.Count(name => name.StartsWith("log.", StringComparison.Ordinal)) < segments ? 1 : 0;
                flash.Mend();

                var after = new CatalogueBench(flash.Copy());
                Assert.True(after.Shows(switched ? changed : old) || after.Shows(changed), $"change {change}, {kept} ‰ kept");
                Assert.True(after.Show(changed), $"change {change}, {kept} ‰ kept: {after.Store.Refusal}");
                Assert.True(after.Shows(changed));
            }

            if (!wasCut)
            {
                break;
            }

            cuts++;
        }

        Assert.True(cuts >= 12 && deletions > 0, $"{cuts} changes were cut, {deletions} runs deleted a segment");
    }

    [Fact]
    public void A_rotten_byte_anywhere_costs_one_entry_at_most_or_the_rest_of_its_segment_and_is_fetched_again()
    {
        var desk = new CatalogueBench(new MemoryFlash(SimulatedFlash.PartitionOf4Mb));
        var offers = CatalogueBench.Offers(0, 12, 300);
        Assert.True(desk.Show(offers));
        var name = desk.Flash.Names.Single(file => file.StartsWith("log.", StringComparison.Ordinal));
        for (var at = 0; at < desk.Flash[name].Length; at += 7)
        {
            var flash = desk.Flash.Copy();
            flash[name][at] ^= 0x20;
            var after = new CatalogueBench(flash);
            Assert.False(after.Shows(offers));
            Assert.Equal([], after.Store.Current.Digest);
            Assert.True(after.Show(offers), $"byte {at}: {after.Store.Refusal}");
            Assert.True(after.Shows(offers), $"byte {at}");
            Assert.True(new CatalogueBench(flash.Copy()).Shows(offers), $"byte {at}, after a restart");
        }
    }

    /// <summary>Earlier versions kept a file for each entry. On a small flash they fill it, so that the log finds room only as they go.</summary>
    [Theory]
    [InlineData(SimulatedFlash.PartitionOf4Mb, 36, 14)]
    [InlineData(SimulatedFlash.PartitionOf16Mb, 300, 250)]
    public void A_flash_of_an_earlier_version_is_shown_at_once_and_taken_over_step_by_step(int partition, int named, int garbage)
    {
        var flash = new MemoryFlash(partition);
        var offers = CatalogueBench.Offers(0, named);
        foreach (var payload in offers.Concat(CatalogueBench.Offers(5_000, garbage)))
        {
            WriteOld(flash, payload);
        }

        WriteOldIndex(flash, offers);
        var desk = new CatalogueStore(flash);
        desk.Open();
        for (var step = 0; desk.Loading; step++)
        {
            desk.Step();
            Assert.True(step < 1_000);
        }

        Assert.Equal(named, desk.Current.Count);
        Assert.Equal(CatalogueBench.DigestOf(offers), desk.Current.Digest);
        var worst = 0;
        for (var step = 0; flash.Names.Any(IsOld); step++)
        {
            var before = flash.Operations;
            desk.Step();
            var operations = flash.Operations - before;
            worst = Math.Max(worst, operations - (operations >= flash.Names.Count() ? 2 * flash.Names.Count() : 0));
            Assert.All(offers, payload => Assert.True(desk.TryGet(SHA256.HashData(payload), 0, out _), $"step {step}"));
            Assert.True(step < 1_000);
        }

        Assert.InRange(worst, 1, 20);
        Assert.True(new CatalogueBench(flash.Copy()).Shows(offers));
        Assert.True(new CatalogueBench(flash).Show(CatalogueBench.Offers(9_000, named)));
    }

    /// <summary>Every second offer is another than in the round before, so that no segment is ever garbage as a whole.</summary>
    private static byte[][] HalfChanged(int round) => [.. Enumerable.Range(0, 38).Select(i => CatalogueBench.Offer(i + (100 * ((round + i) / 2)), 1_100))];

    private static bool IsOld(string name) => name.StartsWith("e-", StringComparison.Ordinal);

    private static void WriteOld(MemoryFlash flash, byte[] payload)
    {
        var file = new byte[payload.Length + 4];
        payload.CopyTo(file, 0);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(payload.Length), Crc32.Of(file, 0, payload.Length));
        var digest = Convert.ToHexString(SHA256.HashData(payload).AsSpan(0, 8)).ToLowerInvariant();
        Assert.Equal(FlashStatus.Ok, flash.Write("e-" + digest, file, file.Length));
    }

    private static void WriteOldIndex(MemoryFlash flash, byte[][] catalogue)
    {
        var content = new byte[18 + (catalogue.Length * 8)];
        CatalogueBench.DigestOf(catalogue).CopyTo(content, 0);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(8), 1_795_000_000);
        BinaryPrimitives.WriteInt16BigEndian(content.AsSpan(16), (short)catalogue.Length);
        for (var i = 0; i < catalogue.Length; i++)
        {
            SHA256.HashData(catalogue[i]).AsSpan(0, 8).CopyTo(content.AsSpan(18 + (i * 8)));
        }

        Assert.True(new Quartier.Provisioning.SafeFile(flash, "index", content.Length).Save(content, content.Length));
    }
}
