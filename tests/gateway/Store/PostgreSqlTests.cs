using System.Data.Common;
using Dapper;
using Npgsql;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway.Store;

/// <summary>What only a server can do to a store. That the slices work on it is what the whole suite's second run shows.</summary>
[Trait("Store", "own")]
public sealed class PostgreSqlTests : IDisposable
{
    private readonly DirectoryInfo folder;
    private readonly string settings;
    private readonly Database database;

    public PostgreSqlTests()
    {
        folder = StoreFolder.CreateOnPostgreSql("pg", out settings);
        database = Database.Open(folder.FullName, Tables.All);
        database.Write(db => db.Execute("CREATE TABLE things (id BIGINT PRIMARY KEY, count BIGINT NOT NULL); INSERT INTO things VALUES (1, 0)"));
    }

    [Fact]
    public void Both_stores_have_the_same_tables_columns_indexes_and_relations()
    {
        var file = Directory.CreateTempSubdirectory("quartier-same-");
        using (var sqlite = Database.Open(file.FullName, Tables.All, Durability.None))
        {
            var there = sqlite.Read(db => db.Query<string>(
                """
                SELECT m.name || '.' || c.name || ' ' || c.type || CASE WHEN c."notnull" OR c.pk THEN ' NOT NULL' ELSE '' END || CASE WHEN c.pk THEN ' KEY ' || c.pk ELSE '' END
                FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name <> 'schema_versions' AND m.name NOT LIKE 'sqlite%'
                """).Order(StringComparer.Ordinal).ToList());
            database.Write(db => db.Execute("DROP TABLE things"));
            var here = database.Read(db => db.Query<string>(
                """
                SELECT c.table_name || '.' || c.column_name || ' ' || CASE c.data_type WHEN 'bigint' THEN 'INTEGER' WHEN 'bytea' THEN 'BLOB' ELSE upper(c.data_type) END
                  || CASE c.is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END || COALESCE(' KEY ' || k.ordinal_position, '')
                FROM information_schema.columns c
                LEFT JOIN information_schema.table_constraints t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY'
                LEFT JOIN information_schema.key_column_usage k ON k.constraint_name = t.constraint_name AND k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name
                WHERE c.table_schema = current_schema() AND c.table_name <> 'schema_versions'
                """).Order(StringComparer.Ordinal).ToList());
            Assert.Equal(there, here);
            Assert.Equal(Texts(sqlite, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"),
                Texts(database, "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename <> 'schema_versions' AND (indexname = 'events_key' OR indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key')"));
            Assert.Equal(Texts(sqlite, "SELECT m.name || '.' || f.\"from\" || ' to ' || f.\"table\" || ' ' || f.on_delete FROM sqlite_master m, pragma_foreign_key_list(m.name) f"), Texts(database, """
                SELECT k.table_name || '.' || k.column_name || ' to ' || u.table_name || ' ' || r.delete_rule
                FROM information_schema.referential_constraints r
                JOIN information_schema.key_column_usage k ON k.constraint_name = r.constraint_name AND k.constraint_schema = r.constraint_schema
                JOIN information_schema.constraint_column_usage u ON u.constraint_name = r.constraint_name AND u.constraint_schema = r.constraint_schema
                """));
        }

        file.Delete(recursive: true);
    }

    [Fact]
    public void A_server_that_loses_its_connections_is_red_once_and_works_on()
    {
        database.Read(Count);
        LoseConnections();
        Assert.ThrowsAny<DbException>(() => database.Write(Increment));
        Assert.Equal(StoreFailure.Refuses, database.TakeFailure());
        database.Write(Increment);
        Assert.ThrowsAny<DbException>(() => database.Read(Count));
        Assert.Equal(1, database.Read(Count));
    }

    [Fact]
    public void A_connection_lost_within_the_work_commits_nothing_of_it()
    {
        Assert.ThrowsAny<DbException>(() => database.Write(db =>
        {
            Increment(db);
            LoseConnections();
            Increment(db);
        }));
        database.Write(Increment);
        Assert.Equal(1, database.Read(Count));
    }

    [Fact]
    public async Task Two_programs_take_turns_and_lose_no_update()
    {
        using var other = Database.Open(folder.FullName, Tables.All);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? database : other).WriteAsync(ReadThenWrite)));
        Assert.Equal(200, database.Read(Count));
    }

    [Fact]
    public void A_reader_cannot_write() => Assert.ThrowsAny<DbException>(() => database.Read(db => db.Execute("DELETE FROM things")));

    [Fact]
    public void A_newer_store_is_refused()
    {
        database.Write(db => db.Execute($"INSERT INTO {Schema.Journal} (scriptname, applied) VALUES ('9001-newer', '2030-01-01')"));
        var refusal = Assert.Throws<UnusableStoreException>(() => Database.Open(folder.FullName, Tables.All));
        Assert.Contains("been through 9001-newer", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_migration_that_fails_leaves_nothing()
    {
        var bad = Tables.All with { PostgreSql = new Schema([.. Tables.All.PostgreSql.Migrations, new("9001-good", "CREATE TABLE good (id BIGINT)"), new("9002-bad", "CREATE TABLE audit (id BIGINT)")]) };
        Assert.Contains("already exists", Assert.Throws<UnusableStoreException>(() => Database.Open(folder.FullName, bad)).Message, StringComparison.Ordinal);
        Assert.False(database.Read(db => db.ExecuteScalar<bool>("SELECT to_regclass('good') IS NOT NULL")));
    }

    public void Dispose()
    {
        database.Dispose();
        folder.Delete(recursive: true);
    }

    private static List<string> Texts(Database database, string text) => database.Read(db => db.Query<string>(text).Order(StringComparer.Ordinal).ToList());

    private static long Count(DbConnection db) => db.ExecuteScalar<long>("SELECT count FROM things");

    private static void Increment(DbConnection db) => db.Execute("UPDATE things SET count = count + 1");

    private static int ReadThenWrite(DbConnection db) => db.Execute("UPDATE things SET count = @next", new { next = Count(db) + 1 });

    private void LoseConnections()
    {
        using var server = new NpgsqlConnection(settings);
        server.Open();
        server.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'quartier'");
    }
}
