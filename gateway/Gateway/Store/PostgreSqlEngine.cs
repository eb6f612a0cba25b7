using System.Data;
using System.Data.Common;
using Dapper;
using Npgsql;

namespace Quartier.Gateway.Store;

/// <summary>PostgreSQL, in the first schema of the connection's search path. Its writers, of however many programs, take turns by one lock
/// of the database: work finds the same order as in SQLite, and what one of them has looked at nobody changes before it commits.</summary>
/// <param name="settings">Of Npgsql: host, database, user and so on.</param>
internal sealed class PostgreSqlEngine(string settings, string folder, Schema schema, Durability durability) : Engine
{
    /// <summary>"Quartier" in bytes.</summary>
    private const long TurnKey = 0x5175617274696572;

    /// <summary>Whoever hangs within its turn loses it, and the connection.</summary>
    private const int TurnSeconds = 20;

    private const int StatementsKept = 512;

    private static readonly Statement BeginText = new($"BEGIN; SELECT pg_advisory_xact_lock({TurnKey})");
    private static readonly Statement BackText = new("ROLLBACK");

    private long turns;

    public override StoreConnection ConnectWriter(ChangedTables changed)
    {
        PostgreSqlUpgrade.Bring(Settings(isReader: false), schema, TurnKey);
        var writer = Connect(isReader: false, changed);
        writer.Execute(durability == Durability.Full ? "SET synchronous_commit = on" : "SET synchronous_commit = off");
        return writer;
    }

    public override StoreConnection ConnectReader() => Connect(isReader: true, null);

    /// <summary>Between two turns anybody may have committed: what was read holds for one.</summary>
    public override long Begin(StoreConnection writer)
    {
        BeginText.Run(writer);
        return ++turns;
    }

    public override void TakeBack(StoreConnection writer)
    {
        try
        {
            BackText.Run(writer);
        }
        catch (NpgsqlException) when (writer.State != ConnectionState.Open)
        {
            // The server has taken it back when it lost the connection.
        }
        catch (InvalidOperationException) when (writer.State != ConnectionState.Open)
        {
            // It was lost before.
        }
    }

    /// <summary>Rows that were deleted are cleared out of their tables. What the server's files still hold below that is the business of its
    /// disk's encryption; see docs/privacy.md.</summary>
    public override bool Fold(StoreConnection writer)
    {
        writer.Execute("VACUUM");
        return true;
    }

    // The classes of PostgreSQL's error codes, appendix A of its manual.
    public override StoreFailure? FailureOf(DbException failure) => failure is not NpgsqlException ? null : failure.SqlState switch
    {
        "53100" => StoreFailure.Full,
        "XX001" or "XX002" => StoreFailure.Damaged,
        "25006" or "42501" => StoreFailure.Refuses,
        ['0', '8', ..] or ['5', '3', ..] or ['5', '7', ..] or ['5', '8', ..] => StoreFailure.Refuses,
        null => StoreFailure.Refuses,
        _ => null,
    };

    private StoreConnection Connect(bool isReader, ChangedTables? changed)
    {
        var connection = new NpgsqlConnection(Settings(isReader));
        connection.Open();
        return new StoreConnection(connection, folder, new DriverStatements(connection), keepsCommands: false) { Changed = changed };
    }

    private string Settings(bool isReader) => new NpgsqlConnectionStringBuilder(settings)
    {
        Pooling = false,
        Enlist = false,
        MaxAutoPrepare = StatementsKept,
        AutoPrepareMinUsages = 2,
        KeepAlive = 10,
        ApplicationName = "quartier",
        Options = $"-c idle_in_transaction_session_timeout={TurnSeconds}s{(isReader ? " -c default_transaction_read_only=on" : "")}",
    }.ToString();
}
