using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>Hands figures and catalogue to the outbox as CloudEvents for the planning backend: what is in the ledger and was not handed
/// over before, each service that changed. A receiver that keeps the event of the greatest sequence of each subject ends with the ledger
/// and the catalogue, whatever crashed in between and whatever was given up and sent again later.</summary>
public static class PlanningPush
{
    private const string Source = "/quartier/planning";
    private const string ServiceSubject = "service/";
    private const string ServiceType = "de.quartier.planning.service";
    private const string RemovedType = "de.quartier.planning.service.removed";
    private const string Releases = "releases";
    private const string Services = "services";
    private static readonly Duration Kept = Duration.FromDays(14);

    /// <summary>Rows of the ledger that were not handed over yet, in their order.</summary>
    /// <returns>Number of events.</returns>
    public static int Ledger(DbConnection connection, Instant now)
    {
        var before = long.Parse(Until(connection, Releases) ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        if (LedgerTable.Head(connection).Sequence == before)
        {
            return 0;
        }

        var lines = LedgerTable.After(connection, before);
        // What a simulated run drew is repeatable by its seed: it protects nobody and leaves for nobody.
        foreach (var line in lines.Where(line => !line.Row.Simulated))
        {
            var content = ReleaseDocuments.ToJson(line.Row);
            content["sequence"] = line.Row.Sequence;
            content["ledger_digest"] = line.Digest;
            Add(connection, $"release:{line.Row.Id}", "de.quartier.planning.release", $"release/{line.Row.Id}", content, now);
        }

        SetUntil(connection, Releases, $"{LedgerTable.Head(connection).Sequence}");
        return lines.Count(line => !line.Row.Simulated);
    }

    /// <summary>A dead event about a service is sent again as the service is now, or as gone; a figure never changes.</summary>
    public static string? Renewed(DbConnection connection, OutboxMessage dead, Instant now)
    {
        if (!dead.Subject.StartsWith(ServiceSubject, StringComparison.Ordinal))
        {
            return null;
        }

        var id = dead.Subject[ServiceSubject.Length..];
        var view = HsdsRules.Catalogue(OffersTable.All(connection), now).FirstOrDefault(view => HsdsRules.ServiceId(view) == id);
        return view is null
            ? new CloudEvent(dead.Key, Source, RemovedType, dead.Subject, now, new JsonObject { ["id"] = id }).ToJson()
            : new CloudEvent(dead.Key, Source, ServiceType, dead.Subject, now, HsdsRules.Service(view, now)).ToJson();
    }

    /// <summary>Sends each service that changed since it was last sent, and says which are gone. Looks only once an hour, or when an
    /// offer was written.</summary>
    /// <param name="state">Changes whenever an offer is written.</param>
    /// <returns>Number of events.</returns>
    public static int Catalogue(DbConnection connection, string state, Func<IReadOnlyList<OfferView>> catalogue, Instant now)
    {
        var looked = $"{now.ToUnixTimeSeconds() / 3600}:{state}";
        if (Until(connection, Services) == looked)
        {
            return 0;
        }

        SetUntil(connection, Services, looked);
        var before = connection.Query<(string Service, string Digest)>("SELECT service, digest FROM planning_pushed_services")
            .ToDictionary(row => row.Service, row => row.Digest);
        var count = 0;
        foreach (var view in catalogue())
        {
            var service = HsdsRules.Service(view, now);
            var (id, digest) = (HsdsRules.ServiceId(view), Digest(service.ToJsonString()));
            if (before.Remove(id, out var sent) && sent == digest)
            {
                continue;
            }

            Add(connection, Key(id, digest, now), ServiceType, ServiceSubject + id, service, now);
            connection.Execute(
                "INSERT INTO planning_pushed_services (service, digest) VALUES (@id, @digest) ON CONFLICT (service) DO UPDATE SET digest = @digest",
                new { id, digest });
            count++;
        }

        foreach (var id in before.Keys.Order(StringComparer.Ordinal))
        {
            Add(connection, Key(id, "gone", now), RemovedType, ServiceSubject + id, new JsonObject { ["id"] = id }, now);
            connection.Execute("DELETE FROM planning_pushed_services WHERE service = @id", new { id });
            count++;
        }

        return count;
    }

    /// <summary>How far one of planning's tasks has come.</summary>
    internal static string? Until(DbConnection connection, string what) =>
        connection.QuerySingleOrDefault<string?>("SELECT until FROM planning_pushed WHERE what = @what", new { what });

    internal static void SetUntil(DbConnection connection, string what, string until) => connection.Execute(
        "INSERT INTO planning_pushed (what, until) VALUES (@what, @until) ON CONFLICT (what) DO UPDATE SET until = @until", new { what, until });

    // A service may return to a state it had before: the moment keeps the two events apart.
    private static string Key(string service, string state, Instant now) => $"service:{service}:{state}:{now.ToUnixTimeTicks() / 10}";

    private static void Add(DbConnection connection, string key, string type, string subject, JsonObject content, Instant now) =>
        OutboxTable.Add(
            connection,
            new NewMessage(ChannelNames.Planning, subject, key, new CloudEvent(key, Source, type, subject, now, content).ToJson(), now, now + Kept),
            now);

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
