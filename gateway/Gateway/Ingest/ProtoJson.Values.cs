using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using NodaTime.Text;

namespace Quartier.Gateway.Ingest;

/// <summary>One value of each type. What does not fit is told to Refuse and is null.</summary>
public sealed partial class ProtoJson
{
    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private string? Text(ref Utf8JsonReader reader, ProtoField field)
    {
        var text = Text(ref reader, gather || field.Wanted != Wanted.No);
        if (field.Wanted == Wanted.Id)
        {
            Id = text ?? "";
        }
        else if (field.Wanted == Wanted.Session)
        {
            Session = text ?? "";
        }
        else if (field.Wanted == Wanted.Device)
        {
            Device = text ?? "";
        }

        return text;
    }

    /// <returns>The text, "" when nobody reads it, null when it is none.</returns>
    private string? Text(ref Utf8JsonReader reader, bool read)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            Mismatch(ref reader, "a text was expected");
            return null;
        }

        if (!IsUnicode(reader))
        {
            Refuse(RefusalReason.InvalidJson, "a text that is not Unicode");
            return null;
        }

        return read ? reader.GetString() : "";
    }

    /// <summary>Whether the text or name that the reader stands on can be one: bytes of UTF-8, and no half of a surrogate pair.</summary>
    private static bool IsUnicode(in Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        if (!Utf8.IsValid(text))
        {
            return false;
        }

        var high = false;
        for (var at = reader.ValueIsEscaped ? 0 : text.Length; at < text.Length;)
        {
            var isCode = text[at] == '\\' && text[at + 1] == 'u';
            var unit = isCode ? (char)ushort.Parse(text.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : ' ';
            if (high != char.IsLowSurrogate(unit))
            {
                return false;
            }

            high = char.IsHighSurrogate(unit);
            at += isCode ? 6 : text[at] == '\\' ? 2 : 1;
        }

        return !high;
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
        Counter = field?.Wanted == Wanted.Counter ? whole : Counter;
        return gather || field is null ? whole : null;
    }

    // How the mapping writes a floating-point field that holds no number; kept as it was written.
    private object? Float(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && (reader.ValueTextEquals("NaN") || reader.ValueTextEquals("Infinity") || reader.ValueTextEquals("-Infinity")))
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

        var text = reader.ValueIsEscaped && IsUnicode(reader) ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
        if (double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
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

    // A name or number that this version does not know is kept as it is, and noted: servers grow.
    private object? Choice(ref Utf8JsonReader reader, ProtoField field)
    {
        if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty && !char.IsAsciiDigit((char)reader.ValueSpan[0]))
        {
            var name = Text(ref reader, true);
            if (name is not null && !field.Names!.Contains(name))
            {
                Note("a value of a later version");
            }

            return name;
        }

        if (Whole(ref reader, null, int.MinValue, int.MaxValue) is not { } whole)
        {
            return null;
        }

        var number = (long)whole;
        if (number >= 0 && number < field.Names!.Count)
        {
            return field.Names[(int)number];
        }

        Note("a value of a later version");
        return number;
    }

    private object? Struct(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Mismatch(ref reader, "an object was expected");
            return null;
        }

        if (gather && IsShown(reader))
        {
            return JsonElement.ParseValue(ref reader);
        }

        reader.Skip();
        return null;
    }

    private static bool IsShown(Utf8JsonReader reader)
    {
        var outside = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > outside)
        {
            if (reader.CurrentDepth > outside + ShownDepthMax)
            {
                return false;
            }
        }

        return true;
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
            var name = IsUnicode(reader) ? reader.GetString()! : "?";
            reader.Read();
            path.Push((name, -1));
            var value = Text(ref reader, gather);
            path.Pop();
            map?.TryAdd(name, value);
        }

        return map;
    }
}
