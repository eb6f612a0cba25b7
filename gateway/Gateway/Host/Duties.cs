using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Outputs.Outbox;
using Quartier.Gateway.Outputs.Planning;

namespace Quartier.Gateway.Host;

/// <summary>Everything that falls due by time alone, in this order. Called every second by the host and in virtual time by the
/// simulator; each slice decides by its own rows whether something is due.</summary>
public static class Duties
{
    /// <param name="chance">Where the noise of releases comes from; only a simulated run, which must repeat exactly, gives one.</param>
    public static void Step(SqliteConnection db, Instant now, List<Publication> effects, GatewayOptions options, IChance? chance = null)
    {
        ImportStepsTable.Resume(db, now);
        Catalogue.Step(db, now, effects, build: !options.BuildsBesideWriter);
        EventsTable.DeleteBefore(db, now - options.RawRetention);
        RefusalsTable.DeleteBefore(db, now - options.RawRetention);
        SheltersTable.ForgetStays(db, now - options.RawRetention);
        PlanningDuty.Step(db, now, options.Planning, chance);
        AlertNotices.Step(db, AlertSettings.From(options), now);
        OutboxTable.Forget(db, now);
    }
}
