using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using NodaTime;
using NodaTime.Text;

namespace Quartier.Gateway.Ingest;

/// <summary>One field of a message. Left out and null are the same: neither a value nor a fault.</summary>
/// <param name="Expected">What was expected in place of what stands there, or null.</param>
public readonly record struct Field<T>(T? Value, string? Expected)
{
    /// <summary>Path and expectation, never a value; null where the field fits.</summary>
    public string? Fault(string path) => Expected is null ? null : $"{path}: {Expected}";
}

/// <summary>Protobuf's JSON mapping for records of <see cref="Field{T}"/>: names in both spellings (fCnt, f_cnt), numbers also as texts,
/// null as absent. A value that does not fit is the field's fault and not the message's; a name that the record does not have is passed
/// over unread.</summary>
public static partial class ProtoJson
{
    /// <summary>As deep as a message of the greatest length can be. The reader keeps one bit a level and skips without recursion, so that
    /// no alarm need be refused for what somebody nested into its metadata.</summary>
    public const int DepthMax = Receive.EventBytesMax;

    private static readonly JsonSerializerOptions Options = new()
    {
        MaxDepth = DepthMax,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { TakeBothSpellings } },
        Converters = { new Text(), new Moment(), new Whole<byte>(), new Whole<uint>(), new Message<ChirpStackEvent>(), new Message<DeviceInfo>() },
    };

    /// <param name="json">As <see cref="Readable"/> returns it.</param>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static Field<ChirpStackEvent> Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<Field<ChirpStackEvent>>(json, Options);

    /// <summary>The same bytes where all of them are Unicode; else with U+FFFD for each byte and each half of a surrogate pair that is
    /// not, because the reader would throw at them wherever they stand.</summary>
    public static byte[] Readable(byte[] json)
    {
        if (Utf8.IsValid(json) && json.AsSpan().IndexOf("\\ud"u8) < 0 && json.AsSpan().IndexOf("\\uD"u8) < 0)
        {
            return json;
        }

        var text = Escape.Replace(Encoding.UTF8.GetString(json), escape => escape.Groups["half"].Success ? "\\ufffd" : escape.Value);
        return Encoding.UTF8.GetBytes(text);
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

    // In this order: a whole pair, a half, any other escape (so that the second of two backslashes begins none).
    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", RegexOptions.Singleline)]
    private static partial Regex Escape { get; }

    private static void TakeBothSpellings(JsonTypeInfo message)
    {
        foreach (var field in message.Properties.ToArray())
        {
            var original = JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Name);
            if (original != field.Name)
            {
                var twin = message.CreateJsonPropertyInfo(field.PropertyType, original);
                twin.Set = field.Set;
                twin.CustomConverter = field.CustomConverter;
                message.Properties.Add(twin);
            }
        }
    }

    private abstract class FieldConverter<T>(string expected) : JsonConverter<Field<T>>
    {
        public sealed override Field<T> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                return default;
            }

            if (TryRead(ref reader, options, out var value))
            {
                return new(value, null);
            }

            reader.Skip();
            return new(default, expected);
        }

        public sealed override void Write(Utf8JsonWriter writer, Field<T> value, JsonSerializerOptions options) => throw new NotSupportedException();

        /// <summary>Moves the reader only where the value is taken.</summary>
        protected abstract bool TryRead(ref Utf8JsonReader reader, JsonSerializerOptions options, out T? value);
    }

    private sealed class Text() : FieldConverter<string>("a text was expected")
    {
        protected override bool TryRead(ref Utf8JsonReader reader, JsonSerializerOptions options, out string? value)
        {
            value = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            return value is not null;
        }
    }

    private sealed class Moment() : FieldConverter<Instant?>("a time as in RFC 3339 was expected")
    {
        protected override bool TryRead(ref Utf8JsonReader reader, JsonSerializerOptions options, out Instant? value)
        {
            var parsed = reader.TokenType == JsonTokenType.String ? OffsetDateTimePattern.Rfc3339.Parse(reader.GetString()!) : null;
            value = parsed is { Success: true } ? parsed.Value.ToInstant() : null;
            return value is not null;
        }
    }

    private sealed class Whole<T>() : FieldConverter<T?>($"a whole number from 0 to {T.MaxValue} was expected")
        where T : struct, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

        protected override bool TryRead(ref Utf8JsonReader reader, JsonSerializerOptions options, out T? value)
        {
            var number = reader.TokenType switch
            {
                JsonTokenType.Number => reader.GetDouble(),
                JsonTokenType.String when double.TryParse(reader.GetString(), Decimal, CultureInfo.InvariantCulture, out var text) => text,
                _ => double.NaN,
            };
            var fits = number >= 0 && number <= double.CreateChecked(T.MaxValue) && number == Math.Floor(number);
            value = fits ? T.CreateChecked(number) : null;
            return fits;
        }
    }

    private sealed class Message<T>() : FieldConverter<T>("an object was expected")
        where T : class
    {
        protected override bool TryRead(ref Utf8JsonReader reader, JsonSerializerOptions options, out T? value)
        {
            value = reader.TokenType == JsonTokenType.StartObject
                ? ((JsonConverter<T>)options.GetConverter(typeof(T))).Read(ref reader, typeof(T), options)
                : null;
            return value is not null;
        }
    }
}
