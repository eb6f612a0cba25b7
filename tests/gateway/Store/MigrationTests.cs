using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway.Store;

/// <summary>A store goes through numbered migrations, wholly or not at all, and one that a newer program has been at is left as it is.</summary>
[Trait("Store", "own")]
public sealed class MigrationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("quartier-migration-").FullName;

    private string FileName => Path.Combine(folder, "quartier.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_store_goes_through_what_is_new_once_and_old_rows_have_its_default()
    {
        Open(Tables.All.Sqlite, db => db.Execute("INSERT INTO audit (at, who, action, subject, detail) VALUES (1, '', 'old', '', '')"));
        var later = With("9001-added-later", "ALTER TABLE audit ADD COLUMN added_later INTEGER NOT NULL DEFAULT 7");
        for (var start = 0; start < 2; start++)
        {
            Open(later, db => Assert.Equal(7, db.ExecuteScalar<int>("SELECT added_later FROM audit")));
        }

        Open(later, db => Assert.Equal([.. later.Migrations.Select(migration => migration.Name)], db.Query<string>("SELECT ScriptName FROM schema_versions ORDER BY SchemaVersionID")));
    }

    [Fact]
    public void A_store_of_a_newer_program_is_refused_with_the_reason_and_no_byte_of_it_changes()
    {
        Open(With("9001-newer", "CREATE TABLE newer (id INTEGER)"), _ => { });
        var before = Contents();
        var refusal = Assert.Throws<UnusableStoreException>(() => Database.Open(folder, Tables.All));
        Assert.Contains($"been through 9001-newer, and this version knows up to {Tables.All.Sqlite.Migrations[^1].Name}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    /// <summary>As a crash leaves it: what the newer program wrote last stands in the log alone.</summary>
    [Fact]
    public void A_newer_programs_log_is_neither_overlooked_nor_folded_into_the_file()
    {
        var found = Directory.CreateDirectory(Path.Combine(folder, "found")).FullName;
        using (var database = Database.Open(folder, Tables.All))
        {
            database.Write(db => db.Execute("INSERT INTO schema_versions (ScriptName, Applied) VALUES ('9001-newer', '')"));
            foreach (var name in new[] { "quartier.db", "quartier.db-wal" })
            {
                File.Copy(Path.Combine(folder, name), Path.Combine(found, name));
            }
        }

        byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(found, name));
        var (file, log) = (Bytes("quartier.db"), Bytes("quartier.db-wal"));
        Assert.Throws<UnusableStoreException>(() => Database.Open(found, Tables.All));
        Assert.Equal(file, Bytes("quartier.db"));
        Assert.Equal(log, Bytes("quartier.db-wal"));
    }

    [Fact]
    public void A_migration_that_fails_takes_back_all_of_those_before_it()
    {
        Open(Tables.All.Sqlite, _ => { });
        var before = Contents();
        var bad = new Schema([.. Tables.All.Sqlite.Migrations, new("9001-good", "CREATE TABLE good (id INTEGER)"), new("9002-bad", "CREATE TABLE audit (id INTEGER)")]);
        Assert.Contains("already exists", Assert.Throws<UnusableStoreException>(() => Database.Open(folder, Tables.All with { Sqlite = bad })).Message, StringComparison.Ordinal);
        Open(Tables.All.Sqlite, db => Assert.Equal(0, db.ExecuteScalar<int>("SELECT COUNT(*) FROM sqlite_master WHERE name = 'good'")));
        Assert.Equal(before.Keys, Contents().Keys);
    }

    [Fact]
    public void Rows_that_belong_to_nothing_are_named_and_the_store_stays_as_it_was()
    {
        Open(With("9001-old", "CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (parent INTEGER); INSERT INTO child VALUES (1), (2)"), _ => { });
        var related = new Schema([.. With("9001-old", "").Migrations, new("9002-related",
            "CREATE TABLE related (parent INTEGER REFERENCES parent); INSERT INTO related SELECT parent FROM child; DROP TABLE child; ALTER TABLE related RENAME TO child")]);
        Assert.Contains("2 in child without their row in parent: rowid 1, 2", Assert.Throws<UnusableStoreException>(() => Database.Open(folder, Tables.All with { Sqlite = related })).Message, StringComparison.Ordinal);
        Open(With("9001-old", ""), db =>
        {
            Assert.Equal([1L, 2L], db.Query<long>("SELECT parent FROM child"));
            db.Execute("INSERT INTO parent VALUES (1), (2)");
        });
        Open(related, db => Assert.Throws<SqliteException>(() => db.Execute("INSERT INTO child VALUES (3)")));
    }

    [Fact]
    public void A_store_that_another_program_has_open_is_not_changed_under_it()
    {
        Open(Tables.All.Sqlite, _ => { });
        using (var other = new SqliteConnection($"Data Source={FileName};Pooling=False"))
        {
            other.Open();
            Assert.NotEqual(0, other.ExecuteScalar<long>("SELECT COUNT(*) FROM sqlite_master"));
            Assert.Contains("another program has it open", Assert.Throws<UnusableStoreException>(() => Database.Open(folder, Tables.All with { Sqlite = With("9001-new", "CREATE TABLE made (id INTEGER)") })).Message, StringComparison.Ordinal);
        }

        Open(With("9001-new", "CREATE TABLE made (id INTEGER)"), db => Assert.Equal(0, db.ExecuteScalar<long>("SELECT COUNT(*) FROM made")));
    }

    [Fact]
    public void Migrations_have_numbers_without_a_gap()
    {
        Assert.Equal(Enumerable.Range(1, Tables.All.Sqlite.Migrations.Count), Tables.All.Sqlite.Migrations.Select(migration => int.Parse(migration.Name[..4])));
        Assert.All(Tables.All.Sqlite.Migrations, migration => Assert.True(migration.Sql is null ^ migration.Step is null, migration.Name));
    }

    private static Schema With(string name, string sql) => new([.. Tables.All.Sqlite.Migrations, new Migration(name, sql)]);

    private void Open(Schema schema, Action<DbConnection> work)
    {
        using var database = Database.Open(folder, Tables.All with { Sqlite = schema });
        database.Write(work);
    }

    /// <summary>Each file of the folder, with a digest of what stands in it.</summary>
    private SortedDictionary<string, string> Contents() => new(Directory.GetFiles(folder).ToDictionary(
        file => Path.GetFileName(file),
        file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))));
}
