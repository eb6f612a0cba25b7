using Dapper;
using DbUp;
using Npgsql;

namespace Quartier.Gateway.Store;

/// <summary>Brings a PostgreSQL store to the program's schema, wholly or not at all.</summary>
internal static class PostgreSqlUpgrade
{
    /// <param name="turnKey">The writers' lock: two programs that start at once bring it there one after the other, and nobody writes
    /// meanwhile.</param>
    /// <exception cref="UnusableStoreException">Newer than the program, or its tables cannot be made. Nothing was changed.</exception>
    public static void Bring(string settings, Schema schema, long turnKey)
    {
        using var store = new NpgsqlConnection(settings);
        store.Open();
        if (schema.Pending(Name(store), Applied(store)).Count == 0)
        {
            return;
        }

        store.Execute("SELECT pg_advisory_lock(@turnKey)", new { turnKey });
        try
        {
            if (schema.Pending(Name(store), Applied(store)).Count > 0)
            {
                var place = store.ExecuteScalar<string>("SELECT current_schema()");
                Migrating.Run(DeployChanges.To.PostgresqlDatabase(settings).JournalToPostgresqlTable(place, Schema.Journal).WithTransaction(), schema);
            }
        }
        catch (PostgresException fault)
        {
            throw new UnusableStoreException($"The store {Name(store)} cannot be brought to this version's form ({fault.MessageText}). Nothing was changed.", fault);
        }
    }

    private static IReadOnlyCollection<string> Applied(NpgsqlConnection store) =>
        store.ExecuteScalar<bool>("SELECT to_regclass(@Journal) IS NOT NULL", new { Schema.Journal })
            ? store.Query<string>($"SELECT scriptname FROM {Schema.Journal}").AsList()
            : [];

    private static string Name(NpgsqlConnection store) => $"{store.Database} on {store.Host}";
}
