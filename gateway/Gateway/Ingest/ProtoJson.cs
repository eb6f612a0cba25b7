using System.Globalization;
using System.Text.Json;
using NodaTime.Text;

namespace Quartier.Gateway.Ingest;

/// <summary>Reads protobuf's JSON mapping by a shape: names in both spellings, numbers also as strings, enums by name or number,
/// null as absent, proto3's defaults filled in. The first field that does not fit stops the reading with its path.</summary>
public sealed class ProtoJson
{
    /// <summary>The first fault, or null.</summary>
    public RefusalReason? Reason { get; private set; }

    public string Detail { get; private set; } = "";

    public Dictionary<string, object?> Read(JsonElement json, ProtoShape shape, string path = "")
    {
        var fields = new Dictionary<string, object?>();
        if (json.ValueKind != JsonValueKind.Object)
        {
            Refuse(RefusalReason.InvalidField, path, "an object was expected");
            return fields;
        }

        foreach (var field in shape.Fields)
        {
            var at = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            var present = (json.TryGetProperty(field.Name, out var value) || json.TryGetProperty(field.SnakeName, out value))
                && value.ValueKind != JsonValueKind.Null;
            if (present)
            {
                fields[field.Name] = field.Repeated ? List(value, field, at) : One(value, field, at);
            }
            else if (field.Repeated)
            {
                fields[field.Name] = Array.Empty<object?>();
            }
            else if (Default(field.Type) is { } value0)
            {
                fields[field.Name] = field.Type == ProtoType.Choice ? field.Names![0] : value0;
            }
        }

        return fields;
    }

    private static object? Default(ProtoType type) => type switch
    {
        ProtoType.Text or ProtoType.Bytes or ProtoType.Choice => "",
        ProtoType.Truth => false,
        ProtoType.Signed or ProtoType.Unsigned => 0L,
        ProtoType.Number => 0.0,
        ProtoType.TextMap => new Dictionary<string, object?>(),
        _ => null,
    };

    private object? List(JsonElement json, ProtoField field, string path)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            return Refuse(RefusalReason.InvalidField, path, "a list was expected");
        }

        var items = new List<object?>();
        foreach (var item in json.EnumerateArray())
        {
            items.Add(One(item, field, $"{path}[{items.Count}]"));
        }

        return items;
    }

    private object? One(JsonElement json, ProtoField field, string path) => field.Type switch
    {
        ProtoType.Text => Text(json, path),
        ProtoType.Truth => json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : Refuse(RefusalReason.InvalidField, path, "true or false was expected"),
        ProtoType.Signed => Whole(json, path, int.MinValue, int.MaxValue),
        ProtoType.Unsigned => Whole(json, path, uint.MinValue, uint.MaxValue),
        ProtoType.Number => IsNoNumber(json) ? json.GetString() : Number(json, path) is { } number ? number : null,
        ProtoType.Bytes => Base64(json, path),
        ProtoType.Moment => Timestamp(json, path),
        ProtoType.Span => Duration(json, path),
        ProtoType.Choice => Name(json, field.Names!, path),
        ProtoType.Struct => json.ValueKind == JsonValueKind.Object ? json.Clone() : Refuse(RefusalReason.InvalidField, path, "an object was expected"),
        ProtoType.TextMap => Map(json, path),
        _ => Read(json, field.Shape!, path),
    };

    private object? Text(JsonElement json, string path) =>
        json.ValueKind == JsonValueKind.String ? json.GetString() : Refuse(RefusalReason.InvalidField, path, "a text was expected");

    private object? Whole(JsonElement json, string path, long min, long max)
    {
        if (Number(json, path) is not { } number)
        {
            return null;
        }

        return number == Math.Floor(number) && number >= min && number <= max
            ? (long)number
            : Refuse(RefusalReason.InvalidField, path, $"a whole number from {min} to {max} was expected");
    }

    // How the mapping writes a floating-point field that holds no number; kept as it was written.
    private static bool IsNoNumber(JsonElement json) => json.ValueKind == JsonValueKind.String && json.GetString() is "NaN" or "Infinity" or "-Infinity";

    private double? Number(JsonElement json, string path)
    {
        var text = json.ValueKind switch
        {
            JsonValueKind.Number => json.GetRawText(),
            JsonValueKind.String => json.GetString(),
            _ => null,
        };
        if (double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number))
        {
            return number;
        }

        Refuse(RefusalReason.InvalidField, path, "a number was expected");
        return null;
    }

    private object? Base64(JsonElement json, string path)
    {
        if (Text(json, path) is not string text)
        {
            return null;
        }

        return TryBytes(text, out _) ? text : Refuse(RefusalReason.InvalidBase64, path, "base64 with padding was expected");
    }

    /// <summary>Standard or URL-safe alphabet, padding required: a text without it may have been cut short.</summary>
    public static bool TryBytes(string base64, out byte[] bytes)
    {
        bytes = new byte[base64.Length];
        var standard = base64.Replace('-', '+').Replace('_', '/');
        if (base64.Any(char.IsWhiteSpace) || !Convert.TryFromBase64String(standard, bytes, out var length))
        {
            bytes = [];
            return false;
        }

        bytes = bytes[..length];
        return true;
    }

    private object? Timestamp(JsonElement json, string path)
    {
        if (Text(json, path) is not string text)
        {
            return null;
        }

        return OffsetDateTimePattern.Rfc3339.Parse(text).Success ? text : Refuse(RefusalReason.InvalidField, path, "a time as in RFC 3339 was expected");
    }

    private object? Duration(JsonElement json, string path)
    {
        if (Text(json, path) is not string text)
        {
            return null;
        }

        return text.EndsWith('s') && decimal.TryParse(text[..^1], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
            ? text
            : Refuse(RefusalReason.InvalidField, path, "seconds with the suffix s were expected");
    }

    // A name or number that this version does not know is kept as it is: servers grow.
    private object? Name(JsonElement json, IReadOnlyList<string> names, string path)
    {
        if (json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 } name && !char.IsAsciiDigit(name[0]))
        {
            return name;
        }

        return Whole(json, path, int.MinValue, int.MaxValue) is not long number ? null
            : number >= 0 && number < names.Count ? names[(int)number]
            : number;
    }

    private object? Map(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return Refuse(RefusalReason.InvalidField, path, "an object of texts was expected");
        }

        var map = new Dictionary<string, object?>();
        foreach (var entry in json.EnumerateObject())
        {
            map[entry.Name] = Text(entry.Value, $"{path}.{entry.Name}");
        }

        return map;
    }

    private object? Refuse(RefusalReason reason, string path, string expected)
    {
        if (Reason is null)
        {
            Reason = reason;
            Detail = $"{path}: {expected}";
        }

        return null;
    }
}
