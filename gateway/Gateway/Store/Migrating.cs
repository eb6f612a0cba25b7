using System.Runtime.ExceptionServices;
using DbUp.Builder;

namespace Quartier.Gateway.Store;

/// <summary>Runs a schema's migrations, whatever kind of store they are for. DbUp keeps the journal and the order; the transaction around
/// all of them is the caller's or, where the builder says so, DbUp's.</summary>
internal static class Migrating
{
    /// <param name="store">A store of DbUp's that keeps its journal in <see cref="Schema.Journal"/>.</param>
    public static void Run(UpgradeEngineBuilder store, Schema schema)
    {
        store.WithVariablesDisabled().LogToNowhere();
        foreach (var migration in schema.Migrations)
        {
            store = migration.Step is { } step ? store.WithScript(migration.Name, step) : store.WithScript(migration.Name, migration.Sql);
        }

        var result = store.Build().PerformUpgrade();
        if (!result.Successful)
        {
            ExceptionDispatchInfo.Throw(result.Error);
        }
    }
}
