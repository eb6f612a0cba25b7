using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Quartier.Gateway.Store;

/// <summary>What the slices work with, whichever driver is below it. It keeps statements prepared, since compiling a short one costs more
/// than running it, and notes which tables its work changes. Used by one thread at a time, as <see cref="Database"/> does.</summary>
/// <param name="driver">Open, and this one's own from here on.</param>
/// <param name="folder">The data folder of the store, with what lies beside the database.</param>
/// <param name="statements">What runs the driver's <see cref="Statement"/>s; this one's own too.</param>
/// <param name="keepsCommands">False where the driver itself keeps what it has prepared.</param>
internal sealed class StoreConnection(DbConnection driver, string folder, Statements statements, bool keepsCommands) : DbConnection
{
    private const int TextsMax = 512;

    private readonly Dictionary<string, DbCommand> idle = new(StringComparer.Ordinal);

    public override string Database => driver.Database;

    public override string DataSource => driver.DataSource;

    public override string ServerVersion => driver.ServerVersion;

    public override ConnectionState State => driver.State;

    [AllowNull]
    public override string ConnectionString
    {
        get => driver.ConnectionString;
        set => throw new NotSupportedException("A connection of the store stays the one that it is.");
    }

    internal DbConnection Driver => driver;

    internal Statements Statements => statements;

    internal string Folder => folder;

    internal bool KeepsCommands => keepsCommands;

    /// <summary>What was changed; null on a reader.</summary>
    internal ChangedTables? Changed { get; init; }

    public override void Open() => throw new NotSupportedException("A connection of the store is open from the start.");

    public override void Close() => driver.Close();

    public override void ChangeDatabase(string databaseName) => driver.ChangeDatabase(databaseName);

    internal DbCommand Rent(string text)
    {
        if (idle.Remove(text, out var known))
        {
            return known;
        }

        var command = driver.CreateCommand();
        command.CommandText = text;
        return command;
    }

    internal void Return(DbCommand command)
    {
        command.Parameters.Clear();
        if (idle.Count >= TextsMax || !idle.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        throw new NotSupportedException("Transactions are the store's own; see Database.Write.");

    /// <summary>What Dapper asks for.</summary>
    protected override DbCommand CreateDbCommand() => new StoreCommand(this);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var command in idle.Values)
            {
                command.Dispose();
            }

            idle.Clear();
            statements.Dispose();
            driver.Dispose();
        }

        base.Dispose(disposing);
    }
}
