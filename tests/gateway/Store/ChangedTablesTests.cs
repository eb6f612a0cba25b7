using Dapper;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway.Store;

/// <summary>Pages and loops hear of each table that a commit has changed, and of no other.</summary>
public sealed class ChangedTablesTests : IDisposable
{
    private readonly TestStore store = new();
    private readonly List<string> heard = [];

    public ChangedTablesTests()
    {
        store.Database.Write(db => db.Execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE others (id INTEGER PRIMARY KEY); INSERT INTO things VALUES (1, 'a'), (2, 'b')"));
        store.Database.Changed += tables => heard.AddRange(tables.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("INSERT INTO things (id, name) VALUES (3, 'c')", "things")]
    [InlineData("insert into THINGS (id, name) values (3, 'c')", "things")]
    [InlineData("INSERT INTO things (id, name) VALUES (1, 'c') ON CONFLICT (id) DO UPDATE SET name = excluded.name", "things")]
    [InlineData("INSERT INTO things (id, name) VALUES (1, 'c') ON CONFLICT (id) DO NOTHING", "")]
    [InlineData("UPDATE things SET name = 'x' WHERE id = 1", "things")]
    [InlineData("UPDATE things SET name = 'x' WHERE id = 9", "")]
    [InlineData("DELETE FROM things", "things")]
    [InlineData("DELETE FROM things WHERE id = 9", "")]
    [InlineData("WITH w AS (SELECT 9 AS id) INSERT INTO others (id) SELECT id FROM w", "others")]
    [InlineData("INSERT INTO others (id) VALUES (1);\n  UPDATE\n  things SET name = 'x'", "others things")]
    [InlineData("SELECT COUNT(*) FROM things", "")]
    public void What_a_statement_changes_is_told(string text, string tables)
    {
        store.Database.Write(db => db.Execute(text));
        Assert.Equal(tables, string.Join(' ', heard));
    }

    [Fact]
    public void A_row_that_comes_back_from_its_change_is_told_too()
    {
        store.Database.Write(db => Assert.Equal("x", db.ExecuteScalar<string>("UPDATE things SET name = 'x' WHERE id = 1 RETURNING name")));
        store.Database.Write(db => Assert.Equal([2L], db.Query<long>("DELETE FROM things WHERE id = 2 RETURNING id")));
        store.Database.Write(db => Assert.Equal("y", new Statement("UPDATE things SET name = @name WHERE id = @id RETURNING name").First(db, row => row.Text(0), "y", 1)));
        Assert.Equal(["things", "things", "things"], heard);
    }

    [Fact]
    public void What_was_taken_back_is_not_told()
    {
        Assert.Throws<InvalidOperationException>(() => store.Database.Write(db =>
        {
            db.Execute("DELETE FROM things");
            throw new InvalidOperationException("after it");
        }));
        store.Database.Write(db => db.Execute("INSERT INTO others (id) VALUES (1)"));
        Assert.Equal(["others"], heard);
    }

    public void Dispose() => store.Dispose();
}
