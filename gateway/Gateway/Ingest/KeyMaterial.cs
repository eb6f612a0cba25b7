using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Quartier.Gateway.Ingest;

/// <summary>Keeps session and root keys out of the store. A network server with a join server of its own hands the session key on
/// inside its events; whoever reads a backup of the store could then read and forge what the device says.</summary>
public static class KeyMaterial
{
    // What the names of all keys contain, in one spelling or the other; "\u" because a name may be escaped.
    private static readonly SearchValues<string> Marks = SearchValues.Create(["key", "servercontext", "server_context", "\\u"], StringComparison.OrdinalIgnoreCase);

    private static readonly string[] Names =
        ["joinservercontext", "appskey", "nwkskey", "fnwksintkey", "snwksintkey", "nwksenckey", "appkey", "nwkkey", "aeskey", "encryptedkey"];

    /// <returns>The same bytes where they hold no key; the message with null in the place of each; nothing where something looks like
    /// a key and the message cannot be read to take it out.</returns>
    public static byte[] Strip(byte[] json)
    {
        if (!Encoding.Latin1.GetString(json).AsSpan().ContainsAny(Marks))
        {
            return json;
        }

        try
        {
            return Without(json);
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static byte[] Without(byte[] json)
    {
        var kept = new ArrayBufferWriter<byte>(json.Length);
        var copied = 0;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ProtoJson.DepthMax });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && IsKey(reader))
            {
                reader.Read();
                kept.Write(json.AsSpan(copied, (int)reader.TokenStartIndex - copied));
                kept.Write("null"u8);
                reader.Skip();
                copied = (int)reader.BytesConsumed;
            }
        }

        if (copied == 0)
        {
            return json;
        }

        kept.Write(json.AsSpan(copied));
        return kept.WrittenSpan.ToArray();
    }

    private static bool IsKey(in Utf8JsonReader reader)
    {
        try
        {
            return Names.Contains(reader.GetString()!.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant());
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in a name: nobody's, and not worth the risk.
            return true;
        }
    }
}
