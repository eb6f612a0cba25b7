using Microsoft.Data.Sqlite;

namespace Quartier.Gateway.Store;

/// <summary>The writer's transaction, and within it a savepoint for each piece of work.</summary>
internal static class Transaction
{
    private static readonly Statement BeginText = new("BEGIN IMMEDIATE");
    private static readonly Statement CommitText = new("COMMIT");
    private static readonly Statement SaveText = new("SAVEPOINT work");
    private static readonly Statement KeepText = new("RELEASE work");
    private static readonly Statement BackText = new("ROLLBACK TO work");

    // Changes when another connection, of this or any other process, has committed.
    private static readonly Statement OthersText = new("PRAGMA data_version");

    /// <returns>The version of what others committed.</returns>
    public static long Begin(SqliteConnection db)
    {
        BeginText.Run(db);
        return OthersText.First(db, static row => row.Long(0));
    }

    public static void Commit(SqliteConnection db) => CommitText.Run(db);

    public static void Save(SqliteConnection db) => SaveText.Run(db);

    public static void Keep(SqliteConnection db) => KeepText.Run(db);

    public static void TakeBack(SqliteConnection db)
    {
        BackText.Run(db);
        KeepText.Run(db);
    }
}
