using Dapper;
using Microsoft.Data.Sqlite;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Outputs.Outbox;
using Quartier.Gateway.Outputs.Planning;

namespace Quartier.Gateway.Store;

/// <summary>Every table of the gateway. Each slice owns its own; this list only says which exist.
/// Portable SQL: CREATE TABLE IF NOT EXISTS, integers, text and blobs, no vendor's types.</summary>
public static class Schema
{
    private static readonly string[] Tables =
    [
        AccountsTable.Schema,
        SessionsTable.Schema,
        AuditTable.Schema,
        RegistryTable.Schema,
        ScreensTable.Schema,
        ScreenSetup.Schema,
        EventsTable.Schema,
        ClockTable.Schema,
        RefusalsTable.Schema,
        OdditiesTable.Schema,
        SheltersTable.Schema,
        OccupancyTable.Schema,
        PodPlaces.Schema,
        LedgerTable.Schema,
        PlanningPush.Schema,
        PlannerKeysTable.Schema,
        AlertsTable.Schema,
        LinksTable.Schema,
        OutboxTable.Schema,
        OffersTable.Schema,
        ImportStepsTable.Schema,
        CatalogueTable.Schema,
        RetainedTable.Schema,
        OutsideTable.Schema,
        StoreWatch.Schema,
    ];

    /// <summary>What later versions put on tables that an older data folder already has. A slice lists its own beside its table;
    /// the column stands in the table's CREATE statement as well.</summary>
    private static readonly AddedColumn[] Added = [.. OutboxTable.Added, .. LedgerTable.Added, .. RegistryTable.Added, .. SheltersTable.Added, .. AlertsTable.Added, .. CatalogueTable.Added];

    public static void Create(SqliteConnection connection)
    {
        foreach (var table in Tables)
        {
            connection.Execute(table);
        }

        foreach (var column in Added)
        {
            Complete(connection, column);
        }
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
