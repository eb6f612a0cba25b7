using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace Quartier.Gateway.Broker;

/// <summary>The gateway's client id at each outside broker. It stays, since the broker keeps what comes while we are away under it, and
/// it is chance, since two gateways of one id would throw each other out.</summary>
public static class OutsideTable
{
    /// <summary>MQTT 3.1.1 promises 23 characters and no more (§3.1.3.1).</summary>
    private const int IdDigits = 14;

    public static string ClientId(DbConnection db, string name)
    {
        db.Execute(
            "INSERT INTO outside_brokers (name, client_id) VALUES (@name, @id) ON CONFLICT (name) DO NOTHING",
            new { name, id = "quartier-" + RandomNumberGenerator.GetHexString(IdDigits, lowercase: true) });
        return db.QuerySingle<string>("SELECT client_id FROM outside_brokers WHERE name = @name", new { name });
    }
}
