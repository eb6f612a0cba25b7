using Dapper;
using Microsoft.Data.Sqlite;
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
        AuditTable.Schema,
        RegistryTable.Schema,
        ScreensTable.Schema,
        ScreenSetup.Schema,
        EventsTable.Schema,
        RefusalsTable.Schema,
        SheltersTable.Schema,
        OccupancyTable.Schema,
        LedgerTable.Schema,
        PlanningPush.Schema,
        PlannerKeysTable.Schema,
        AlertsTable.Schema,
        LinksTable.Schema,
        OutboxTable.Schema,
        OffersTable.Schema,
        CatalogueTable.Schema,
    ];

    public static void Create(SqliteConnection connection)
    {
        foreach (var table in Tables)
        {
            connection.Execute(table);
        }
    }
}
