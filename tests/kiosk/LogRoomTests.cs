using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Provisioning;
using Quartier.Simulator.Boards;
using Quartier.Wire;
using Xunit.Abstractions;

namespace Quartier.Tests.Kiosk;

/// <summary>The log leaves room for every other file of a screen, each at its longest, while one of them is written anew.</summary>
public sealed class LogRoomTests(ITestOutputHelper output)
{
    /// <summary>What a file adds to its content.</summary>
    private const int SafeFileBytes = 10;

    private const int IndexBytes = 18 + (LogRoom.EntriesMax * DigestList.DigestBytes);
    private const int LongestInline = FlashBlocks.InlineBytesMax - SafeFileBytes;

    /// <param name="payload">Of settings and notice: the longest that is, and the longest that lies in the folder and fills that.</param>
    [Theory]
    [InlineData(SimulatedFlash.PartitionOf4Mb, ScreenFormat.PayloadBytesMax)]
    [InlineData(SimulatedFlash.PartitionOf4Mb, LongestInline)]
    [InlineData(SimulatedFlash.PartitionOf8Mb, ScreenFormat.PayloadBytesMax)]
    [InlineData(SimulatedFlash.PartitionOf16Mb, ScreenFormat.PayloadBytesMax)]
    public void A_screen_whose_log_has_every_segment_can_write_each_of_its_other_files(int partition, int payload)
    {
        var flash = new MemoryFlash(partition);
        WriteAll(flash, payload, 0);
        for (var segment = 0; segment < LogRoom.Segments(partition); segment++)
        {
            var bytes = LogRoom.SegmentBytes(partition);
            Assert.Equal(FlashStatus.Ok, flash.Append($"log.{segment:x2}", new byte[bytes], bytes));
        }

        var least = Enumerable.Range(1, 4).Min(round => WriteAll(flash, payload, round));
        output.WriteLine($"{partition / 1024} kB: {least} of {flash.Blocks.Count} blocks are left, the folder has {2 * flash.Blocks.FolderBlocks}");
    }

    /// <returns>Blocks that were left at the least.</returns>
    private static int WriteAll(MemoryFlash flash, int payload, int round)
    {
        var least = int.MaxValue;
        void Kept(bool saved, string what)
        {
            Assert.True(saved, $"round {round}: {what}, {flash.Blocks.Count - flash.Blocks.Used} blocks left");
            least = Math.Min(least, flash.Blocks.Count - flash.Blocks.Used);
        }

        foreach (var (name, length) in new[] { ("settings", payload), ("notice", payload), ("index", IndexBytes), ("seen", 8), ("seq", 8), ("names", 160) })
        {
            Kept(new SafeFile(flash, name, length).Save(new byte[length], length), name);
        }

        var identity = Identity(round);
        Kept(new IdentityFile(flash).Save(identity), "identity");
        var offer = new RootOffer { Port = 8883, TimePort = 1883, IssuedAt = 1_795_000_000, Root = Root(round) };
        offer.Encode(new byte[ScreenFormat.PayloadBytesMax]);
        Kept(new TlsSwitch(flash, identity, ResetReason.PowerOn).Take(offer), "root and switch");
        (identity.MqttTls, identity.RootDigest) = (true, offer.Digest);
        Kept(new IdentityFile(flash).Save(identity), "identity with its root");
        Kept(TrustedRoot.Install(flash, new PlatformRoots(flash), identity), "the platform's roots");
        Kept(flash.Write("restart", new byte[64], 64) == FlashStatus.Ok, "restart");
        return least;
    }

    private static byte[] Root(int round) => [.. Enumerable.Repeat((byte)round, DeviceIdentity.RootBytesMax)];

    private static DeviceIdentity Identity(int round) => new()
    {
        Kind = IdentityKind.Screen,
        DeviceId = "screen-" + round,
        Place = new string('p', DeviceIdentity.PlaceBytesMax),
        Language = "de",
        MqttHost = new string('h', DeviceIdentity.HostBytesMax),
        MqttPort = 1883,
        MqttUser = new string('u', DeviceIdentity.UserBytesMax),
        MqttPassword = new string('w', DeviceIdentity.PasswordBytesMax),
        IssuedAt = 1_795_000_000,
        TimePort = 1883,
    };

    /// <summary>Where the platform keeps its bundle: on the same partition.</summary>
    private sealed class PlatformRoots(MemoryFlash flash) : IRootStore
    {
        private const int HeadBytes = 24;

        public bool Replace(byte[] der) => flash.Write("con_CaRootBundle_0.sys", new byte[der.Length + HeadBytes], der.Length + HeadBytes) == FlashStatus.Ok;
    }
}
