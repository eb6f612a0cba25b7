using System.Security.Cryptography;
using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Gateway.Outputs.Preview;

/// <summary>Brings a catalogue to a screen in memory by the very messages that a real one gets.</summary>
public sealed class PreviewLink : IMqttLink
{
    private readonly Queue<(string Leaf, byte[] Payload)> toScreen = new();
    private readonly Queue<int> acknowledged = new();
    private readonly SortedDictionary<string, byte[]> entries = new(StringComparer.Ordinal);
    private readonly string device;
    private readonly long issuedUnixSeconds;

    /// <param name="payloads">Encoded catalogue entries.</param>
    public PreviewLink(string device, IEnumerable<byte[]> payloads, ScreenSettings? settings, long issuedUnixSeconds)
    {
        (this.device, this.issuedUnixSeconds) = (device, issuedUnixSeconds);
        foreach (var payload in payloads)
        {
            entries[Convert.ToHexStringLower(SHA256.HashData(payload).AsSpan(0, DigestList.DigestBytes))] = payload;
        }

        if (settings is not null)
        {
            Enqueue(ScreenTopics.Settings, settings.Encode);
        }
    }

    public LinkState Step(long uptimeMs) => LinkState.Up;

    public bool Publish(string topic, byte[] payload, int length, int qos, int token)
    {
        acknowledged.Enqueue(token);
        if (topic.EndsWith(ScreenTopics.Hello, StringComparison.Ordinal) && ScreenHello.TryDecode(payload, length, out var hello) && hello.Catalogue.Length == 0)
        {
            SendManifest();
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

    private void SendManifest()
    {
        var digests = entries.Keys.Select(Convert.FromHexString).ToArray();
        var whole = SHA256.HashData([.. digests.SelectMany(digest => digest)])[..DigestList.DigestBytes];
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
