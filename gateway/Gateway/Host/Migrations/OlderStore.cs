using System.Data;
using System.Data.Common;
using Dapper;
using DbUp.Engine;

namespace Quartier.Gateway.Host.Migrations;

/// <summary>What versions before the numbered scripts put on their tables bit by bit, and read over at the start: a store of any of them
/// has then the columns of 0001-tables. Frozen: it names the columns of its time.</summary>
internal sealed class OlderStore : IScript
{
    private static readonly (string Table, string Column, string Definition)[] Added =
    [
        ("outbox", "sequence", "INTEGER NOT NULL DEFAULT 0"),
        ("outbox", "urgent", "INTEGER NOT NULL DEFAULT 0"),
        ("release_ledger", "reported", "INTEGER"),
        ("release_ledger", "noised", "INTEGER"),
        ("release_ledger", "simulated", "INTEGER NOT NULL DEFAULT 0"),
        ("contacts", "session", "TEXT NOT NULL DEFAULT ''"),
        ("contacts", "counter", "INTEGER"),
        ("contacts", "message_at", "INTEGER"),
        ("mqtt_credentials", "liveness", "BLOB NOT NULL DEFAULT x''"),
        ("pods", "received_at", "INTEGER"),
        ("pods", "out_since", "INTEGER"),
        ("pods", "out_by", "TEXT"),
        ("pods", "out_why", "TEXT"),
        ("pods", "out_case", "INTEGER"),
        ("pods", "port", "INTEGER"),
        .. PodFrames.Columns.Select(column => ("pods", column.Name, column.Type)),
        ("alerts", "sequence", "INTEGER"),
        ("alerts", "cleared_at", "INTEGER"),
        ("alerts", "closed_as", "TEXT"),
        ("alert_sequences", "kind", "TEXT NOT NULL DEFAULT ''"),
        ("catalogue_state", "ranked", "TEXT"),
        ("catalogue_state", "total", "INTEGER NOT NULL DEFAULT 0"),
        ("catalogue_screens", "capacity_entries", "INTEGER NOT NULL DEFAULT 0"),
        ("catalogue_screens", "capacity_bytes", "INTEGER NOT NULL DEFAULT 0"),
        ("catalogue_screens", "refusals", "INTEGER NOT NULL DEFAULT 0"),
        ("catalogue_screens", "new_session", "INTEGER NOT NULL DEFAULT 0"),
    ];

    public string ProvideScript(Func<IDbCommand> dbCommandFactory)
    {
        using var command = dbCommandFactory();
        var store = (DbConnection)command.Connection!;
        foreach (var (table, column, definition) in Added)
        {
            if (!Has(store, table, column))
            {
                store.Execute($"ALTER TABLE {table} ADD COLUMN {column} {definition}");
            }
        }

        if (Has(store, "devices", "last_contact"))
        {
            store.Execute(
                """
                INSERT INTO contacts (device, last_at) SELECT id, last_contact FROM devices WHERE last_contact IS NOT NULL
                ON CONFLICT (device) DO UPDATE SET last_at = MAX(last_at, excluded.last_at);
                ALTER TABLE devices DROP COLUMN last_contact
                """);
        }

        if (Has(store, "pods", "status"))
        {
            PodFrames.ReadOver(store);
            store.Execute("ALTER TABLE pods DROP COLUMN status");
        }

        return "";
    }

    private static bool Has(DbConnection store, string table, string column) =>
        store.ExecuteScalar<long>("SELECT COUNT(*) FROM pragma_table_info(@table) WHERE name = @column", new { table, column }) > 0;
}
