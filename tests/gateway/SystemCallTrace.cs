using System.Text.RegularExpressions;
using Quartier.Mqtt;

namespace Quartier.Tests.Gateway;

/// <summary>What strace -f -yy -xx saw, read as three kinds of moment in order: a PUBLISH came in, the store's log reached the disk
/// (fsync, or fdatasync where SQLite is built for it), a PUBACK went out.</summary>
internal sealed partial class SystemCallTrace
{
    /// <summary>With -xx strace writes paths in hexadecimal as well.</summary>
    private static readonly string StoreName = string.Concat("quartier.db"u8.ToArray().Select(letter => $"\\x{letter:x2}"));

    private readonly Dictionary<string, (string Line, int Number)> unfinished = [];
    private readonly Dictionary<string, List<byte>> incoming = [];
    private readonly Dictionary<(string Socket, ushort Id), (int Line, bool IsSynced)> waiting = [];

    public int Publishes { get; private set; }

    public int PubAcks { get; private set; }

    public int Syncs { get; private set; }

    /// <summary>PUBACKs that left without a sync having begun and ended since their PUBLISH came in.</summary>
    public List<string> TooEarly { get; } = [];

    public static SystemCallTrace Read(IEnumerable<string> lines)
    {
        var trace = new SystemCallTrace();
        var number = 0;
        foreach (var line in lines)
        {
            trace.Take(line, ++number);
        }

        return trace;
    }

    private void Take(string line, int number)
    {
        var thread = line.Split(' ')[0];
        if (line.Contains("<unfinished ...>", StringComparison.Ordinal))
        {
            unfinished[thread] = (line, number);
            // What is sent leaves no earlier than the call begins; what is received is known only when it ends.
            if (line.Contains("send", StringComparison.Ordinal))
            {
                TakeSent(line, number);
            }

            return;
        }

        var whole = line;
        var began = number;
        if (line.Contains("resumed>", StringComparison.Ordinal))
        {
            if (unfinished.Remove(thread, out var start))
            {
                whole = start.Line + line;
                began = start.Number;
            }

            if (whole.Contains("send", StringComparison.Ordinal))
            {
                return;
            }
        }

        if (whole.Contains("sync(", StringComparison.Ordinal))
        {
            TakeSync(whole, began);
        }
        else if (whole.Contains("recv", StringComparison.Ordinal))
        {
            TakeReceived(whole, number);
        }
        else if (whole.Contains("send", StringComparison.Ordinal))
        {
            TakeSent(whole, number);
        }
    }

    /// <summary>Counts for the publishes that were in before the call began.</summary>
    private void TakeSync(string line, int began)
    {
        if (!line.Contains(StoreName, StringComparison.Ordinal) || !line.TrimEnd().EndsWith("= 0", StringComparison.Ordinal))
        {
            return;
        }

        Syncs++;
        foreach (var (key, publish) in waiting.Where(entry => entry.Value.Line < began).ToArray())
        {
            waiting[key] = (publish.Line, true);
        }
    }

    private void TakeReceived(string line, int number)
    {
        // Kestrel looks ahead with MSG_PEEK before it takes a buffer; those bytes come again.
        if (line.Contains("MSG_PEEK", StringComparison.Ordinal) || SocketName(line) is not { } socket || !ReturnedCount().Match(line).Success)
        {
            return;
        }

        if (!incoming.TryGetValue(socket, out var bytes))
        {
            incoming[socket] = bytes = [];
        }

        bytes.AddRange(Bytes(line));
        foreach (var (header, body) in Packets(bytes))
        {
            if (header >> 4 == (int)PacketType.Publish)
            {
                Publishes++;
                var at = 2 + (body[0] * 256) + body[1];
                waiting[(socket, (ushort)((body[at] * 256) + body[at + 1]))] = (number, false);
            }
        }
    }

    private void TakeSent(string line, int number)
    {
        if (SocketName(line) is not { } socket)
        {
            return;
        }

        foreach (var (header, body) in Packets([.. Bytes(line)]))
        {
            if (header >> 4 == (int)PacketType.PubAck)
            {
                PubAcks++;
                var id = (ushort)((body[0] * 256) + body[1]);
                if (!waiting.Remove((socket, id), out var state) || !state.IsSynced)
                {
                    TooEarly.Add($"line {number}: PUBACK {id} on {socket}");
                }
            }
        }
    }

    private static List<(byte Header, byte[] Body)> Packets(List<byte> bytes)
    {
        var packets = new List<(byte, byte[])>();
        var all = bytes.ToArray();
        var at = 0;
        while (FrameReader.Measure(all.AsSpan(at), int.MaxValue, out var header, out var body) == FrameStatus.Complete && all.Length - at >= header + body)
        {
            packets.Add((all[at], all[(at + header)..(at + header + body)]));
            at += header + body;
        }

        bytes.RemoveRange(0, at);
        return packets;
    }

    private static string? SocketName(string line) => Socket().Match(line) is { Success: true } match ? match.Value : null;

    private static IEnumerable<byte> Bytes(string line) =>
        Quoted().Matches(line).SelectMany(quoted => Convert.FromHexString(quoted.Groups[1].Value.Replace("\\x", "", StringComparison.Ordinal)));

    [GeneratedRegex(@"TCP:\[[^\]]*\]")]
    private static partial Regex Socket();

    [GeneratedRegex("\"((?:\\\\x[0-9a-f]{2})+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"= [1-9]\d*\s*$")]
    private static partial Regex ReturnedCount();
}
