namespace Quartier.Mqtt;

/// <summary>Topic names and filters, §4.7. Levels are compared character by character, without normalisation.</summary>
public sealed class TopicFilter
{
    private readonly string[] levels;

    private TopicFilter(string text)
    {
        Text = text;
        levels = text.Split('/');
    }

    public string Text { get; }

    public IReadOnlyList<string> Levels => levels;

    public bool HasWildcard => Text.AsSpan().IndexOfAny('+', '#') >= 0;

    public override string ToString() => Text;

    /// <summary>False for an empty filter, a '#' that is not the whole last level, a '+' that is not a whole level, or unsendable text.</summary>
    public static bool TryParse(string text, out TopicFilter? filter)
    {
        filter = null;
        if (text.Length == 0 || !MqttText.IsSendable(text))
        {
            return false;
        }

        var candidate = new TopicFilter(text);
        for (var i = 0; i < candidate.levels.Length; i++)
        {
            var level = candidate.levels[i];
            if ((level.Contains('+', StringComparison.Ordinal) && level != "+")
                || (level.Contains('#', StringComparison.Ordinal) && (level != "#" || i != candidate.levels.Length - 1)))
            {
                return false;
            }
        }

        filter = candidate;
        return true;
    }

    public static TopicFilter Parse(string text) =>
        TryParse(text, out var filter) ? filter! : throw new FormatException($"'{text}' is not a topic filter.");

    /// <summary>A topic name has at least one character, no wildcard and no U+0000, and at most 65535 bytes.</summary>
    public static bool IsTopicName(string text) =>
        text.Length > 0 && text.AsSpan().IndexOfAny('+', '#') < 0 && MqttText.IsSendable(text);

    internal static bool IsTopicName(ReadOnlySpan<byte> utf8) =>
        !utf8.IsEmpty && utf8.IndexOfAny((byte)'+', (byte)'#') < 0 && MqttText.IsWellFormed(utf8);

    public bool Matches(string topic)
    {
        // MQTT-4.7.2-1: a wildcard at the front does not reach topics that begin with $.
        if (levels[0] is "+" or "#" && topic.StartsWith('$'))
        {
            return false;
        }

        var at = 0;
        foreach (var level in levels)
        {
            if (level == "#")
            {
                return true;
            }

            if (at > topic.Length)
            {
                return false;
            }

            var slash = topic.IndexOf('/', at);
            var end = slash < 0 ? topic.Length : slash;
            if (level != "+" && !topic.AsSpan(at, end - at).SequenceEqual(level))
            {
                return false;
            }

            at = end + 1;
        }

        return at > topic.Length;
    }

    /// <summary>True when every topic that <paramref name="other"/> matches is matched by this filter too.</summary>
    public bool Covers(TopicFilter other)
    {
        if (levels[0] is "+" or "#" && other.levels[0].StartsWith('$'))
        {
            return false;
        }

        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i] == "#")
            {
                return true;
            }

            if (i >= other.levels.Length || other.levels[i] == "#" || (levels[i] != "+" && levels[i] != other.levels[i]))
            {
                return false;
            }
        }

        return levels.Length == other.levels.Length;
    }
}
