using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.PodNights;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Wire;

namespace Quartier.Gateway.Ingest;

/// <summary>Last step: who acts on what was recorded, in this order. "Find usages" of a fact answers who reacts to it.</summary>
public static class React
{
    public static void Take(SqliteConnection db, Recorded recorded, Instant now, List<Publication> effects)
    {
        switch (recorded.Message)
        {
            case ShelterStatusV1 status:
                var observation = new ShelterObservation(recorded.Device.Id, recorded.At, status);
                var step = SheltersTable.Observe(db, observation, now);
                OccupancyTable.Take(db, observation, step);
                AlertDesk.Take(db, observation);
                break;
            case ShelterAlarmV1 alarm:
                var report = new AlarmReport(recorded.Device.Id, recorded.At, alarm.Kind, alarm.Active, alarm.Sequence, alarm.Value);
                SheltersTable.Report(db, report, now);
                AlertDesk.Take(db, report);
                effects.Add(Downlink.Confirm(recorded.Received, alarm.Sequence, now));
                break;
            case { } screenMessage when recorded.Received.Source == Source.Screen:
                var heard = new ScreenHeard(recorded.Device.Id, recorded.At, screenMessage);
                ScreensTable.Take(db, heard);
                ScreenSetup.Hear(db, heard, now, effects);
                Catalogue.Hear(db, heard, now, effects);
                break;
            default:
                break;
        }
    }
}
