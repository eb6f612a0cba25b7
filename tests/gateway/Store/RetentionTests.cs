using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using NodaTime;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Store;

/// <summary>What was deleted stands nowhere any more: every file of the data folder is searched, byte by byte.</summary>
public sealed class RetentionTests
{
    private const string Marker = "VERRATENER-BERICHT-7f3a";
    private static readonly Instant Now = TestStore.Evening;

    [Trait("Store", "own")]
    [Fact]
    public void A_report_past_its_time_stands_in_no_file_of_the_data_folder()
    {
        using var store = new TestStore(Durability.Full);
        store.Database.Write(db => RegistryTable.Add(db, Device.New(Uplink.Pod, DeviceKind.Shelter, "Karlsplatz", "", "Mitte", Now)));
        for (var counter = 1; counter <= 200; counter++)
        {
            var report = Uplink.Event(Uplink.Pod, Ports.ShelterStatus, Encode(Uplink.Occupied()), counter);
            report["regionConfigId"] = $"{Marker}-{counter}";
            Assert.Equal(Outcome.Recorded, store.Accept(Uplink.Envelope(report, Now)).Outcome);
            report["deviceInfo"]!["devEui"] = "70b3d57ed00000ee";
            Assert.Equal(Outcome.Refused, store.Accept(Uplink.Envelope(report, Now)).Outcome);
        }

        Assert.NotEmpty(FilesWith(store.Folder, Marker));
        var limit = Now + Duration.FromDays(1);
        store.Database.Write(db =>
        {
            EventsTable.DeleteBefore(db, limit);
            RefusalsTable.DeleteBefore(db, limit);
        });
        Assert.True(store.Database.FoldDeleted());
        Assert.Empty(FilesWith(store.Folder, Marker));
    }

    [Fact]
    public void What_an_older_version_deleted_without_overwriting_goes_at_the_first_start()
    {
        var folder = Directory.CreateTempSubdirectory("quartier-old-").FullName;
        using (Database.Open(folder, Tables.All))
        {
        }

        using (var old = new SqliteConnection($"Data Source={Path.Combine(folder, "quartier.db")};Pooling=False"))
        {
            old.Open();
            old.Execute("PRAGMA secure_delete=OFF; PRAGMA user_version=0; CREATE TABLE old (text TEXT)");
            old.Execute("INSERT INTO old SELECT @text FROM accounts UNION ALL SELECT @text || 'x'", new { text = string.Concat(Enumerable.Repeat(Marker, 500)) });
            old.Execute("DELETE FROM old; PRAGMA wal_checkpoint(TRUNCATE)");
        }

        Assert.NotEmpty(FilesWith(folder, Marker));
        using (Database.Open(folder, Tables.All))
        {
            Assert.Empty(FilesWith(folder, Marker));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_audit_log_keeps_a_year()
    {
        using var store = new TestStore();
        store.Database.Write(db =>
        {
            AuditTable.Add(db, Now - Duration.FromDays(366), "mia", "account.log-in", "mia");
            AuditTable.Add(db, Now - Duration.FromDays(364), "mia", "account.log-in", "mia");
            AuditTable.DeleteBefore(db, Now - AuditTable.Kept);
        });
        Assert.Single(store.Database.Read(db => AuditTable.Latest(db, 9)));
    }

    [Fact]
    public void The_stores_files_are_their_owners_alone_also_in_a_folder_that_is_everybodys()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Directory.CreateTempSubdirectory("quartier-open-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        File.WriteAllText(Path.Combine(folder, "releases.jsonl"), "");
        File.SetUnixFileMode(Path.Combine(folder, "releases.jsonl"), (UnixFileMode)0b110_110_110);
        using (var database = Database.Open(folder, Tables.All))
        {
            database.Write(db => AuditTable.Add(db, Now, "", "account.log-in", ""));
            foreach (var file in Directory.GetFiles(folder))
            {
                Assert.Equal((Path.GetFileName(file), UnixFileMode.UserRead | UnixFileMode.UserWrite), (Path.GetFileName(file), File.GetUnixFileMode(file)));
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private static byte[] Encode(ShelterStatusV1 status)
    {
        var frame = new byte[ShelterStatusV1.Bytes];
        status.Encode(frame);
        return frame;
    }

    private static List<string> FilesWith(string folder, string text) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        })];
}
