using System.Reflection;
using DbUp.Engine;

namespace Quartier.Gateway.Store;

/// <summary>What gives one kind of store its tables: numbered migrations, each run once, in the order of their names. What has been
/// landed is never changed again; a change is a migration with the next number.</summary>
public sealed record Schema(IReadOnlyList<Migration> Migrations)
{
    /// <summary>The table in which a store keeps the names of what it has been through.</summary>
    public const string Journal = "schema_versions";

    /// <summary>A program's embedded scripts of one folder, "SQLite/0001-tables.sql" as "0001-tables".</summary>
    /// <param name="steps">What SQL alone cannot do; each takes its place among the scripts by its name.</param>
    public static Schema Embedded(Assembly assembly, string folder, params Migration[] steps)
    {
        var scripts = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith($"{folder}/", StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => new Migration(Path.GetFileNameWithoutExtension(name), Text(assembly, name)));
        return new([.. scripts.Concat(steps).OrderBy(migration => migration.Name, StringComparer.Ordinal)]);
    }

    /// <summary>The names of those that a store has still to go through.</summary>
    /// <param name="applied">Those it has been through.</param>
    /// <exception cref="UnusableStoreException">A newer program has been at the store.</exception>
    public IReadOnlyList<string> Pending(string store, IReadOnlyCollection<string> applied)
    {
        string[] known = [.. Migrations.Select(migration => migration.Name)];
        if (applied.Except(known, StringComparer.Ordinal).Max(StringComparer.Ordinal) is { } newer)
        {
            throw new UnusableStoreException(
                $"The store {store} was changed by a newer version of this program: it has been through {newer}, and this version knows up to {known[^1]}. "
                + "Nothing was changed. Start the newer version again, or put back a backup from before (./quartier restore).");
        }

        return [.. known.Except(applied, StringComparer.Ordinal)];
    }

    private static string Text(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}

/// <summary>The schema of each kind of store. Tables and columns are the same.</summary>
public sealed record Schemas(Schema Sqlite, Schema PostgreSql);

/// <summary>One step of a store's tables: SQL, or code that is given the migration's commands and returns what SQL is left to run.</summary>
/// <param name="Name">Four digits and what it does: "0003-foreign-keys".</param>
public sealed record Migration(string Name, string? Sql, IScript? Step = null);
