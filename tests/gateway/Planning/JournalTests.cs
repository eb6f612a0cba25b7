using Dapper;
using Quartier.Gateway.Outputs.Planning;
using Xunit;

namespace Quartier.Tests.Gateway.Planning;

public class JournalTests
{
    [Fact]
    public void A_crash_between_journal_and_commit_does_not_draw_twice()
    {
        using var desk = new ReleaseStore();
        var crash = Assert.Throws<TimeoutException>(() => desk.Database.Write<ReleaseAnswer>(connection =>
        {
            desk.Releases.Ask(connection, "2026-W47", "Mitte", ReleaseKey.OccupiedPodNights, ReleaseStore.Later);
            throw new TimeoutException("the power went here");
        }));
        Assert.NotNull(crash);
        Assert.Empty(desk.Ledger());
        var written = Assert.Single(new ReleaseJournal(desk.JournalPath).Read());

        desk.Restart();
        desk.Releases = ReleaseStore.Drawing(ReleasePolicy.Default, 99);
        var answer = desk.Ask("2026-W47");

        Assert.False(answer.Drawn);
        Assert.Equal(written.Row.Value, answer.Row!.Value);
        Assert.Single(desk.Ledger());
    }

    [Fact]
    public void A_torn_last_line_is_cut_off_at_whatever_byte_it_tore()
    {
        using var desk = new ReleaseStore();
        desk.Ask("2026-W46");
        var whole = File.ReadAllBytes(desk.JournalPath);
        desk.Ask("2026-W47");
        var both = File.ReadAllBytes(desk.JournalPath);
        for (var cut = whole.Length; cut < both.Length; cut++)
        {
            var path = Path.Combine(desk.Folder.FullName, "torn.jsonl");
            File.WriteAllBytes(path, both[..cut]);
            var journal = new ReleaseJournal(path);
            var kept = Assert.Single(journal.Read());
            journal.Append([ReleaseJournal.Seal(kept.Digest, desk.Ledger()[1])]);
            Assert.Equal(2, journal.Read().Count);
            Assert.Equal(both, File.ReadAllBytes(path));
        }
    }

    [Trait("Store", "own")]
    [Fact]
    public void A_database_put_back_from_a_backup_gets_its_rows_from_the_journal()
    {
        using var desk = new ReleaseStore();
        desk.Ask("2026-W46");
        var backup = Path.Combine(desk.Folder.FullName, "backup.db");
        desk.Restart();
        File.Copy(Path.Combine(desk.Folder.FullName, "quartier.db"), backup);
        var after = desk.Ask("2026-W47").Row!;
        var ledger = desk.Ledger();

        using var restored = new ReleaseStore(seed: 77);
        restored.Stop();
        foreach (var stale in restored.Folder.GetFiles("quartier.db*"))
        {
            stale.Delete();
        }

        File.Copy(backup, Path.Combine(restored.Folder.FullName, "quartier.db"));
        File.Copy(desk.JournalPath, restored.JournalPath);
        restored.Start();

        Assert.Single(restored.Ledger());
        Assert.Equal(after.Value, restored.Ask("2026-W47").Row!.Value);
        Assert.Equal(ledger.Select(row => (row.Sequence, row.Id, row.Value)), restored.Ledger().Select(row => (row.Sequence, row.Id, row.Value)));
    }

    [Fact]
    public void A_lost_journal_is_written_again_from_the_database()
    {
        using var desk = new ReleaseStore();
        desk.Ask("2026-W46");
        desk.Ask("2026-W47");
        var before = File.ReadAllBytes(desk.JournalPath);
        File.Delete(desk.JournalPath);
        desk.Ask("2026-W46");
        Assert.Equal(before, File.ReadAllBytes(desk.JournalPath));
    }

    [Fact]
    public void A_changed_line_stops_every_release()
    {
        using var desk = new ReleaseStore();
        desk.Ask("2026-W46");
        File.WriteAllText(desk.JournalPath, File.ReadAllText(desk.JournalPath).Replace("\"offered\":14", "\"offered\":15"));
        Assert.Throws<InvalidDataException>(() => desk.Ask("2026-W47"));
        Assert.Single(desk.Ledger());
    }

    [Fact]
    public void Two_histories_are_told_apart()
    {
        using var desk = new ReleaseStore(seed: 1);
        using var other = new ReleaseStore(seed: 2);
        desk.Ask("2026-W46");
        other.Ask("2026-W47");
        File.Copy(other.JournalPath, desk.JournalPath, overwrite: true);
        Assert.Throws<InvalidDataException>(() => desk.Ask("2026-W47"));
    }

    [Fact]
    public void Neither_the_ledger_nor_the_journal_holds_the_true_count()
    {
        // 13 of 14 nights occupied, and a value that is always suppressed: the number 13 must be nowhere.
        using var desk = new ReleaseStore(new ReleasePolicy { SuppressBelow = 100 });
        for (var day = 16; day <= 22; day++)
        {
            desk.Occupy(ReleaseStore.Pod1, $"2026-11-{day}");
        }

        for (var day = 16; day <= 21; day++)
        {
            desk.Occupy(ReleaseStore.Pod2, $"2026-11-{day}");
        }

        var row = desk.Ask("2026-W47").Row!;
        Assert.Null(row.Value);
        var columns = desk.Database.Read(connection => connection.Query("SELECT * FROM release_ledger").Cast<IDictionary<string, object?>>().Single());
        Assert.DoesNotContain(columns.Values, value => value is 13L);
        Assert.DoesNotContain(":13", File.ReadAllText(desk.JournalPath));
    }
}
