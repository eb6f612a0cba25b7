using Dapper;
using DbUp;
using DbUp.Sqlite.Helpers;
using Microsoft.Data.Sqlite;

namespace Quartier.Gateway.Store;

/// <summary>Brings a store in a file to the program's schema, wholly or not at all, before anything else opens it.</summary>
internal static class SqliteUpgrade
{
    /// <summary>For somebody who just looks in; a gateway that runs keeps its file longer.</summary>
    private const int WaitSeconds = 2;

    private const int OrphansNamed = 10;

    private static readonly byte[] Magic = "SQLite format 3\0"u8.ToArray();

    /// <exception cref="UnusableStoreException">Newer than the program, damaged, open elsewhere, or with rows that belong to nothing.
    /// Nothing was changed.</exception>
    public static void Bring(string path, Schema schema, Durability durability)
    {
        var applied = Applied(path);
        var pending = schema.Pending(path, applied ?? []);
        if (pending.Count == 0)
        {
            return;
        }

        try
        {
            Upgrade(path, schema, durability, applied is null ? null : UpgradeBackups.PathFor(path, pending[0]));
        }
        catch (SqliteException fault)
        {
            throw Unusable(path, fault);
        }
    }

    /// <summary>What the store has been through; null: it has no tables yet. Leaves every file as it is.</summary>
    private static IReadOnlyCollection<string>? Applied(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return null;
        }

        try
        {
            CheckMagic(path);
            using var store = OpenUntouched(path);
            return store.ExecuteScalar<long>("SELECT COUNT(*) FROM sqlite_master") == 0 ? null
                : store.ExecuteScalar<long>("SELECT COUNT(*) FROM sqlite_master WHERE name = @Journal", new { Schema.Journal }) == 0 ? []
                : store.Query<string>($"SELECT ScriptName FROM {Schema.Journal}").AsList();
        }
        catch (SqliteException fault)
        {
            throw Unusable(path, fault);
        }
    }

    private static void CheckMagic(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var begin = new byte[Magic.Length];
        if (file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) < begin.Length || !begin.AsSpan().SequenceEqual(Magic))
        {
            throw new UnusableStoreException($"{path} is no store: it does not begin as a SQLite database does. Nothing was changed. Put back a backup (./quartier restore), or move the file away for a new store.");
        }
    }

    /// <summary>A reader makes files of its own beside a database that keeps a log, unless it is told that nobody writes: then there is no log.</summary>
    private static SqliteConnection OpenUntouched(string path)
    {
        var log = new FileInfo($"{path}-wal");
        var isAtRest = !log.Exists || log.Length == 0;
        var source = $"{new Uri(Path.GetFullPath(path)).AbsoluteUri}?{(isAtRest ? "immutable=1" : "mode=ro")}";
        var store = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        store.Open();
        return store;
    }

    /// <param name="backup">Where the store is copied to before anything in it changes; null: there is nothing in it yet.</param>
    private static void Upgrade(string path, Schema schema, Durability durability, string? backup)
    {
        using var store = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = WaitSeconds }.ToString());
        store.Open();
        store.Execute(durability == Durability.Full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF");

        // Foreign keys are switched before the transaction or not at all. Tables that are replaced are overwritten.
        store.Execute("PRAGMA foreign_keys=OFF; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY");
        if (backup is not null)
        {
            // From the first look on nobody else gets at it until this connection is closed.
            store.Execute("PRAGMA locking_mode=EXCLUSIVE");
            Copy(path, store, backup);
        }

        store.Execute("BEGIN IMMEDIATE");
        try
        {
            Migrating.Run(DeployChanges.To.SqliteDatabase(new SharedConnection(store)).JournalToSqliteTable(Schema.Journal).WithoutTransaction(), schema);
            CheckRelations(path, store);
            store.Execute("COMMIT");
        }
        catch
        {
            SQLitePCL.raw.sqlite3_exec(store.Handle, "ROLLBACK");
            if (backup is not null)
            {
                File.Delete(backup);
            }

            throw;
        }
    }

    private static void Copy(string path, SqliteConnection store, string backup)
    {
        store.ExecuteScalar<long>("BEGIN; SELECT COUNT(*) FROM sqlite_master");
        try
        {
            StoreCopy.Make(store, backup);
            store.Execute("COMMIT");
        }
        catch (InvalidDataException fault)
        {
            throw new UnusableStoreException($"The store {path} is damaged ({fault.Message}). Nothing was changed. Put back a backup: ./quartier restore.", fault);
        }
        catch (Exception fault) when (fault is SqliteException { SqliteErrorCode: not SQLitePCL.raw.SQLITE_CORRUPT } or IOException or UnauthorizedAccessException)
        {
            throw new UnusableStoreException(
                $"The store {path} is to be brought to this version's form. Before that it is copied to {backup}, and that fails ({fault.Message}). "
                + $"Nothing was changed. Make room for the copy there ({new FileInfo(path).Length / 1_000_000 + 1} MB) and let this user write there, then start again.",
                fault);
        }
    }

    private static void CheckRelations(string path, SqliteConnection store)
    {
        var orphans = store.Query<(string Table, long? Row, string Parent)>("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check").AsList();
        if (orphans.Count == 0)
        {
            return;
        }

        var lines = orphans.GroupBy(orphan => (orphan.Table, orphan.Parent)).Select(group =>
            $"  {group.Count()} in {group.Key.Table} without their row in {group.Key.Parent}: rowid {string.Join(", ", group.Take(OrphansNamed).Select(orphan => orphan.Row))}{(group.Count() > OrphansNamed ? ", …" : "")}");
        throw new UnusableStoreException(
            $"""
            The store {path} has rows that belong to nothing, and cannot be brought to this version's form:
            {string.Join('\n', lines)}
            Nothing was changed. Look at these rows with the sqlite3 program, give them what they belong to or delete them there, and start again;
            until then the version that was here before goes on working.
            """);
    }

    /// <summary>In words what SQLite says in a number.</summary>
    private static UnusableStoreException Unusable(string path, SqliteException fault) => new(
        fault.SqliteErrorCode switch
        {
            SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => $"The store {path} is to be brought to this version's form, and another program has it open. Nothing was changed. Stop that program, mostly a gateway of an earlier version, and start again.",
            SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => $"The store {path} is damaged ({fault.Message}). Nothing was changed. Put back a backup: ./quartier restore.",
            SQLitePCL.raw.SQLITE_FULL => $"There is no room left to bring the store {path} to this version's form ({fault.Message}). Nothing was changed. Make room for twice its size and start again.",
            _ => $"The store {path} cannot be brought to this version's form ({fault.Message}). Nothing was changed.",
        },
        fault);
}
