using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Quartier.Gateway.Outputs.Planning;

namespace Quartier.Tests.Gateway.Store;

/// <summary>The data folder of the first version of the program, as its demo left it: every table has rows. Its text lies in
/// first-version, since a database is no text.</summary>
internal static class FirstVersion
{
    private static readonly string Source = Path.Combine(AppContext.BaseDirectory, "Store", "first-version");

    /// <summary>Makes it in the folder, log and rights as that version had them.</summary>
    public static void Put(string folder)
    {
        File.Copy(Path.Combine(Source, ReleaseJournal.FileName), Path.Combine(folder, ReleaseJournal.FileName));
        using var store = Open(Path.Combine(folder, "quartier.db"));
        store.Execute("PRAGMA foreign_keys=OFF");
        store.Execute(File.ReadAllText(Path.Combine(Source, "store.sql")));
        store.Execute("PRAGMA journal_mode=WAL");
    }

    /// <summary>Each table with its rows; each row as its columns' values.</summary>
    public static SortedDictionary<string, List<IDictionary<string, object?>>> Rows(DbConnection store) => new(
        Tables(store).ToDictionary(table => table, table => store.Query($"SELECT * FROM {table}").Select(row => (IDictionary<string, object?>)row).ToList()),
        StringComparer.Ordinal);

    public static SqliteConnection Open(string path)
    {
        var store = new SqliteConnection($"Data Source={path};Pooling=False");
        store.Open();
        return store;
    }

    private static List<string> Tables(DbConnection store) =>
        store.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_versions'").AsList();
}
