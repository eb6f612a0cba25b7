using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using NodaTime;
using NodaTime.Text;

namespace Quartier.Gateway.Ingest;

/// <summary>Reads protobuf's JSON mapping by a shape, in one pass: names in both spellings, numbers also as strings, enums by name or
/// number, null as absent. The first field that does not fit is kept with its path. Every known field is checked; what they hold is
/// gathered, with proto3's defaults filled in, only when somebody wants to see it (<paramref name="gather"/>), because the pipeline
/// itself needs but five of them.</summary>
public sealed class ProtoJson(bool gather)
{
    public const int DepthMax = 32;

    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private readonly Stack<(string Name, int Item)> path = [];

    /// <summary>The first fault, or null.</summary>
    public RefusalReason? Reason { get; private set; }

    public string Detail { get; private set; } = "";

    /// <summary>The server's own id of the message; empty when it has none.</summary>
    public string Id { get; private set; } = "";

    public Instant? SentAt { get; private set; }

    public string Device { get; private set; } = "";

    public long Port { get; private set; }

    public byte[] Payload { get; private set; } = [];

    /// <returns>The fields; null when they are not gathered.</returns>
    /// <exception cref="JsonException">Not JSON: cut short, nested too deeply.</exception>
    /// <exception cref="InvalidOperationException">A text that is not Unicode.</exception>
    public Dictionary<string, object?>? Read(ReadOnlySpan<byte> json, ProtoShape shape)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
        reader.Read();
        var fields = Message(ref reader, shape);
        while (reader.Read())
        {
            // Only to find out whether the rest is JSON too.
        }

        return fields;
    }

    private Dictionary<string, object?>? Message(ref Utf8JsonReader reader, ProtoShape shape)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Mismatch(ref reader, "an object was expected");
            return null;
        }

        var values = gather ? new object?[shape.Fields.Length] : [];
        var likely = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = shape.IndexOf(reader, likely);
            reader.Read();
            if (index < 0 || reader.TokenType == JsonTokenType.Null)
            {
                reader.Skip();
                continue;
            }

            var field = shape.Fields[index];
            path.Push((field.Name, -1));
            var value = field.Repeated ? List(ref reader, field) : One(ref reader, field);
            path.Pop();
            likely = index + 1;
            if (gather)
            {
                values[index] = value;
            }
        }

        return gather ? Complete(shape, values) : null;
    }

    private static Dictionary<string, object?> Complete(ProtoShape shape, object?[] values)
    {
        var fields = new Dictionary<string, object?>();
        foreach (var (field, value) in shape.Fields.Zip(values))
        {
            if ((value ?? Default(field)) is { } shown)
            {
                fields[field.Name] = shown;
            }
        }

        return fields;
    }

    private static object? Default(ProtoField field) => field.Repeated ? Array.Empty<object?>() : field.Type switch
    {
        ProtoType.Text or ProtoType.Bytes => "",
        ProtoType.Choice => field.Names![0],
        ProtoType.Truth => false,
        ProtoType.Signed or ProtoType.Unsigned => 0L,
        ProtoType.Number => 0.0,
        ProtoType.TextMap => new Dictionary<string, object?>(),
        _ => null,
    };

    private List<object?>? List(ref Utf8JsonReader reader, ProtoField field)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Mismatch(ref reader, "a list was expected");
            return null;
        }

        var items = gather ? new List<object?>() : null;
        for (var item = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; item++)
        {
            path.Push((field.Name, item));
            var value = One(ref reader, field);
            path.Pop();
            items?.Add(value);
        }

        return items;
    }

    private object? One(ref Utf8JsonReader reader, ProtoField field) => field.Type switch
    {
        ProtoType.Text => Text(ref reader, field),
        ProtoType.Truth => Truth(ref reader),
        ProtoType.Signed => Whole(ref reader, field, int.MinValue, int.MaxValue),
        ProtoType.Unsigned => Whole(ref reader, field, uint.MinValue, uint.MaxValue),
        ProtoType.Number => Float(ref reader),
        ProtoType.Bytes => Base64(ref reader, field),
        ProtoType.Moment => Moment(ref reader, field),
        ProtoType.Span => Span(ref reader),
        ProtoType.Choice => Choice(ref reader, field),
        ProtoType.Struct => Struct(ref reader),
        ProtoType.TextMap => Map(ref reader),
        _ => Message(ref reader, field.Shape!),
    };

    private string? Text(ref Utf8JsonReader reader, ProtoField field)
    {
        var text = Text(ref reader, gather || field.Wanted != Wanted.No);
        if (field.Wanted == Wanted.Id)
        {
            Id = text ?? "";
        }
        else if (field.Wanted == Wanted.Device)
        {
            Device = text ?? "";
        }

        return text;
    }

    /// <returns>The text, "" when it is not needed, null when it is none.</returns>
    private string? Text(ref Utf8JsonReader reader, bool needed)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            Mismatch(ref reader, "a text was expected");
            return null;
        }

        return !needed && !reader.ValueIsEscaped && Utf8.IsValid(reader.ValueSpan) ? "" : reader.GetString();
    }

    private object? Truth(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
        {
            Mismatch(ref reader, "true or false was expected");
            return null;
        }

        return gather ? reader.GetBoolean() : null;
    }

    private object? Whole(ref Utf8JsonReader reader, ProtoField? field, long min, long max)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var whole))
        {
            if (Number(ref reader) is not { } number)
            {
                return null;
            }

            whole = number == Math.Floor(number) && Math.Abs(number) <= uint.MaxValue ? (long)number : long.MaxValue;
        }

        if (whole < min || whole > max)
        {
            Refuse(RefusalReason.InvalidField, $"a whole number from {min} to {max} was expected");
            return null;
        }

        Port = field?.Wanted == Wanted.Port ? whole : Port;
        return gather ? whole : null;
    }

    // How the mapping writes a floating-point field that holds no number; kept as it was written.
    private object? Float(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("NaN") || reader.ValueTextEquals("Infinity") || reader.ValueTextEquals("-Infinity")))
        {
            return gather ? reader.GetString() : null;
        }

        return Number(ref reader) is { } number && gather ? number : null;
    }

    private double? Number(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
        {
            Mismatch(ref reader, "a number was expected");
            return null;
        }

        var known = reader.ValueIsEscaped
            ? double.TryParse(reader.GetString(), Decimal, CultureInfo.InvariantCulture, out var number)
            : double.TryParse(reader.ValueSpan, Decimal, CultureInfo.InvariantCulture, out number);
        if (known && double.IsFinite(number))
        {
            return number;
        }

        Refuse(RefusalReason.InvalidField, "a number was expected");
        return null;
    }

    private string? Base64(ref Utf8JsonReader reader, ProtoField field)
    {
        if (Text(ref reader, true) is not { } text)
        {
            return null;
        }

        if (!TryBytes(text, out var bytes))
        {
            Refuse(RefusalReason.InvalidBase64, "base64 with padding was expected");
            return null;
        }

        Payload = field.Wanted == Wanted.Payload ? bytes : Payload;
        return text;
    }

    /// <summary>Standard or URL-safe alphabet, padding required: a text without it may have been cut short.</summary>
    public static bool TryBytes(string base64, out byte[] bytes)
    {
        var standard = base64.Replace('-', '+').Replace('_', '/');
        if (!System.Buffers.Text.Base64.IsValid(standard, out var length) || standard.Any(char.IsWhiteSpace))
        {
            bytes = [];
            return false;
        }

        bytes = new byte[length];
        return Convert.TryFromBase64String(standard, bytes, out _);
    }

    private string? Moment(ref Utf8JsonReader reader, ProtoField field)
    {
        if (Text(ref reader, true) is not { } text)
        {
            return null;
        }

        var moment = OffsetDateTimePattern.Rfc3339.Parse(text);
        if (!moment.Success)
        {
            Refuse(RefusalReason.InvalidField, "a time as in RFC 3339 was expected");
            return null;
        }

        SentAt = field.Wanted == Wanted.SentAt ? moment.Value.ToInstant() : SentAt;
        return text;
    }

    private string? Span(ref Utf8JsonReader reader)
    {
        if (Text(ref reader, true) is not { } text)
        {
            return null;
        }

        if (!text.EndsWith('s') || !decimal.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
        {
            Refuse(RefusalReason.InvalidField, "seconds with the suffix s were expected");
            return null;
        }

        return text;
    }

    // A name or number that this version does not know is kept as it is: servers grow.
    private object? Choice(ref Utf8JsonReader reader, ProtoField field)
    {
        if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty && !char.IsAsciiDigit((char)reader.ValueSpan[0]))
        {
            return Text(ref reader, gather);
        }

        return Whole(ref reader, null, int.MinValue, int.MaxValue) is not long number ? null
            : number >= 0 && number < field.Names!.Count ? field.Names[(int)number]
            : number;
    }

    private object? Struct(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Mismatch(ref reader, "an object was expected");
            return null;
        }

        if (gather)
        {
            return JsonElement.ParseValue(ref reader);
        }

        reader.Skip();
        return null;
    }

    private Dictionary<string, object?>? Map(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Mismatch(ref reader, "an object of texts was expected");
            return null;
        }

        var map = gather ? new Dictionary<string, object?>() : null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            path.Push((name, -1));
            var value = Text(ref reader, gather);
            path.Pop();
            map?.TryAdd(name, value);
        }

        return map;
    }

    /// <summary>A value of another kind: it is refused, and passed over as a whole.</summary>
    private void Mismatch(ref Utf8JsonReader reader, string expected)
    {
        Refuse(RefusalReason.InvalidField, expected);
        reader.Skip();
    }

    private void Refuse(RefusalReason reason, string expected)
    {
        if (Reason is null)
        {
            Reason = reason;
            Detail = $"{Where()}: {expected}";
        }
    }

    /// <summary>rxInfo[0].gwTime: an item of a list is on the path twice, as the list and as the item.</summary>
    private string Where()
    {
        var steps = path.Reverse().ToArray();
        return string.Join('.', steps.Where((step, at) => at + 1 == steps.Length || steps[at + 1].Item < 0)
            .Select(step => step.Item < 0 ? step.Name : $"{step.Name}[{step.Item}]"));
    }
}
