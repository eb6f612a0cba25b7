using Quartier.Board;
using Quartier.Gateway.Domain.Offers;
using Quartier.Wire;

namespace Quartier.Gateway.Outputs.Preview;

/// <summary>Brings a catalogue to a screen in memory by the very messages that a real one gets.</summary>
public sealed class PreviewLink : IMqttLink
{
    private readonly Queue<(string Leaf, byte[] Payload)> toScreen = new();
    private readonly Queue<int> acknowledged = new();
    private readonly Dictionary<string, byte[]> entries = new(StringComparer.Ordinal);
    private readonly List<RankedEntry> order = [];
    private readonly string device;
    private readonly long issuedUnixSeconds;

    /// <param name="payloads">Encoded catalogue entries, what matters most first: a screen gets what it can keep.</param>
    public PreviewLink(string device, IEnumerable<byte[]> payloads, ScreenSettings? settings, long issuedUnixSeconds)
    {
        (this.device, this.issuedUnixSeconds) = (device, issuedUnixSeconds);
        foreach (var payload in payloads)
        {
            var digest = CatalogueRules.DigestOf(payload);
            if (entries.TryAdd(digest, payload))
            {
                order.Add(new RankedEntry(digest, digest, payload.Length));
            }
        }

        if (settings is not null)
        {
            Enqueue(ScreenTopics.Settings, settings.Encode);
        }
    }

    public LinkFault LastFault => LinkFault.None;

    public LinkState Step(long uptimeMs) => LinkState.Up;

    public bool Publish(string topic, byte[] payload, int length, int qos, int token)
    {
        if (qos > 0)
        {
            acknowledged.Enqueue(token);
        }

        if (topic.EndsWith(ScreenTopics.Hello, StringComparison.Ordinal) && ScreenHello.TryDecode(payload, length, out var hello) && hello.Catalogue.Length == 0)
        {
            SendManifest(ScreenCapacity.Of(hello) ?? ScreenCapacity.Greatest);
        }
        else if (topic.EndsWith(ScreenTopics.Want, StringComparison.Ordinal) && ScreenWant.TryDecode(payload, length, out var want))
        {
            for (var i = 0; i < want.Entries.Count; i++)
            {
                toScreen.Enqueue((ScreenTopics.Entry, entries[Convert.ToHexStringLower(want.Entries.Get(i))]));
            }
        }

        return true;
    }

    public bool TryAcknowledged(out int token) => acknowledged.TryDequeue(out token);

    public bool TryReceive(MqttMessage into)
    {
        if (!toScreen.TryDequeue(out var message))
        {
            return false;
        }

        into.Topic = ScreenTopics.Build(device, message.Leaf);
        into.Length = message.Payload.Length;
        message.Payload.CopyTo(into.Payload, 0);
        return true;
    }

    private void SendManifest(ScreenCapacity capacity)
    {
        var cut = CutRules.Cut(order, capacity, new HashSet<string>()).Select(entry => entry.Digest).Order(StringComparer.Ordinal).ToList();
        var whole = Convert.FromHexString(CatalogueRules.CatalogueDigest(cut));
        var digests = cut.Select(Convert.FromHexString).ToArray();
        var parts = digests.Chunk(CatalogueManifest.DigestsMax).DefaultIfEmpty([]).ToArray();
        for (var part = 0; part < parts.Length; part++)
        {
            var add = new DigestList(parts[part].Length);
            foreach (var digest in parts[part])
            {
                add.TryAdd(digest, 0);
            }

            var manifest = new CatalogueManifest
            {
                Digest = whole, EntryCount = digests.Length, IssuedUnixSeconds = issuedUnixSeconds, Part = part + 1, Parts = parts.Length, Add = add,
            };
            Enqueue(ScreenTopics.Manifest, manifest.Encode);
        }
    }

    private void Enqueue(string leaf, Func<byte[], int> encode)
    {
        var buffer = new byte[MqttMessage.PayloadBytesMax];
        var length = encode(buffer);
        if (length > 0)
        {
            toScreen.Enqueue((leaf, buffer[..length]));
        }
    }
}
