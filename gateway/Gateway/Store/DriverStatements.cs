using System.Data.Common;

namespace Quartier.Gateway.Store;

/// <summary>Statements by the driver's own commands, one kept for each.</summary>
internal sealed class DriverStatements(DbConnection db) : Statements
{
    private readonly Dictionary<Statement, DbCommand> kept = [];

    public override int Run(Statement statement, ReadOnlySpan<Cell> values) => Bind(statement, values).ExecuteNonQuery();

    public override T? First<T>(Statement statement, Func<Row, T> read, ReadOnlySpan<Cell> values)
        where T : default
    {
        using var reader = Bind(statement, values).ExecuteReader();
        return reader.Read() ? read(new DriverRow(reader)) : default;
    }

    public override void Dispose()
    {
        foreach (var command in kept.Values)
        {
            command.Dispose();
        }

        kept.Clear();
    }

    private DbCommand Bind(Statement statement, ReadOnlySpan<Cell> values)
    {
        if (!kept.TryGetValue(statement, out var command))
        {
            kept.Add(statement, command = Make(statement));
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i].Held switch
            {
                Cell.Kind.Null => DBNull.Value,
                Cell.Kind.Whole => values[i].Number,
                _ => values[i].Object,
            };
        }

        return command;
    }

    private DbCommand Make(Statement statement)
    {
        var command = db.CreateCommand();
        command.CommandText = statement.Text;
        foreach (var name in statement.Names)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private sealed class DriverRow(DbDataReader reader) : Row
    {
        public override bool IsNull(int column) => reader.IsDBNull(column);

        public override long Long(int column) => reader.GetInt64(column);

        public override string Text(int column) => reader.GetString(column);
    }
}
