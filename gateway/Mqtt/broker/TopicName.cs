using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Quartier.Mqtt;

/// <summary>A checked topic name with what was last found out about it, so that a device that repeats its topic costs one look-up.</summary>
internal sealed class TopicName
{
    private TopicName(string text, byte[] utf8)
    {
        Text = text;
        Utf8Bytes = utf8;
    }

    public string Text { get; }

    public byte[] Utf8Bytes { get; }

    /// <summary>Subscriptions that matched when they were last looked up.</summary>
    public MatchedSubscriptions? Matched { get; set; }

    /// <summary>Whether the connection that holds this name may publish to it; null when not yet asked.</summary>
    public bool? MayPublish { get; set; }

    public static TopicName From(string text) => TopicFilter.IsTopicName(text)
        ? new TopicName(text, Encoding.UTF8.GetBytes(text))
        : throw new FormatException($"'{text}' is not a topic name.");

    /// <returns>Null when the bytes are no topic name.</returns>
    public static TopicName? FromUtf8(ReadOnlySpan<byte> utf8) => TopicFilter.IsTopicName(utf8)
        ? new TopicName(Encoding.UTF8.GetString(utf8), utf8.ToArray())
        : null;
}

/// <summary>The topic names one connection used lately. Bounded; when full it starts anew.</summary>
internal sealed class TopicNames
{
    private const int NamesMax = 256;

    private readonly Dictionary<byte[], TopicName> names;
    private readonly Dictionary<byte[], TopicName>.AlternateLookup<ReadOnlySpan<byte>> lookup;
    private TopicName? last;

    public TopicNames()
    {
        names = new Dictionary<byte[], TopicName>(new BytesComparer());
        lookup = names.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public bool TryGet(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out TopicName? name)
    {
        if (last is not null && utf8.SequenceEqual(last.Utf8Bytes))
        {
            name = last;
            return true;
        }

        if (!lookup.TryGetValue(utf8, out name))
        {
            name = TopicName.FromUtf8(utf8);
            if (name is null)
            {
                return false;
            }

            if (names.Count >= NamesMax)
            {
                names.Clear();
            }

            names.Add(name.Utf8Bytes, name);
        }

        last = name;
        return true;
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] bytes) => GetHashCode((ReadOnlySpan<byte>)bytes);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
