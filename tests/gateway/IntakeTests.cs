using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Mqtt;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>Between broker and pipeline: who arrives while the writer is busy shares a commit, and nobody pays for a neighbour.</summary>
public sealed class IntakeTests : IDisposable
{
    /// <summary>As a later version of the alarm would have.</summary>
    private const int LaterAlarmPort = 201;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestStore store = new();
    private readonly Intake intake;

    public IntakeTests()
    {
        intake = new Intake(store.Database, new PipelineOptions { Formats = [.. PodFormats.Uplinks, AlarmV1.Format with { Port = LaterAlarmPort }] }, TimeProvider.System, new Outgoing(), NullLogger<Intake>.Instance);
        store.Database.Write(db =>
        {
            for (var number = 1; number <= 100; number++)
            {
                RegistryTable.Add(db, Device.New(Name(number), DeviceKind.Shelter, $"pod {number}", "", "Mitte", TestStore.Evening));
            }
        });
    }

    [Fact]
    public async Task Who_arrives_while_the_writer_is_busy_shares_one_commit()
    {
        var before = store.Database.CommitCount;
        using var gate = new ManualResetEventSlim();
        var busy = store.Database.WriteAsync(_ => gate.Wait());
        var taken = Enumerable.Range(1, 100).Select(number => intake.TakeAsync([Report(number)]).AsTask()).ToArray();
        Assert.DoesNotContain(taken, task => task.IsCompleted);
        gate.Set();
        await Task.WhenAll([busy, .. taken]).WaitAsync(Patience);
        Assert.Equal(100, Stored());
        Assert.InRange(store.Database.CommitCount - before, 1, 2);
    }

    [Theory]
    [InlineData(Ports.ShelterAlarm)]
    [InlineData(LaterAlarmPort)]
    public async Task An_alarm_of_any_format_goes_before_all_that_waits(int port)
    {
        using var started = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        var busy = store.Database.WriteAsync(_ =>
        {
            started.Set();
            gate.Wait();
        });
        started.Wait();
        var waiting = Enumerable.Range(0, 2_000).Select(number => intake.TakeAsync([Report(1 + (number % 99), number)]).AsTask()).ToArray();
        var alarm = intake.TakeAsync([Alarm(100, port)]).AsTask();
        var later = intake.TakeAsync([Report(100, 2_000)]).AsTask();
        gate.Set();
        await Task.WhenAll([busy, alarm, later, .. waiting]).WaitAsync(Patience);
        Assert.Equal(2_002, Stored());
        Assert.Equal(Name(100), store.Database.Read(db => db.QueryFirst<string>("SELECT device FROM events ORDER BY id")));
    }

    [Fact]
    public async Task The_next_group_is_open_while_one_is_written()
    {
        await intake.TakeAsync([Report(1)]).AsTask().WaitAsync(Patience);
        await intake.TakeAsync([Report(2)]).AsTask().WaitAsync(Patience);
        Assert.Equal(2, Stored());
    }

    [Fact]
    public async Task A_message_that_breaks_the_pipeline_is_set_aside_alone()
    {
        // A night that cannot be read makes a mistake of ours out of this pod's next report.
        store.Database.Write(db => db.Execute(
            "INSERT INTO stays (device, began_at, ended_at, night) VALUES (@device, 1, NULL, 'broken')", new { device = Name(2) }));
        using var gate = new ManualResetEventSlim();
        var busy = store.Database.WriteAsync(_ => gate.Wait());
        var taken = Enumerable.Range(1, 3).Select(number => intake.TakeAsync([Report(number)]).AsTask()).ToArray();
        gate.Set();
        await Task.WhenAll([busy, .. taken]).WaitAsync(Patience);
        Assert.Equal(2, Stored());
        Assert.Equal(["internal-fault"], store.Database.Read(db => db.Query<string>("SELECT reason FROM refusals")));
    }

    [Trait("Store", "own")]
    [Fact]
    public async Task A_full_disk_acknowledges_nothing_and_is_over_when_there_is_room_again()
    {
        store.Database.Write(db => db.ExecuteScalar<long>("PRAGMA max_page_count=1"));
        var big = Report(1, new string('x', 40_000));
        await Assert.ThrowsAnyAsync<DbException>(() => intake.TakeAsync([big]).AsTask().WaitAsync(Patience));
        store.Database.Write(db => db.ExecuteScalar<long>("PRAGMA max_page_count=1000000"));
        await intake.TakeAsync([big]).AsTask().WaitAsync(Patience);
        Assert.Equal(1, Stored());
    }

    public void Dispose() => store.Dispose();

    private static string Name(int number) => $"70b3d57ed00001{number:x2}";

    private static InboundPublish Report(int number, string region = "eu868") => Uplink(number, $"{number}", 1, "HwACZDdx4BU=", region);

    private static InboundPublish Report(int number, int count) => Uplink(number, $"{number}-{count}", 1, "HwACZDdx4BU=");

    private static InboundPublish Alarm(int number, int port)
    {
        var frame = new byte[ShelterAlarmV1.Bytes];
        new ShelterAlarmV1 { Kind = AlarmKind.Smoke, Active = true, Sequence = 1 }.Encode(frame);
        return Uplink(number, "alarm", port, Convert.ToBase64String(frame));
    }

    private static InboundPublish Uplink(int number, string id, int port, string data, string region = "eu868") => new(
        "network-server", null, $"application/17c82e96-be03-4f38-aef3-f83d48582d97/device/{Name(number)}/event/up",
        System.Text.Encoding.UTF8.GetBytes(
            $$$"""{"deduplicationId":"{{{id}}}","deviceInfo":{"devEui":"{{{Name(number)}}}"},"fPort":{{{port}}},"data":"{{{data}}}","regionConfigId":"{{{region}}}"}"""));

    private long Stored() => store.Database.Read(db => db.ExecuteScalar<long>("SELECT COUNT(*) FROM events"));
}
