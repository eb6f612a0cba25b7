using Quartier.Board;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Shelter;

public class ReportTests
{
    private readonly PodUnderTest pod = new();

    [Fact]
    public void A_quiet_pod_reports_every_quarter_of_an_hour()
    {
        pod.Settled();
        pod.Sent.Clear();
        pod.PassMinutes(151);
        var times = pod.Sent.Select(s => s.AtMs).ToList();
        Assert.InRange(times.Count, 10, 11);
        Assert.All(times.Zip(times.Skip(1), (a, b) => b - a), gap => Assert.Equal(15 * 60 * 1000, gap));
    }

    [Fact]
    public void A_changed_occupancy_is_reported_within_two_seconds()
    {
        pod.Settled();
        pod.GoThroughFlap(1, 5);
        pod.Bolted = true;
        var atMs = pod.NowMs;
        pod.Pass(4);
        var (sentMs, _, bytes) = pod.Sent[^1];
        Assert.True(ShelterStatusV1.TryDecode(bytes, bytes.Length, out var status));
        Assert.Equal(Occupancy.Occupied, status.Occupancy);
        Assert.InRange(sentMs - atMs, 0, 2000);
    }

    [Fact]
    public void A_status_carries_what_was_measured_and_nothing_invented()
    {
        pod.CentiCelsius = 1234;
        pod.Humidity = 456;
        pod.Pass(1);
        var status = pod.StatusesSent().Single();
        Assert.Equal((1230, 460, 3600), (status.CentiCelsius, status.HumidityPermille, status.BatteryMillivolts));

        var broken = new PodUnderTest { ClimateStatus = ReadStatus.NoAcknowledge, Co2Status = ReadStatus.Absent };
        broken.Pass(1);
        status = broken.StatusesSent().Single();
        Assert.Equal(ShelterStatusV1.CelsiusUnknown, status.CentiCelsius);
        Assert.Equal(ShelterStatusV1.Co2Unknown, status.Co2Ppm);
    }

    [Fact]
    public void Nothing_is_lost_while_the_modem_is_busy()
    {
        pod.Modem = ModemState.Busy;
        pod.Pass(20);
        Assert.Empty(pod.Sent);
        pod.Modem = ModemState.Ready;
        pod.Pass(1);
        Assert.Single(pod.Sent);
    }

    /// <summary>The device has some 100 kB and a simple collector: a step that allocates stops it now and then.</summary>
    [Fact]
    public void Ten_thousand_steps_allocate_nothing()
    {
        pod.KeepsSent = false;
        pod.Settled();
        pod.People = 1;
        var nowMs = pod.NowMs;
        for (var i = 0; i < 1000; i++)
        {
            pod.App.Step(nowMs += 5000);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            pod.Open = i % 977 < 20;
            pod.Moving = i % 131 == 0;
            pod.App.Step(nowMs += 5000);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
