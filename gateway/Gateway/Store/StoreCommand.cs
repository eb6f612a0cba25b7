using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Quartier.Gateway.Store;

/// <summary>Gathers text and parameters, and at execution hands them to a kept command of that text. Only then, because Dapper rewrites
/// the text once more where a list is a parameter. Disposing it gives the kept command back.</summary>
internal sealed class StoreCommand(StoreConnection connection) : DbCommand
{
    private readonly DbCommand draft = connection.Driver.CreateCommand();
    private DbCommand? running;
    private DbDataReader? reader;
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

    public override void Cancel() => running?.Cancel();

    public override int ExecuteNonQuery()
    {
        var rows = Run(static (command, _) => command.ExecuteNonQuery(), CommandBehavior.Default);
        if (rows != 0)
        {
            connection.Changed?.Note(WrittenText.Of(CommandText));
        }

        return rows;
    }

    public override object? ExecuteScalar()
    {
        var value = Run(static (command, _) => command.ExecuteScalar(), CommandBehavior.Default);
        connection.Changed?.Note(WrittenText.Of(CommandText));
        return value;
    }

    public override void Prepare() => Take().Prepare();

    protected override DbParameter CreateDbParameter() => draft.CreateParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
    {
        reader = Run(static (command, wanted) => command.ExecuteReader(wanted), behavior);
        connection.Changed?.Note(WrittenText.Of(CommandText));
        return reader;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            GiveBack();
            draft.Dispose();
        }

        base.Dispose(disposing);
    }

    private T Run<T>(Func<DbCommand, CommandBehavior, T> run, CommandBehavior behavior)
    {
        var command = Take();
        broken = true;
        var result = run(command, behavior);
        broken = false;
        return result;
    }

    private DbCommand Take()
    {
        GiveBack();
        if (!connection.KeepsCommands)
        {
            WriteWhole(draft.Parameters);
            return draft;
        }

        running = connection.Rent(draft.CommandText);
        foreach (DbParameter parameter in draft.Parameters)
        {
            running.Parameters.Add(parameter);
        }

        return running;
    }

    /// <summary>Yes and no are whole numbers in every table.</summary>
    private static void WriteWhole(DbParameterCollection parameters)
    {
        foreach (DbParameter parameter in parameters)
        {
            if (parameter.DbType == DbType.Boolean)
            {
                parameter.Value = parameter.Value is bool value ? value ? 1L : 0L : DBNull.Value;
                parameter.DbType = DbType.Int64;
            }
        }
    }

    private void GiveBack()
    {
        if (running is null)
        {
            return;
        }

        if (broken || reader is { IsClosed: false })
        {
            // A statement that failed or is still being read is not worth keeping.
            running.Dispose();
        }
        else
        {
            connection.Return(running);
        }

        running = null;
        reader = null;
        broken = false;
    }
}
