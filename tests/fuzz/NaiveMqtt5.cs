namespace Quartier.Tests.Fuzz;

/// <summary>A second reader of MQTT 5 properties, written from §2.2.2.2 alone: slow, with exceptions at its edge, and without the first one's code.</summary>
internal static class NaiveMqtt5
{
    /// <summary>How each property of a client's PUBLISH is written: b a byte 0 or 1, i four bytes, a two bytes, s text, d data, p a pair of texts.</summary>
    private static readonly Dictionary<int, char> OfPublish = new() { [1] = 'b', [2] = 'i', [3] = 's', [8] = 's', [9] = 'd', [35] = 'a', [38] = 'p' };

    /// <returns>Whether the body of a PUBLISH at this QoS begins with a topic, an identifier and properties that may stand there.</returns>
    public static bool IsPublish(byte[] body, int qos)
    {
        try
        {
            var at = 0;
            var topic = Data(body, ref at);
            if (qos > 0 && Number(body, ref at, 2) == 0)
            {
                return false;
            }

            var length = Variable(body, ref at);
            var properties = body[at..(at + length)];
            var ids = Ids(properties);
            return ids.Where(id => id != 38).Distinct().Count() == ids.Count(id => id != 38) && (topic.Length > 0 || ids.Contains(35));
        }
        catch (Exception bad) when (bad is FormatException or IndexOutOfRangeException or ArgumentException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static List<int> Ids(byte[] properties)
    {
        var ids = new List<int>();
        for (var at = 0; at < properties.Length;)
        {
            ids.Add(properties[at++]);
            switch (OfPublish[ids[^1]])
            {
                case 'b' when Number(properties, ref at, 1) > 1:
                    throw new FormatException();
                case 'i':
                    Number(properties, ref at, 4);
                    break;
                case 'a':
                    Number(properties, ref at, 2);
                    break;
                case 'd':
                    Data(properties, ref at);
                    break;
                case 's':
                    var text = Text(properties, ref at);
                    if (ids[^1] == 8 && (text.Length == 0 || text.Contains('+', StringComparison.Ordinal) || text.Contains('#', StringComparison.Ordinal)))
                    {
                        throw new FormatException();
                    }

                    break;
                case 'p':
                    Text(properties, ref at);
                    Text(properties, ref at);
                    break;
            }
        }

        return ids;
    }

    private static string Text(byte[] from, ref int at)
    {
        var text = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Data(from, ref at));
        return text.Contains('\0', StringComparison.Ordinal) ? throw new FormatException() : text;
    }

    private static byte[] Data(byte[] from, ref int at)
    {
        var length = (int)Number(from, ref at, 2);
        at += length;
        return from[(at - length)..at];
    }

    private static long Number(byte[] from, ref int at, int bytes)
    {
        long number = 0;
        for (var left = bytes; left > 0; left--)
        {
            number = (number * 256) + from[at++];
        }

        return number;
    }

    private static int Variable(byte[] from, ref int at)
    {
        var digits = new List<int>();
        do
        {
            digits.Add(from[at++]);
        }
        while (digits[^1] > 127);

        if (digits.Count > 4 || (digits.Count > 1 && digits[^1] == 0))
        {
            throw new FormatException();
        }

        return digits.Select((digit, place) => (digit % 128) << (7 * place)).Sum();
    }
}
