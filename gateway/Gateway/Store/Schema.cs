using Dapper;
using Microsoft.Data.Sqlite;

namespace Quartier.Gateway.Store;

/// <summary>The tables of a store. Portable SQL: CREATE TABLE IF NOT EXISTS, integers, text and blobs, no vendor's types.</summary>
/// <param name="Added">What later versions put on tables that an older data folder already has; the column stands in the table's CREATE
/// statement as well.</param>
public sealed record Schema(IReadOnlyList<string> Tables, IReadOnlyList<AddedColumn> Added)
{
    /// <summary>What an older version kept otherwise and is read over when the store is opened, each wholly or not at all. One that has
    /// nothing left to do costs a look.</summary>
    public IReadOnlyList<Action<SqliteConnection>> ReadOver { get; init; } = [];

    public void Create(SqliteConnection connection)
    {
        foreach (var table in Tables)
        {
            connection.Execute(table);
        }

        foreach (var column in Added)
        {
            Complete(connection, column);
        }

        foreach (var step in ReadOver)
        {
            Whole(connection, step);
        }
    }

    /// <summary>A savepoint, because a store is also completed within a transaction.</summary>
    private static void Whole(SqliteConnection connection, Action<SqliteConnection> step)
    {
        connection.Execute("SAVEPOINT read_over");
        try
        {
            step(connection);
        }
        catch
        {
            connection.Execute("ROLLBACK TO read_over; RELEASE read_over");
            throw;
        }

        connection.Execute("RELEASE read_over");
    }

    /// <summary>Adds the column where it is missing. The names are the program's own, never input.</summary>
    public static void Complete(SqliteConnection connection, AddedColumn column)
    {
        var has = connection.ExecuteScalar<long>(
            "SELECT COUNT(*) FROM pragma_table_info(@table) WHERE name = @name", new { table = column.Table, name = column.Name });
        if (has == 0)
        {
            connection.Execute($"ALTER TABLE {column.Table} ADD COLUMN {column.Name} {column.Definition}");
        }
    }
}

/// <param name="Definition">Type and default, such as "INTEGER NOT NULL DEFAULT 0": old rows need a value.</param>
public sealed record AddedColumn(string Table, string Name, string Definition);
