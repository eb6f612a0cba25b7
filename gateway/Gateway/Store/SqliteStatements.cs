using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Quartier.Gateway.Store;

/// <summary>Statements below Microsoft.Data.Sqlite's commands, which make a reader and boxes for each use: a report is two thirds of
/// what it costs with them (decision 0013). This file is the only one that knows how the driver does it.</summary>
internal sealed class SqliteStatements(SqliteConnection db) : Statements
{
    private const int StackBytes = 512;

    private readonly Dictionary<Statement, Prepared> kept = [];

    public override int Run(Statement statement, ReadOnlySpan<Cell> values)
    {
        var prepared = Bind(statement, values);
        try
        {
            Step(prepared);
            return raw.sqlite3_changes(db.Handle);
        }
        finally
        {
            raw.sqlite3_reset(prepared.Handle);
        }
    }

    public override T? First<T>(Statement statement, Func<Row, T> read, ReadOnlySpan<Cell> values)
        where T : default
    {
        var prepared = Bind(statement, values);
        try
        {
            return Step(prepared) ? read(prepared) : default;
        }
        finally
        {
            raw.sqlite3_reset(prepared.Handle);
        }
    }

    public override void Dispose()
    {
        foreach (var prepared in kept.Values)
        {
            prepared.Handle.Dispose();
        }

        kept.Clear();
    }

    private Prepared Bind(Statement statement, ReadOnlySpan<Cell> values)
    {
        if (!kept.TryGetValue(statement, out var prepared))
        {
            Check(raw.sqlite3_prepare_v2(db.Handle, statement.Text, out var handle));
            kept.Add(statement, prepared = new Prepared(handle));
        }

        for (var i = 0; i < values.Length; i++)
        {
            Check(Bind(prepared.Handle, i + 1, values[i]));
        }

        return prepared;
    }

    private static int Bind(sqlite3_stmt handle, int index, Cell value) => value.Held switch
    {
        Cell.Kind.Whole => raw.sqlite3_bind_int64(handle, index, value.Number),
        Cell.Kind.Text => BindText(handle, index, (string)value.Object!),
        Cell.Kind.Blob => raw.sqlite3_bind_blob(handle, index, (byte[])value.Object!),
        _ => raw.sqlite3_bind_null(handle, index),
    };

    private static int BindText(sqlite3_stmt handle, int index, string value)
    {
        if (value.Length == 0)
        {
            // An empty span would be bound as NULL.
            return raw.sqlite3_bind_text(handle, index, "");
        }

        var bytesMax = Encoding.UTF8.GetMaxByteCount(value.Length);
        var rented = bytesMax > StackBytes ? ArrayPool<byte>.Shared.Rent(bytesMax) : null;
        Span<byte> utf8 = rented ?? stackalloc byte[StackBytes];
        var result = raw.sqlite3_bind_text(handle, index, utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return result;
    }

    private bool Step(Prepared prepared)
    {
        var result = raw.sqlite3_step(prepared.Handle);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            Check(result);
        }

        return result == raw.SQLITE_ROW;
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, db.Handle);

    private sealed class Prepared(sqlite3_stmt handle) : Row
    {
        public sqlite3_stmt Handle => handle;

        public override bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

        public override long Long(int column) => raw.sqlite3_column_int64(handle, column);

        public override string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();
    }
}
