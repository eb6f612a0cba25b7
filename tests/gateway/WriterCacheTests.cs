using Dapper;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>What the writer remembers of a table is forgotten whenever it may no longer be true.</summary>
public sealed class WriterCacheTests : IDisposable
{
    private readonly TestStore store = new();
    private readonly WriterCache<string?> names;
    private int reads;

    public WriterCacheTests()
    {
        names = new WriterCache<string?>("things", (db, id) =>
        {
            reads++;
            return db.QuerySingleOrDefault<string>("SELECT name FROM things WHERE id = @id", new { id });
        });
        store.Database.Write(db => db.Execute("CREATE TABLE things (id TEXT PRIMARY KEY, name TEXT); CREATE TABLE others (id TEXT); INSERT INTO things VALUES ('a', 'first')"));
    }

    [Trait("Store", "own")]
    [Fact]
    public void What_was_read_is_not_read_again()
    {
        Assert.Equal("first", Name("a"));
        Assert.Null(Name("b"));
        Assert.Equal("first", Name("a"));
        Assert.Null(Name("b"));
        Assert.Equal(2, reads);
    }

    [Trait("Store", "own")]
    [Fact]
    public void A_change_of_another_table_costs_nothing()
    {
        Name("a");
        store.Database.Write(db => db.Execute("INSERT INTO others VALUES ('x')"));
        Name("a");
        Assert.Equal(1, reads);
    }

    [Theory]
    [InlineData("UPDATE things SET name = 'second' WHERE id = 'a'", "second")]
    [InlineData("DELETE FROM things WHERE id = 'a'", null)]
    [InlineData("INSERT INTO things VALUES ('a', 'second') ON CONFLICT (id) DO UPDATE SET name = excluded.name", "second")]
    public void A_change_is_seen_at_once_and_later(string change, string? after)
    {
        Name("a");
        store.Database.Write(db =>
        {
            Assert.Equal("first", names.Of(db, "a"));
            db.Execute(change);
            Assert.Equal(after, names.Of(db, "a"));
        });
        Assert.Equal(after, Name("a"));
    }

    [Fact]
    public void A_row_that_comes_to_be_is_seen()
    {
        Assert.Null(Name("b"));
        store.Database.Write(db => db.Execute("INSERT INTO things VALUES ('b', 'new')"));
        Assert.Equal("new", Name("b"));
    }

    [Fact]
    public void What_was_taken_back_was_never_so()
    {
        Assert.Throws<InvalidOperationException>(() => store.Database.Write(db =>
        {
            db.Execute("UPDATE things SET name = 'never' WHERE id = 'a'");
            Assert.Equal("never", names.Of(db, "a"));
            throw new InvalidOperationException("changed my mind");
        }));
        Assert.Equal("first", Name("a"));
    }

    [Fact]
    public void A_commit_by_another_process_is_seen()
    {
        Name("a");
        using (var other = Database.Open(store.Folder, Tables.All, Durability.None))
        {
            other.Write(db => db.Execute("UPDATE things SET name = 'elsewhere' WHERE id = 'a'"));
        }

        Assert.Equal("elsewhere", Name("a"));
    }

    [Fact]
    public void A_reader_always_reads()
    {
        Name("a");
        Assert.Equal("first", store.Database.Read(db => names.Of(db, "a")));
        Assert.Equal("first", store.Database.Read(db => names.Of(db, "a")));
        Assert.Equal(3, reads);
    }

    public void Dispose() => store.Dispose();

    private string? Name(string id) => store.Database.Write(db => names.Of(db, id));
}
