using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Quartier.Gateway.Store;

/// <summary>SQLite in WAL mode, in a file of the data folder.</summary>
internal sealed class SqliteEngine(string folder, Schema schema, Durability durability) : Engine
{
    public const string FileName = "quartier.db";

    private const int BusyTimeoutMs = 10_000;

    /// <summary>Stands in the file from the version on that overwrites what it deletes.</summary>
    private const int OverwritesSince = 1;

    /// <summary>32 MB of log before it is folded into the file: pages that change with every group are then written there once and not
    /// thirty times. After a crash that much is read again, some tens of milliseconds.</summary>
    private const int CheckpointPages = 8_000;

    /// <summary>The index of the messages' keys is asked and extended at random places; it should stay in memory.</summary>
    private const int WriterCacheKiB = 64 * 1024;

    private static readonly Statement BeginText = new("BEGIN IMMEDIATE");

    // Changes when another connection, of this or any other process, has committed.
    private static readonly Statement OthersText = new("PRAGMA data_version");

    private readonly string path = Path.Combine(folder, FileName);
    private readonly string connectionString = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, FileName), Pooling = false }.ToString();

    static SqliteEngine()
    {
        Batteries_V2.Init();

        // Each connection has one user at a time, so SQLite need not lock each call, nor count each allocation.
        raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    public override StoreConnection ConnectWriter(ChangedTables changed)
    {
        var isNew = !File.Exists(path) || new FileInfo(path).Length == 0;
        OwnerOnly.Touch(path);
        SqliteUpgrade.Bring(path, schema, durability);
        var writer = Connect(changed);
        writer.Execute("PRAGMA journal_mode=WAL");
        writer.Execute($"PRAGMA wal_autocheckpoint={CheckpointPages}; PRAGMA cache_size=-{WriterCacheKiB}");
        writer.Execute(durability == Durability.Full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF");
        writer.Execute("PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY");
        EraseOnce(writer, isNew);
        return writer;
    }

    public override StoreConnection ConnectReader()
    {
        var reader = Connect(null);
        reader.Execute("PRAGMA query_only=ON");
        return reader;
    }

    public override long Begin(StoreConnection writer)
    {
        BeginText.Run(writer);
        return OthersText.First(writer, static row => row.Long(0));
    }

    public override void TakeBack(StoreConnection writer) => raw.sqlite3_exec(((SqliteConnection)writer.Driver).Handle, "ROLLBACK");

    /// <summary>Deleted rows are overwritten with zeros, but the log still holds them as they were: this folds it into the file and
    /// empties it.</summary>
    public override bool Fold(StoreConnection writer)
    {
        // Nobody waits for a reader behind the writer's lock.
        writer.Execute("PRAGMA busy_timeout=0");
        var isHeld = writer.ExecuteScalar<long>("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
        writer.Execute($"PRAGMA busy_timeout={BusyTimeoutMs}");
        return !isHeld;
    }

    public override StoreFailure? FailureOf(DbException failure) => (failure as SqliteException)?.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => StoreFailure.Full,
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => StoreFailure.Damaged,
        raw.SQLITE_READONLY or raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN => StoreFailure.Refuses,
        _ => null,
    };

    private StoreConnection Connect(ChangedTables? changed)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        connection.Execute($"PRAGMA busy_timeout={BusyTimeoutMs}; PRAGMA foreign_keys=ON;");
        return new StoreConnection(connection, folder, new SqliteStatements(connection), keepsCommands: true) { Changed = changed };
    }

    /// <summary>A store of a version that deleted without overwriting is written anew, once.</summary>
    private static void EraseOnce(StoreConnection writer, bool isNew)
    {
        if (writer.ExecuteScalar<long>("PRAGMA user_version") >= OverwritesSince)
        {
            return;
        }

        if (!isNew)
        {
            writer.Execute("VACUUM");
            writer.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        writer.Execute($"PRAGMA user_version={OverwritesSince}");
    }
}
