using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway.Store;

/// <summary>A data folder of the first version goes on in today's program with everything in it; a damaged one is refused and stays as it is.</summary>
[Trait("Store", "own")]
public sealed class UpgradeTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 12, 1, 12, 0);

    private readonly string folder = Directory.CreateTempSubdirectory("quartier-first-").FullName;

    private string Store => Path.Combine(folder, "quartier.db");

    private string Backup => Path.Combine(folder, "quartier-before-0001.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_row_of_every_table_is_there_with_every_value()
    {
        FirstVersion.Put(folder);
        SortedDictionary<string, List<IDictionary<string, object?>>> before;
        using (var old = FirstVersion.Open(Store))
        {
            before = FirstVersion.Rows(old);
        }

        Assert.Equal(31, before.Count);
        Assert.All(before, table => Assert.True(table.Value.Count > 0, $"{table.Key} is empty"));
        using var database = Database.Open(folder, Tables.All);
        var after = database.Read(FirstVersion.Rows);
        foreach (var (table, rows) in before)
        {
            Assert.Equal(rows.Count, after[table].Count);
            foreach (var (was, now) in rows.Zip(after[table]))
            {
                Assert.All(was.Where(column => (table, column.Key) is not (("pods", "status") or ("devices", "last_contact"))), column => Assert.Equal(column.Value, now[column.Key]));
            }
        }

        // The two columns that are gone stand elsewhere.
        Assert.Equal(
            before["devices"].Select(device => (device["id"], device["last_contact"])).Where(device => device.Item2 is not null).OrderBy(device => device.Item1),
            after["contacts"].Select(contact => (contact["device"], (object?)contact["last_at"])).OrderBy(contact => contact.Item1));
        foreach (var pod in before["pods"])
        {
            var status = (PodStatus)StatusV1.Format.Decode((byte[])pod["status"]!)!;
            Assert.Equal(status, database.Read(db => SheltersTable.LastObservation(db, (string)pod["device"]!))!.Status);
        }
    }

    [Fact]
    public void It_has_the_very_tables_of_a_new_store()
    {
        FirstVersion.Put(folder);
        using var upgraded = Database.Open(folder, Tables.All);
        using var fresh = new TestStore();
        Assert.Equal(fresh.Database.Read(Shape), upgraded.Read(Shape));
        Assert.Empty(upgraded.Read(db => db.Query("PRAGMA foreign_key_check")));
        Assert.Equal(1, upgraded.Read(db => db.ExecuteScalar<int>("PRAGMA foreign_keys")));
        Assert.Throws<SqliteException>(() => upgraded.Write(db => db.Execute("INSERT INTO contacts (device, last_at) VALUES ('nobody', 1)")));
    }

    [Fact]
    public async Task It_is_served_with_its_pods_accounts_and_figures()
    {
        FirstVersion.Put(folder);
        var figures = File.ReadAllLines(Path.Combine(folder, ReleaseJournal.FileName)).Length;
        var gateway = new GatewayUnderTest(folder) { Options = new GatewayOptions { DataDirectory = "", HttpPort = 0, MqttPort = 0 } };
        gateway.Time.Now = Now;
        await gateway.InitializeAsync();
        using var street = await gateway.LogIn("street");
        Assert.Contains("Karlsplatz", await street.GetStringAsync("/board"), StringComparison.Ordinal);
        using var planner = await gateway.LogIn("planner");
        Assert.Contains("2026-W40", await planner.GetStringAsync("/planning"), StringComparison.Ordinal);
        Assert.Equal(figures, gateway.Database.Read(LedgerTable.All).Count);
        await gateway.DisposeAsync();
    }

    [Fact]
    public void Before_that_it_is_copied_for_its_owner_alone_and_the_copy_is_the_store_as_it_was()
    {
        FirstVersion.Put(folder);
        var before = Rows(Store);
        using (Database.Open(folder, Tables.All))
        {
        }

        Assert.Equal(before, Rows(Backup));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
        }

        Assert.Equal(["quartier-before-0001.db", "quartier.db", "releases.jsonl"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        // The copy opens like any older store: that is what it is for.
        var back = Directory.CreateDirectory(Path.Combine(folder, "back")).FullName;
        File.Copy(Backup, Path.Combine(back, "quartier.db"));
        using var again = Database.Open(back, Tables.All);
        Assert.Equal(5, again.Read(db => db.ExecuteScalar<int>("SELECT COUNT(*) FROM accounts")));
    }

    [Fact]
    public void A_new_store_and_one_that_is_up_to_date_are_not_copied()
    {
        for (var start = 0; start < 2; start++)
        {
            using (Database.Open(folder, Tables.All))
            {
            }

            Assert.Equal(["quartier.db"], Directory.GetFiles(folder).Select(Path.GetFileName));
        }
    }

    [Fact]
    public void The_copy_goes_after_three_days_and_one_from_the_future_counts_from_now_on()
    {
        File.WriteAllText(Backup, "");
        File.SetLastWriteTimeUtc(Backup, (Now + Duration.FromDays(400)).ToDateTimeUtc());
        UpgradeBackups.Forget(folder, Now);
        UpgradeBackups.Forget(folder, Now + UpgradeBackups.Kept - Duration.FromSeconds(1));
        Assert.True(File.Exists(Backup));
        UpgradeBackups.Forget(folder, Now + UpgradeBackups.Kept);
        Assert.False(File.Exists(Backup));
    }

    [Fact]
    public void Where_no_copy_can_be_written_nothing_begins()
    {
        FirstVersion.Put(folder);
        Directory.CreateDirectory($"{Backup}.part");
        AssertRefusedAndUntouched($"is copied to {Backup}, and that fails");
    }

    /// <summary>A limit on files stands in for the end of the disk: whoever writes beyond it is told so, as there.</summary>
    [Fact]
    public void A_disk_that_is_full_stops_the_copy_and_the_start_and_nothing_is_left_behind()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        FirstVersion.Put(folder);
        var before = Contents();
        var gateway = Path.Combine(AppContext.BaseDirectory, "Quartier.Gateway.dll");
        using var start = GatewayProcess.Start("bash", ["-c", $"trap '' XFSZ; ulimit -f 100; DOTNET_EnableWriteXorExecute=0 exec dotnet '{gateway}' account list --data '{folder}'"]);
        var said = start.StandardError.ReadToEnd();
        start.WaitForExit();
        Assert.Equal(2, start.ExitCode);
        Assert.Contains("Make room for the copy there (1 MB)", said, StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    [Theory]
    [InlineData("overwritten in the middle", "damaged")]
    [InlineData("cut off", "damaged")]
    [InlineData("cut to its first kilobyte", "damaged")]
    [InlineData("something else", "does not begin as a SQLite database does")]
    public void A_damaged_store_is_refused_with_the_reason_and_not_changed(string damage, string reason)
    {
        FirstVersion.Put(folder);
        var bytes = File.ReadAllBytes(Store);
        File.WriteAllBytes(Store, damage switch
        {
            "overwritten in the middle" => [.. bytes[..(bytes.Length / 2)], .. Enumerable.Repeat((byte)0xA5, 8192), .. bytes[((bytes.Length / 2) + 8192)..]],
            "cut off" => bytes[..(bytes.Length / 2)],
            "cut to its first kilobyte" => bytes[..1024],
            _ => [.. "Not a database, but a letter."u8],
        });
        AssertRefusedAndUntouched(reason);
    }

    private static string[] Rows(string path)
    {
        using var store = FirstVersion.Open(path);
        return [.. FirstVersion.Rows(store).SelectMany(table => table.Value.Select(row => $"{table.Key}: {string.Join('|', row.Values.Select(Text))}"))];
    }

    private static string Text(object? value) => value is byte[] bytes ? Convert.ToHexString(bytes) : $"{value}";

    /// <summary>Every table, column, key and index, in the words that SQLite keeps.</summary>
    private static string[] Shape(DbConnection store) =>
        [.. store.Query<(string Name, string Sql)>("SELECT name, sql FROM sqlite_master ORDER BY name").Select(made => $"{made.Name}: {string.Join(' ', (made.Sql ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}")];

    private void AssertRefusedAndUntouched(string reason)
    {
        var before = Contents();
        Assert.Contains(reason, Assert.Throws<UnusableStoreException>(() => Database.Open(folder, Tables.All)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    private (string, string)[] Contents() =>
        [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), Convert.ToHexString(File.ReadAllBytes(file))))];
}
