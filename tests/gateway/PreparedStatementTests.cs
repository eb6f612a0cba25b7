using System.Data.Common;
using Dapper;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>Statements are kept prepared and used again; nothing of one use may show in the next.</summary>
public sealed class PreparedStatementTests : IDisposable
{
    private readonly string folder = StoreFolder.Create("prepared").FullName;
    private readonly Database database;

    public PreparedStatementTests()
    {
        database = Database.Open(folder, Tables.All, Durability.None);
        database.Write(db => db.Execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)"));
    }

    [Fact]
    public void The_same_text_runs_again_with_other_values() => database.Write(db =>
    {
        for (var id = 1; id <= 3; id++)
        {
            db.Execute("INSERT INTO things (id, name) VALUES (@id, @name)", new { id, name = id == 2 ? null : $"n{id}" });
        }

        Assert.Equal(["n1", null, "n3"], db.Query<string?>("SELECT name FROM things ORDER BY id"));
        Assert.Equal("n3", db.ExecuteScalar<string>("SELECT name FROM things WHERE id = @id", new { id = 3 }));
        Assert.Null(db.ExecuteScalar<string>("SELECT name FROM things WHERE id = @id", new { id = 9 }));
    });

    [Fact]
    public void Lists_of_different_lengths_are_different_statements() => database.Write(db =>
    {
        db.Execute("INSERT INTO things (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        const string Text = "SELECT COUNT(*) FROM things WHERE id IN @ids AND name > @after";
        Assert.Equal(2, db.ExecuteScalar<long>(Text, new { ids = new[] { 1, 2, 3 }, after = "a" }));
        Assert.Equal(1, db.ExecuteScalar<long>(Text, new { ids = new[] { 3 }, after = "a" }));
    });

    [Trait("Store", "own")]
    [Fact]
    public void A_statement_that_failed_works_again() => database.Write(db =>
    {
        const string Text = "INSERT INTO things (id, name) VALUES (@id, 'x')";
        db.Execute(Text, new { id = 1 });
        Assert.ThrowsAny<DbException>(() => db.Execute(Text, new { id = 1 }));
        db.Execute(Text, new { id = 2 });
        Assert.Equal(2, db.ExecuteScalar<long>("SELECT COUNT(*) FROM things"));
    });

    [Trait("Store", "own")]
    [Fact]
    public void The_same_text_may_be_read_within_itself() => database.Write(db =>
    {
        db.Execute("INSERT INTO things (id, name) VALUES (1, 'a'), (2, 'b')");
        const string Text = "SELECT id FROM things ORDER BY id";
        var pairs = db.Query<long>(Text, buffered: false).SelectMany(outer => db.Query<long>(Text, buffered: false).Select(inner => (outer, inner))).ToArray();
        Assert.Equal([(1, 1), (1, 2), (2, 1), (2, 2)], pairs);
    });

    [Fact]
    public void A_changed_table_is_seen() => database.Write(db =>
    {
        db.Execute("INSERT INTO things (id, name) VALUES (1, 'a')");
        Assert.Equal(2, Columns(db));
        db.Execute("ALTER TABLE things ADD COLUMN more TEXT");
        Assert.Equal(3, Columns(db));
    });

    private static int Columns(DbConnection db) => ((IDictionary<string, object>)db.Query("SELECT * FROM things").Single()).Count;

    public void Dispose()
    {
        database.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
