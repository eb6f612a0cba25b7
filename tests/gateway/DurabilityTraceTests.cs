using Xunit;
using Xunit.Abstractions;

namespace Quartier.Tests.Gateway;

/// <summary>Watches the gateway's system calls: before a PUBACK leaves its socket, a sync of the store has begun and ended since the
/// PUBLISH came in. Publishes that wait together share one.</summary>
public class DurabilityTraceTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_sync_of_the_store_comes_before_every_PUBACK()
    {
        var folder = Directory.CreateTempSubdirectory("quartier-trace-").FullName;
        var traceFile = Path.Combine(folder, "trace.txt");
        try
        {
            using (var gateway = await GatewayProcess.StartAsync(
                Path.Combine(folder, "data"), 0, "strace", "-f", "-yy", "-xx", "-s", "65536", "-o", traceFile, "-e", "trace=recvfrom,recvmsg,sendto,sendmsg,fsync,fdatasync"))
            {
                var peers = Enumerable.Range(1, 4).Select(number => new PublishingPeer(number, gateway.Port, () => { })).ToArray();
                using var limit = new CancellationTokenSource(GatewayProcess.Patience);
                await Task.WhenAll(peers.Select(peer => peer.SendAsync(100)));
                await Task.WhenAll(peers.Select(peer => peer.FinishedAsync(limit.Token)));
                Array.ForEach(peers, peer => peer.Dispose());
            }

            var trace = SystemCallTrace.Read(File.ReadLines(traceFile));
            output.WriteLine($"{trace.Publishes} publishes, {trace.PubAcks} PUBACKs, {trace.Syncs} syncs of the store");
            Assert.Equal((400, 400), (trace.Publishes, trace.PubAcks));
            Assert.Empty(trace.TooEarly);
            Assert.InRange(trace.Syncs, 1, 399);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("fdatasync")]
    public void A_trace_in_which_a_PUBACK_overtakes_the_disk_is_found(string sync)
    {
        const string Socket = "200<TCP:[127.0.0.1:1883->127.0.0.1:5000]>";
        var publish = """7 recvfrom(SOCKET, "\x32\x05\x00\x01\x61\x00\x01", 4096, 0, NULL, NULL) = 7""".Replace("SOCKET", Socket, StringComparison.Ordinal);
        var acknowledge = """8 sendmsg(SOCKET, {msg_iov=[{iov_base="\x40\x02\x00\x01", iov_len=4}]}, MSG_NOSIGNAL) = 4""".Replace("SOCKET", Socket, StringComparison.Ordinal);
        var begin = $@"9 {sync}(30<\x2f\x71\x75\x61\x72\x74\x69\x65\x72\x2e\x64\x62\x2d\x77\x61\x6c> <unfinished ...>";
        var end = $"9 <... {sync} resumed>) = 0";
        Assert.Empty(SystemCallTrace.Read([publish, begin, end, acknowledge]).TooEarly);
        Assert.Single(SystemCallTrace.Read([publish, begin, acknowledge, end]).TooEarly);
        Assert.Single(SystemCallTrace.Read([begin, end, publish, acknowledge]).TooEarly);
        Assert.Single(SystemCallTrace.Read([begin, publish, end, acknowledge]).TooEarly);
    }
}
