using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Ingest;

/// <summary>Last step: who acts on what was recorded, in this order. "Find usages" of a fact answers who reacts to it.</summary>
public static class React
{
    public static void Take(DbConnection db, Recorded recorded, Instant now, List<Publication> effects)
    {
        switch (recorded.Message)
        {
            case PodStatus status:
                Observe(db, new ShelterObservation(recorded.Device.Id, recorded.At, status) { ReceivedAt = now, Port = recorded.Received.Port }, recorded.Order);
                break;
            case PodAlarm alarm:
                Report(db, new AlarmReport(recorded.Device.Id, recorded.At, alarm.Kind, alarm.Active, alarm.Sequence, alarm.Value) { ReceivedAt = now }, recorded.Order);
                effects.Add(Downlink.Confirm(recorded.Received, alarm.Sequence, now));
                break;
            case { } screenMessage when recorded.Received.Source == Source.Screen:
                var heard = new ScreenHeard(recorded.Device.Id, recorded.At, screenMessage);
                ScreensTable.Take(db, heard);
                ScreenSetup.Hear(db, heard, now, effects);
                RootOffers.Hear(db, heard, now, effects);
                Catalogue.Hear(db, heard, now, effects);
                break;
            default:
                break;
        }
    }

    private static void Observe(DbConnection db, ShelterObservation observation, Order order)
    {
        if (order == Order.Newest)
        {
            var step = SheltersTable.Observe(db, observation, observation.ReceivedAt);
            OccupancyTable.Take(db, observation, step);
            AlertCases.Take(db, observation);
        }
        else
        {
            AlertCases.TakeLate(db, observation, believed: order == Order.Doubtful);
        }
    }

    /// <summary>An alarm is no report: whatever its order, it is weighed by its number. One that comes late tells nothing about now,
    /// and what a younger status already says to be over is shown as over.</summary>
    private static void Report(DbConnection db, AlarmReport report, Order order)
    {
        var isOver = order == Order.Older && report.Active && SheltersTable.LastObservation(db, report.Device) is { } last
            && last.At >= report.At && AlertRules.SaysOver(last.Status, report.Kind);
        if (order == Order.Newest || (order == Order.Doubtful && report.Active))
        {
            SheltersTable.Report(db, report, report.ReceivedAt);
        }

        AlertCases.Take(db, isOver ? report with { Active = false } : report);
    }
}
