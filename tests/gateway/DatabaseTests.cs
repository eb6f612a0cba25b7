using System.Data.Common;
using Dapper;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>The store's promises: committed when told so, groups share a commit, one failure stays one failure.</summary>
public sealed class DatabaseTests
{
    private const string Insert = "INSERT INTO audit (at, who, action, subject, detail) VALUES (1, '', @action, '', '')";

    [Fact]
    public async Task Work_that_fails_takes_nothing_of_its_group_with_it()
    {
        using var store = new TestStore();
        var gate = new TaskCompletionSource();
        var first = store.Database.WriteAsync(_ => gate.Task.Wait());
        var good = store.Database.WriteAsync(db => db.Execute(Insert, new { action = "good" }));
        var bad = store.Database.WriteAsync<int>(db =>
        {
            db.Execute(Insert, new { action = "bad" });
            throw new InvalidOperationException("mine alone");
        });
        gate.SetResult();
        await Task.WhenAll(first, good);
        Assert.Equal("mine alone", (await Assert.ThrowsAsync<InvalidOperationException>(() => bad)).Message);
        Assert.Equal(["good"], Actions(store.Database));
    }

    [Fact]
    public async Task Who_waits_while_a_commit_is_on_its_way_shares_the_next_one()
    {
        using var store = new TestStore(Durability.Full);
        var before = store.Database.CommitCount;
        var gate = new TaskCompletionSource();
        var first = store.Database.WriteAsync(_ => gate.Task.Wait());
        var waiting = Enumerable.Range(0, 500).Select(i => store.Database.WriteAsync(db => db.Execute(Insert, new { action = $"{i}" }))).ToArray();
        gate.SetResult();
        await Task.WhenAll([first, .. waiting]);
        Assert.Equal(500, Actions(store.Database).Count);
        Assert.InRange(store.Database.CommitCount - before, 1, 4);
    }

    [Fact]
    public void A_commit_names_the_tables_it_changed_and_a_failure_none()
    {
        using var store = new TestStore();
        var heard = new List<string>();
        store.Database.Changed += tables => heard.AddRange(tables);
        store.Database.Write(db => db.Execute(Insert, new { action = "a" }));
        Assert.Equal(["audit"], heard);
        store.Database.Write(db => db.ExecuteScalar<int>("SELECT COUNT(*) FROM audit"));
        Assert.Equal(["audit"], heard);
    }

    [Fact]
    public void What_was_committed_is_there_when_the_files_are_found_as_a_crash_left_them()
    {
        using var store = new TestStore(Durability.Full);
        store.Database.Write(db => db.Execute(Insert, new { action = "kept" }));
        var found = Directory.CreateTempSubdirectory("quartier-crash-").FullName;
        foreach (var file in Directory.GetFiles(store.Folder))
        {
            File.Copy(file, Path.Combine(found, Path.GetFileName(file)));
        }

        using (var again = Database.Open(found, Tables.All))
        {
            Assert.Equal(["kept"], Actions(again));
        }

        Directory.Delete(found, recursive: true);
    }

    [Fact]
    public void A_closed_store_leaves_one_file_and_opens_nothing_anew()
    {
        var folder = Directory.CreateTempSubdirectory("quartier-closed-").FullName;
        var database = Database.Open(folder, Tables.All);
        database.Read(_ =>
        {
            // Somebody still reads.
            database.Dispose();
            return true;
        });

        Assert.Throws<ObjectDisposedException>(() => Actions(database));
        Assert.Throws<ObjectDisposedException>(() => database.Write(db => db.Execute(Insert, new { action = "late" })));
        Assert.Throws<ObjectDisposedException>(() => { _ = database.WriteAsync(db => db.Execute(Insert, new { action = "late" })); });
        Assert.Equal(["quartier.db"], Directory.GetFiles(folder).Select(Path.GetFileName));
        Directory.Delete(folder, recursive: true);
    }

    [Trait("Store", "own")]
    [Fact]
    public void The_store_syncs_fully_and_keeps_a_write_ahead_log()
    {
        using var store = new TestStore(Durability.Full);
        Assert.Equal(("wal", 2), store.Database.Write(db => (db.ExecuteScalar<string>("PRAGMA journal_mode"), db.ExecuteScalar<int>("PRAGMA synchronous"))));
    }

    [Fact]
    public void A_reader_cannot_write()
    {
        using var store = new TestStore();
        Assert.ThrowsAny<DbException>(() => store.Database.Read(db => db.Execute(Insert, new { action = "no" })));
    }

    private static IReadOnlyList<string> Actions(Database database) => database.Read(db => db.Query<string>("SELECT action FROM audit ORDER BY id").AsList());
}
