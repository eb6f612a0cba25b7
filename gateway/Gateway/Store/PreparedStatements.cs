using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Quartier.Gateway.Store;

/// <summary>A connection that keeps its statements prepared: the same SQL is compiled once and not with every message, which is
/// most of what a short statement costs. Used by one thread at a time, as <see cref="Database"/> does.</summary>
internal sealed class PreparingConnection(string connectionString) : SqliteConnection(connectionString)
{
    private const int TextsMax = 512;

    private readonly Dictionary<string, SqliteCommand> idle = new(StringComparer.Ordinal);
    private readonly Dictionary<Statement, SQLitePCL.sqlite3_stmt> kept = [];

    /// <summary>The writer's; null on a reader.</summary>
    internal WriterCaches? Caches { get; set; }

    /// <summary>What Dapper asks for.</summary>
    protected override DbCommand CreateDbCommand() => new PreparedCommand(this);

    /// <summary>What <see cref="Statement"/> runs.</summary>
    internal SQLitePCL.sqlite3_stmt Kept(Statement statement)
    {
        if (!kept.TryGetValue(statement, out var prepared))
        {
            kept.Add(statement, prepared = statement.Prepare(this));
        }

        return prepared;
    }

    internal SqliteCommand Rent(string text)
    {
        if (idle.Remove(text, out var known))
        {
            return known;
        }

        var command = CreateCommand();
        command.CommandText = text;
        return command;
    }

    internal void Return(SqliteCommand command)
    {
        command.Parameters.Clear();
        if (idle.Count >= TextsMax || !idle.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var command in idle.Values)
        {
            command.Dispose();
        }

        foreach (var prepared in kept.Values)
        {
            prepared.Dispose();
        }

        idle.Clear();
        kept.Clear();
        base.Dispose(disposing);
    }
}

/// <summary>Gathers text and parameters, and at execution hands them to a kept <see cref="SqliteCommand"/> of that text. Only then,
/// because Dapper rewrites the text once more where a list is a parameter. Disposing it gives the kept command back.</summary>
internal sealed class PreparedCommand(PreparingConnection connection) : DbCommand
{
    private readonly SqliteCommand draft = new();
    private SqliteCommand? kept;
    private SqliteDataReader? reader;
    private bool broken;

    [AllowNull]
    public override string CommandText
    {
        get => draft.CommandText;
        set => draft.CommandText = value;
    }

    public override int CommandTimeout
    {
        get => draft.CommandTimeout;
        set => draft.CommandTimeout = value;
    }

    public override CommandType CommandType { get; set; } = CommandType.Text;

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection { get; set; } = connection;

    protected override DbParameterCollection DbParameterCollection => draft.Parameters;

    protected override DbTransaction? DbTransaction { get; set; }

    public override void Cancel()
    {
    }

    public override int ExecuteNonQuery() => Run(static (command, _) => command.ExecuteNonQuery(), CommandBehavior.Default);

    public override object? ExecuteScalar() => Run(static (command, _) => command.ExecuteScalar(), CommandBehavior.Default);

    public override void Prepare() => Take().Prepare();

    protected override DbParameter CreateDbParameter() => draft.CreateParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        reader = Run(static (command, wanted) => command.ExecuteReader(wanted), behavior);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            GiveBack();
        }

        base.Dispose(disposing);
    }

    private T Run<T>(Func<SqliteCommand, CommandBehavior, T> run, CommandBehavior behavior)
    {
        var command = Take();
        broken = true;
        var result = run(command, behavior);
        broken = false;
        return result;
    }

    private SqliteCommand Take()
    {
        GiveBack();
        kept = connection.Rent(draft.CommandText);
        foreach (SqliteParameter parameter in draft.Parameters)
        {
            kept.Parameters.Add(parameter);
        }

        return kept;
    }

    private void GiveBack()
    {
        if (kept is null)
        {
            return;
        }

        if (broken || reader is { IsClosed: false })
        {
            // A statement that failed or is still being read is not worth keeping.
            kept.Dispose();
        }
        else
        {
            connection.Return(kept);
        }

        kept = null;
        reader = null;
        broken = false;
    }
}
