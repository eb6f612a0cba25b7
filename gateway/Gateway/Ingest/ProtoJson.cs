using System.Text.Json;
using NodaTime;

namespace Quartier.Gateway.Ingest;

/// <summary>Reads protobuf's JSON mapping by a shape, in one pass: names in both spellings, numbers also as strings, enums by name or
/// number, null as absent. The first needed field that does not fit is the fault; any other that does not fit, a name that this version
/// does not know among them, is left out and noted as odd. Every known field is checked; what they hold is gathered, with proto3's
/// defaults filled in, only when somebody wants to see it (<paramref name="gather"/>), because the pipeline itself reads but a few.</summary>
public sealed partial class ProtoJson(bool gather)
{
    /// <summary>As deep as a message of the greatest length can be. The reader keeps one bit a level and skips without recursion, so that
    /// no alarm need be refused for what somebody nested into its metadata.</summary>
    public const int DepthMax = Receive.EventBytesMax;

    /// <summary>Levels of a free-form field that are shown; a deeper one is left out where the fields are shown.</summary>
    private const int ShownDepthMax = 32;

    private const int OddMax = 8;
    private const int OddCharsMax = 120;

    private readonly Stack<(string Name, int Item)> path = [];
    private readonly List<string> odd = [];
    private bool needed = true;

    /// <summary>The first fault in a field that is needed, or null.</summary>
    public RefusalReason? Reason { get; private set; }

    public string Detail { get; private set; } = "";

    /// <summary>What did not fit and was not needed: path and expectation, never a value. The first of them.</summary>
    public IReadOnlyList<string> Odd => odd;

    /// <summary>The server's own id of the message; empty when it has none.</summary>
    public string Id { get; private set; } = "";

    public Instant? SentAt { get; private set; }

    /// <summary>The device's address in its present session; empty when it is not told.</summary>
    public string Session { get; private set; } = "";

    public string Device { get; private set; } = "";

    /// <summary>The frame's number in its session; null when it is not told.</summary>
    public long? Counter { get; private set; }

    public long Port { get; private set; }

    public byte[] Payload { get; private set; } = [];

    /// <summary>The network server has no key to the payload, and neither have we.</summary>
    public bool IsSealed { get; private set; }

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
            // A name with broken escapes is nobody's, and comparing it would throw.
            var index = !reader.ValueIsEscaped || IsUnicode(reader) ? shape.IndexOf(reader, likely) : -1;
            if (index < 0)
            {
                PassOver(ref reader);
                continue;
            }

            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            var field = shape.Fields[index];
            if (field.Wanted == Wanted.Sealed)
            {
                IsSealed |= HoldsSomething(reader);
                reader.Skip();
                continue;
            }

            var value = Known(ref reader, field);
            likely = index + 1;
            if (gather)
            {
                values[index] = value;
            }
        }

        return gather ? Complete(shape, values) : null;
    }

    private static bool HoldsSomething(Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.StartObject || (reader.Read() && reader.TokenType != JsonTokenType.EndObject);

    private object? Known(ref Utf8JsonReader reader, ProtoField field)
    {
        var outside = needed;
        needed = outside && field.Needed;
        path.Push((field.Name, -1));
        var value = field.Repeated ? List(ref reader, field) : One(ref reader, field);
        path.Pop();
        needed = outside;
        return value;
    }

    /// <summary>A field of a later version, or somebody's own.</summary>
    private void PassOver(ref Utf8JsonReader reader)
    {
        var name = IsUnicode(reader) ? reader.GetString()! : "?";
        reader.Read();
        if (reader.TokenType != JsonTokenType.Null)
        {
            path.Push((name, -1));
            Note("not known");
            path.Pop();
        }

        reader.Skip();
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

    /// <summary>A value of another kind is passed over as a whole.</summary>
    private void Mismatch(ref Utf8JsonReader reader, string expected)
    {
        Refuse(RefusalReason.InvalidField, expected);
        reader.Skip();
    }

    /// <summary>A fault where the field is needed, else odd.</summary>
    private void Refuse(RefusalReason reason, string expected)
    {
        if (!needed)
        {
            Note(expected);
        }
        else if (Reason is null)
        {
            Reason = reason;
            Detail = $"{Where()}: {expected}";
        }
    }

    private void Note(string expected)
    {
        if (odd.Count < OddMax)
        {
            var note = $"{Where()}: {expected}";
            odd.Add(note.Length <= OddCharsMax ? note : note[..OddCharsMax] + "…");
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
