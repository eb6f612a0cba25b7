using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Quartier.Gateway.Store;

namespace Quartier.Simulator;

/// <summary>What a store holds, as one digest a table: every row of every column, in an order of their own, so that where rows lie in the file
/// does not matter.</summary>
public static class StoreDigest
{
    private const int Digits = 16;

    /// <summary>Salted hashes of the demo's secrets, drawn by the operating system and said nowhere; and when the tables were made, by the
    /// machine's own clock.</summary>
    private static readonly string[] Outside = ["mqtt_credentials", Schema.Journal];

    public static IReadOnlyList<(string Table, string Digest)> Of(DbConnection connection)
    {
        var tables = Texts(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
        return [.. tables.Except(Outside).Select(table => (table, DigestOf(connection, table)))];
    }

    private static string DigestOf(DbConnection connection, string table)
    {
        // The table's name comes from the store's own catalogue, never from input.
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM \"{table}\"";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => Text(reader.GetValue(column)))));
        }

        rows.Sort(StringComparer.Ordinal);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows)));
        return string.Create(CultureInfo.InvariantCulture, $"{rows.Count} rows {Convert.ToHexStringLower(hash)[..Digits]}");
    }

    private static List<string> Texts(DbConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }

    private static string Text(object value) => value switch
    {
        byte[] bytes => Convert.ToHexStringLower(bytes),
        DBNull => "null",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
