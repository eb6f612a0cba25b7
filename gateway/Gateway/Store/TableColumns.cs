using System.Data.Common;
using Dapper;
using Npgsql;

namespace Quartier.Gateway.Store;

/// <summary>What a store says of its own tables.</summary>
internal static class TableColumns
{
    /// <summary>The columns of whole numbers, in every table.</summary>
    public static IEnumerable<(string Table, string Column)> Numbers(DbConnection db) => db.Query<(string Table, string Column)>(
        ((StoreConnection)db).Driver is NpgsqlConnection
            ? "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() AND data_type = 'bigint'"
            : "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'INTEGER'");
}
