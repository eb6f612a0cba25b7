using System.Data.Common;
using Dapper;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>The statements of the way that every report takes: what goes in comes out, and one use leaves nothing for the next.</summary>
public sealed class StatementTests : IDisposable
{
    private static readonly Statement Insert = new("INSERT INTO things (id, name, bytes, number) VALUES (@id, @name, @bytes, @number)");
    private static readonly Statement Find = new("SELECT name, number FROM things WHERE id = @id");

    private readonly TestStore store = new();

    public StatementTests() =>
        store.Database.Write(db => db.Execute($"CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT, bytes {StoreFolder.Bytes}, number INTEGER)"));

    [Theory]
    [InlineData("")]
    [InlineData("Eselsberg")]
    [InlineData("Übermütige Ängste, 10 €, Привет 🙂")]
    public void Texts_come_back_as_they_went_in(string text) => store.Database.Write(db =>
    {
        Insert.Run(db, 1, text, default, default);
        Assert.Equal(text, Find.First(db, row => row.Text(0), 1));
        Assert.Equal(1, db.ExecuteScalar<long>("SELECT COUNT(*) FROM things WHERE name IS NOT NULL"));
    });

    [Fact]
    public void A_text_that_is_longer_than_the_stack_has_room_for_comes_back_too() => store.Database.Write(db =>
    {
        var text = string.Concat(Enumerable.Repeat("Straße ", 1000));
        Insert.Run(db, 1, text, default, default);
        Assert.Equal(text, Find.First(db, row => row.Text(0), 1));
    });

    [Fact]
    public void Nothing_is_null_and_no_bytes_are_no_bytes() => store.Database.Write(db =>
    {
        Insert.Run(db, 1, (string?)null, Array.Empty<byte>(), (long?)null);
        Insert.Run(db, 2, "x", new byte[] { 0, 255 }, -7);
        Assert.Equal([null, "x"], db.Query<string?>("SELECT name FROM things ORDER BY id"));
        Assert.Equal([0, 2], db.Query<byte[]>("SELECT bytes FROM things ORDER BY id").Select(bytes => bytes.Length));
        Assert.Equal([0, 255], db.QuerySingle<byte[]>("SELECT bytes FROM things WHERE id = 2"));
        Assert.Null(Find.First(db, row => row.LongOrNull(1), 1));
        Assert.Equal(-7, Find.First(db, row => row.LongOrNull(1), 2));
    });

    [Fact]
    public void It_tells_how_many_rows_it_changed_and_whether_there_is_one() => store.Database.Write(db =>
    {
        Assert.False(Find.Any(db, 1));
        Assert.Equal(1, Insert.Run(db, 1, "a", default, default));
        Assert.True(Find.Any(db, 1));
        Assert.Null(Find.First(db, row => row.Text(0), 2));
        Assert.Equal(0, new Statement("UPDATE things SET name = 'b' WHERE id = @id").Run(db, 2));
    });

    [Trait("Store", "own")]
    [Fact]
    public void One_that_failed_works_again() => store.Database.Write(db =>
    {
        Insert.Run(db, 1, "a", default, default);
        Assert.ThrowsAny<DbException>(() => Insert.Run(db, 1, "b", default, default));
        Assert.Equal(1, Insert.Run(db, 2, "c", default, default));
    });

    [Fact]
    public void Too_few_values_are_refused_and_not_taken_from_the_use_before() => store.Database.Write(db =>
    {
        Insert.Run(db, 1, "a", default, default);
        Assert.Throws<ArgumentException>(() => Insert.Run(db, 2, "b"));
    });

    [Fact]
    public void A_changed_table_is_seen() => store.Database.Write(db =>
    {
        Insert.Run(db, 1, "a", default, default);
        db.Execute("ALTER TABLE things RENAME COLUMN number TO amount; ALTER TABLE things ADD COLUMN number INTEGER");
        Assert.Null(Find.First(db, row => row.LongOrNull(1), 1));
        Insert.Run(db, 2, "b", default, 5);
        Assert.Equal(5, Find.First(db, row => row.LongOrNull(1), 2));
    });

    [Fact]
    public void Readers_prepare_their_own()
    {
        store.Database.Write(db => Insert.Run(db, 1, "a", default, default));
        Assert.Equal("a", store.Database.Read(db => Find.First(db, row => row.Text(0), 1)));
    }

    public void Dispose() => store.Dispose();
}
