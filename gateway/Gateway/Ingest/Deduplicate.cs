using System.Data.Common;

namespace Quartier.Gateway.Ingest;

/// <summary>Third step: a redelivery ends here and changes nothing.</summary>
public static class Deduplicate
{
    public static Step<Fresh> Take(DbConnection db, Identified identified)
    {
        var received = identified.Received;
        return received.Key.Length > 0 && EventsTable.Has(db, received.Device, received.Kind, received.Key)
            ? new Verdict(Outcome.Duplicate, null, received.Device, received)
            : new Fresh(received, identified.Device);
    }
}
