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

/// <param name="Shape">Fields of a message field.</param>
/// <param name="Names">Names of an enum field, by number; a gap is "".</param>
public sealed record ProtoField(string Name, ProtoType Type, bool Repeated = false, ProtoShape? Shape = null, IReadOnlyList<string>? Names = null)
{
    /// <summary>The original name, which the mapping allows on input too: dev_eui for devEui.</summary>
    public string SnakeName { get; } = string.Concat(Name.Select(letter => char.IsAsciiLetterUpper(letter) ? "_" + char.ToLowerInvariant(letter) : letter.ToString()));
}

/// <summary>The known fields of one message. Unknown ones are left out without complaint: servers grow.</summary>
public sealed record ProtoShape(params ProtoField[] Fields);
