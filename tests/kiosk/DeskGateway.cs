using System.Security.Cryptography;
using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Tests.Kiosk;

/// <summary>The link to a gateway that behaves as the protocol says: hello is answered by a manifest, want by entries.</summary>
internal sealed class DeskGateway(string device) : IMqttLink
{
    private readonly Queue<(string Topic, byte[] Payload)> toScreen = new();
    private readonly Queue<int> acknowledgements = new();
    private Dictionary<string, byte[]> entries = [];
    private byte[] digest = [];
    private long nowMs;
    private long deliveredAtMs;

    public bool Online { get; set; } = true;

    public bool Answers { get; set; } = true;

    /// <summary>Answers no want: the entries are on their way for ever.</summary>
    public bool Withholds { get; set; }

    /// <summary>Acknowledgements reach the screen; on a slow line they may be too late for its library.</summary>
    public bool Acknowledges { get; set; } = true;

    /// <summary>The session takes nothing: its window is full.</summary>
    public bool IsCongested { get; set; }

    /// <summary>Time between two messages to the screen.</summary>
    public long PauseMs { get; set; }

    /// <summary>Each manifest is a change against a catalogue that nobody shows.</summary>
    public bool MistakesWhatIsShown { get; set; }

    /// <summary>This part of a manifest does not arrive.</summary>
    public int LosesPart { get; set; }

    /// <summary>What was published last.</summary>
    public IEnumerable<CatalogueEntry> Entries => entries.Values.Select(payload => CatalogueEntry.TryDecode(payload, payload.Length, out var entry) ? entry : throw new InvalidOperationException());

    public List<(string Leaf, byte[] Payload)> Heard { get; } = [];

    public int BytesDown { get; private set; }

    public byte[] Digest => digest;

    public long IssuedUnixSeconds { get; set; } = 1_795_000_000;

    public void Publish(params CatalogueEntry[] catalogue)
    {
        entries = catalogue.Select(Encode).ToDictionary(payload => Convert.ToHexString(SHA256.HashData(payload).AsSpan(0, 8)));
        digest = SHA256.HashData([.. entries.Keys.Order(StringComparer.Ordinal).SelectMany(Convert.FromHexString)])[..8];
    }

    /// <summary>Tells the screen at once, as a gateway does after an editor's change.</summary>
    public void Announce(byte[] shown)
    {
        var parts = entries.Keys.Order(StringComparer.Ordinal).Chunk(CatalogueManifest.DigestsMax).ToArray();
        for (var part = 0; part < Math.Max(1, parts.Length); part++)
        {
            var add = parts.Length == 0 ? [] : parts[part];
            var manifest = new CatalogueManifest
            {
                Digest = digest, EntryCount = entries.Count, IssuedUnixSeconds = IssuedUnixSeconds, Part = part + 1, Parts = Math.Max(1, parts.Length),
                Add = new DigestList(add.Length), Base = MistakesWhatIsShown ? new byte[DigestList.DigestBytes] : [],
            };
            if (shown.AsSpan().SequenceEqual(digest))
            {
                (manifest.Base, manifest.Part, manifest.Parts, manifest.Add) = (digest, 1, 1, new DigestList(0));
                Send(ScreenTopics.Manifest, manifest.Encode);
                return;
            }

            foreach (var one in add)
            {
                manifest.Add.TryAdd(Convert.FromHexString(one), 0);
            }

            if (manifest.Part != LosesPart)
            {
                Send(ScreenTopics.Manifest, manifest.Encode);
            }
        }
    }

    public void Send(string leaf, Func<byte[], int> encode)
    {
        var buffer = new byte[MqttMessage.PayloadBytesMax];
        var length = encode(buffer);
        Assert.True(length >= 0, $"{leaf} cannot be encoded");
        toScreen.Enqueue((ScreenTopics.Build(device, leaf), buffer[..length]));
    }

    /// <summary>How often the link was given time, which on a board may stand still for a look-up or a handshake.</summary>
    public int LinkSteps { get; private set; }

    public LinkFault LastFault => LinkFault.None;

    public LinkState Step(long uptimeMs)
    {
        LinkSteps++;
        nowMs = uptimeMs;
        return Online ? LinkState.Up : LinkState.Down;
    }

    public bool Publish(string topic, byte[] payload, int length, int qos, int token)
    {
        if (!Online || IsCongested)
        {
            return false;
        }

        Assert.True(ScreenTopics.TryParse(topic, out _, out var leaf));
        Heard.Add((leaf, payload[..length]));
        if (qos > 0 && Acknowledges)
        {
            acknowledgements.Enqueue(token);
        }

        if (Answers && leaf == ScreenTopics.Hello)
        {
            Assert.True(ScreenHello.TryDecode(payload, length, out var hello));
            Announce(hello.Catalogue);
        }
        else if (Answers && !Withholds && leaf == ScreenTopics.Want)
        {
            Assert.True(ScreenWant.TryDecode(payload, length, out var want));
            if (!want.Manifest.AsSpan().SequenceEqual(digest))
            {
                // The catalogue has changed meanwhile.
                Announce([]);
                return true;
            }

            for (var i = 0; i < want.Entries.Count; i++)
            {
                toScreen.Enqueue((ScreenTopics.Build(device, ScreenTopics.Entry), entries[Convert.ToHexString(want.Entries.Get(i))]));
            }
        }

        return true;
    }

    public bool TryAcknowledged(out int token) => acknowledgements.TryDequeue(out token);

    public bool TryReceive(MqttMessage into)
    {
        if (!Online || nowMs - deliveredAtMs < PauseMs || !toScreen.TryDequeue(out var message))
        {
            return false;
        }

        deliveredAtMs = nowMs;
        (into.Topic, into.Length) = message.Topic.Length == 0 ? ("", 0) : (message.Topic, message.Payload.Length);
        message.Payload.CopyTo(into.Payload, 0);
        BytesDown += message.Payload.Length;
        return true;
    }

    private static byte[] Encode(CatalogueEntry entry)
    {
        var buffer = new byte[MqttMessage.PayloadBytesMax];
        var length = entry.Encode(buffer);
        Assert.True(length > 0, $"{entry.Id} cannot be encoded");
        return buffer[..length];
    }
}
