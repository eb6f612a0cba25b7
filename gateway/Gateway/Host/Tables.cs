using Quartier.Gateway.Broker;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Host;

/// <summary>Every table of the gateway. Each slice owns its own; this list only says which exist.</summary>
public static class Tables
{
    public static readonly Schema All = new(
        [
            AccountsTable.Schema,
            SessionsTable.Schema,
            AuditTable.Schema,
            RegistryTable.Schema,
            ScreensTable.Schema,
            ScreenSetup.Schema,
            ScreenTransports.Schema,
            RootOffers.Schema,
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
        ],
        [.. OutboxTable.Added, .. LedgerTable.Added, .. RegistryTable.Added, .. SheltersTable.Added, .. AlertsTable.Added, .. CatalogueTable.Added])
    {
        ReadOver = [db => SheltersTable.ReadFramesOver(db, StatusV1.Format.Port, frame => StatusV1.Format.Decode(frame) as PodStatus)],
    };
}
