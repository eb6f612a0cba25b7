using System.Text;
using System.Text.Json;

namespace Quartier.Gateway.Ingest;

/// <summary>The types of protobuf's JSON mapping that network servers use.</summary>
public enum ProtoType
{
    Text,
    Truth,
    Signed,
    Unsigned,
    Number,
    Bytes,
    Moment,
    Span,
    Choice,
    Struct,
    TextMap,
    Message,
}

/// <summary>Fields that the pipeline itself reads, whatever else a message carries.</summary>
public enum Wanted
{
    No,
    Id,
    SentAt,
    Session,
    Device,
    Counter,
    Port,
    Payload,

    /// <summary>Where it holds anything, the payload is ciphertext to us. Its content is a key: never read, gathered or kept.</summary>
    Sealed,
}

/// <param name="Shape">Fields of a message field.</param>
/// <param name="Names">Names of an enum field, by number; a gap is "".</param>
public sealed record ProtoField(
    string Name, ProtoType Type, bool Repeated = false, ProtoShape? Shape = null, IReadOnlyList<string>? Names = null, Wanted Wanted = Wanted.No)
{
    private readonly byte[] utf8 = Encoding.UTF8.GetBytes(Name);

    // The original name, which the mapping allows on input too: dev_eui for devEui.
    private readonly byte[] snakeUtf8 = Encoding.UTF8.GetBytes(
        string.Concat(Name.Select(letter => char.IsAsciiLetterUpper(letter) ? "_" + char.ToLowerInvariant(letter) : letter.ToString())));

    /// <summary>Whether a message without sense here is refused: it would not be clear who speaks, which of their frames this is or
    /// what it says. Everything else is only noted as odd, because an alarm must not fall with it.</summary>
    public bool Needed { get; } = Wanted is Wanted.Device or Wanted.Counter or Wanted.Port or Wanted.Payload || Shape is { IsNeeded: true };

    /// <summary>Whether the reader stands on this field's name, in either spelling.</summary>
    public bool IsNamedBy(in Utf8JsonReader reader) => reader.ValueTextEquals(utf8) || reader.ValueTextEquals(snakeUtf8);
}

/// <summary>The known fields of one message. Unknown ones are left out and noted: servers grow.</summary>
public sealed record ProtoShape(params ProtoField[] Fields)
{
    public bool IsNeeded { get; } = Fields.Any(field => field.Needed);

    /// <summary>Number of the field whose name the reader stands on, or -1.</summary>
    /// <param name="likely">Where to look first: a sender that writes in the shape's order is found at once.</param>
    public int IndexOf(in Utf8JsonReader reader, int likely)
    {
        for (var step = 0; step < Fields.Length; step++)
        {
            var index = (likely + step) % Fields.Length;
            if (Fields[index].IsNamedBy(reader))
            {
                return index;
            }
        }

        return -1;
    }
}
