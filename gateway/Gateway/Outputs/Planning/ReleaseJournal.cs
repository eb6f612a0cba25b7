using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime.Text;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>A ledger row with the digest that covers it and everything before it.</summary>
public sealed record JournalLine(LedgerRow Row, string Digest);

/// <summary>The ledger once more, as a file beside the database to which lines are only added.
///
/// A row is on the disk here before the database commits it, and every release begins by bringing the two together. So a
/// crash between the two, a commit that fails, or a database put back from a backup cannot make the gateway draw a figure a
/// second time: the row comes back from this file. A restore must therefore never put back this file (docs/privacy.md).
/// One line: the digest in hex, a space, the row as JSON. A torn last line was never committed and is cut off.</summary>
public sealed class ReleaseJournal(string path)
{
    public const string FileName = "releases.jsonl";

    /// <summary>The journal of a data folder.</summary>
    public static ReleaseJournal In(string folder) => new(Path.Combine(folder, FileName));

    /// <summary>All whole lines, with the chain of digests checked.</summary>
    /// <exception cref="InvalidDataException">A line was changed or is missing.</exception>
    public IReadOnlyList<JournalLine> Read()
    {
        var lines = new List<JournalLine>();
        var digest = string.Empty;
        foreach (var text in WholeLines())
        {
            // The digest is checked before the row is read: what it covers is what we wrote, and needs no second check.
            var parts = text.Split(' ', 2);
            if (parts.Length != 2 || parts[0] != DigestOf(digest, parts[1]))
            {
                throw new InvalidDataException($"{path}, line {lines.Count + 1}: not what was written. No figure is released until the file is put right.");
            }

            digest = parts[0];
            lines.Add(new JournalLine(Decode(parts[1]), digest));
        }

        return lines;
    }

    /// <summary>Adds lines and returns when they are on the disk.</summary>
    public void Append(IReadOnlyList<JournalLine> lines)
    {
        OwnerOnly.Touch(path);
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        file.Seek(WholeLength(file), SeekOrigin.Begin);
        file.SetLength(file.Position);
        foreach (var line in lines)
        {
            file.Write(Encoding.UTF8.GetBytes($"{line.Digest} {Encode(line.Row)}\n"));
        }

        file.Flush(flushToDisk: true);
    }

    public static JournalLine Seal(string digestBefore, LedgerRow row) => new(row, DigestOf(digestBefore, Encode(row)));

    private static string DigestOf(string digestBefore, string row) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{digestBefore} {row}")));

    private static long WholeLength(FileStream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Array.LastIndexOf(bytes, (byte)'\n') + 1;
    }

    private string[] WholeLines()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        var text = File.ReadAllText(path);
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        return whole.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The row in one fixed spelling, because digests are over it.</summary>
    private static string Encode(LedgerRow row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", row.Sequence);
            json.WriteString("period", row.Period);
            json.WriteString("area", row.Area);
            json.WriteString("statistic", row.Statistic);
            json.WriteString("first_night", row.First.ToString());
            json.WriteString("last_night", row.Last.ToString());
            json.WriteStartArray("pods");
            foreach (var pod in SpanText.Of(row))
            {
                json.WriteStringValue(pod);
            }

            json.WriteEndArray();
            json.WriteNumber("offered", row.Offered);
            json.WriteString("epsilon", row.Epsilon.ToString());
            if (row.Value is { } value)
            {
                json.WriteNumber("value", value);
            }
            else
            {
                json.WriteNull("value");
            }

            json.WriteNumber("round_to", row.RoundTo);
            json.WriteNumber("suppress_below", row.SuppressBelow);
            json.WriteNumber("released_at_us", row.ReleasedAt.ToMicros());
            WriteLater(json, row);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>What the first version's rows lack is left out where it says nothing, so that their digests stay.</summary>
    private static void WriteLater(Utf8JsonWriter json, LedgerRow row)
    {
        if (row.Reported is { } reported)
        {
            json.WriteNumber("reported", reported);
        }

        if (row.Noised is { } noised)
        {
            json.WriteNumber("noised", noised);
        }

        if (row.Simulated)
        {
            json.WriteBoolean("simulated", true);
        }
    }

    private static int? Whole(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt32() : null;

    private static LedgerRow Decode(string text)
    {
        using var document = JsonDocument.Parse(text);
        var json = document.RootElement;
        var first = new Night(LocalDatePattern.Iso.Parse(json.GetProperty("first_night").GetString()!).Value);
        var last = new Night(LocalDatePattern.Iso.Parse(json.GetProperty("last_night").GetString()!).Value);
        return new LedgerRow(
            json.GetProperty("sequence").GetInt64(),
            json.GetProperty("period").GetString()!,
            json.GetProperty("area").GetString()!,
            json.GetProperty("statistic").GetString()!,
            first,
            last,
            SpanText.Read(json.GetProperty("pods").EnumerateArray().Select(pod => pod.GetString()!), first, last),
            json.GetProperty("offered").GetInt32(),
            Epsilon.Parse(json.GetProperty("epsilon").GetString()!),
            json.GetProperty("value").ValueKind == JsonValueKind.Null ? null : json.GetProperty("value").GetInt32(),
            json.GetProperty("round_to").GetInt32(),
            json.GetProperty("suppress_below").GetInt32(),
            json.GetProperty("released_at_us").GetInt64().ToInstant())
        {
            Reported = Whole(json, "reported"),
            Noised = Whole(json, "noised"),
            Simulated = json.TryGetProperty("simulated", out var simulated) && simulated.GetBoolean(),
        };
    }
}
