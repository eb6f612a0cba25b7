using Quartier.Board;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Shelter;

public class FaultProperties
{
    private static readonly ReadStatus[] Sick = [ReadStatus.Absent, ReadStatus.NotReady, ReadStatus.NoAcknowledge, ReadStatus.BadChecksum, ReadStatus.OutOfRange];

    /// <summary>Goal: no failing part, in whatever order, makes the device tell what it cannot know. Method: random nights of people
    /// and of parts that die, hang and come back, resets in between, from uptimes beyond 32 bits; on each step the promises are asked for.</summary>
    [Fact]
    public void Parts_that_die_and_hang_in_any_order_never_make_a_sleeper_free()
    {
        var states = new HashSet<Occupancy>();
        var resets = 0;
        for (var seed = 1; seed <= 60; seed++)
        {
            var gen = new Gen((ulong)(1000 + seed));
            var pod = Watched(new PodUnderTest(startMs: gen.Pick([0L, int.MaxValue - 60_000L, uint.MaxValue - 60_000L, 1L << 45])) { KeepsSent = false }, seed, states);
            for (var act = 0; act < 40; act++)
            {
                if (gen.Next(12) == 0)
                {
                    resets++;
                    pod = Watched(new PodUnderTest(pod.Files)
                    {
                        KeepsSent = false, People = pod.People, Open = pod.Open, Bolted = pod.Bolted, Co2Stuck = pod.Co2Stuck, MotionStuck = pod.MotionStuck,
                        Co2Status = pod.Co2Status, DoorStatus = pod.DoorStatus, LockStatus = pod.LockStatus, MotionStatus = pod.MotionStatus,
                    }, seed, states);
                }

                People(pod, gen);
                Faults(pod, gen);
                pod.Pass(30 + gen.Next(2400));
            }
        }

        // A walk that never reached a state would promise nothing about it.
        Assert.Equal(3, states.Count);
        Assert.True(resets > 60, $"{resets} resets");
    }

    /// <summary>Whatever is broken, nothing is concluded without its reason, and a broken witness is named in the status.</summary>
    [Theory]
    [InlineData("door")]
    [InlineData("lock")]
    [InlineData("motion")]
    [InlineData("co2")]
    [InlineData("climate")]
    public void A_part_that_gives_no_value_is_named_and_named_no_longer_when_it_is_back(string part)
    {
        foreach (var status in Sick)
        {
            var pod = new PodUnderTest { KeepsSent = false }.Settled();
            Break(pod, part, status);
            pod.PassMinutes(8);
            Assert.True(Named(pod.App.Status, part), $"{part} {status}");
            Break(pod, part, ReadStatus.Ok);
            pod.PassMinutes(2);
            Assert.False(Named(pod.App.Status, part), $"{part} {status}");
        }
    }

    [Fact]
    public void A_carbon_dioxide_sensor_that_hangs_from_the_moment_of_entering_never_vouches_for_an_empty_pod()
    {
        var pod = new PodUnderTest().Settled();
        pod.Co2Stuck = 431;
        pod.EachStep = () => Assert.False(pod.People > 0 && !pod.Open && pod.App.Occupancy.State == Occupancy.Free);
        pod.GoThroughFlap(1);
        pod.PassMinutes(120);
        Assert.Equal((Occupancy.Unknown, OccupancyReason.SensorFault), (pod.App.Occupancy.State, pod.App.Occupancy.Reason));
    }

    [Fact]
    public void A_bolted_person_is_certain_when_the_door_contact_died_open()
    {
        var pod = new PodUnderTest().Settled();
        pod.Open = true;
        pod.Pass(10);
        pod.DoorStatus = ReadStatus.NoAcknowledge;
        pod.PassMinutes(2);
        (pod.People, pod.Bolted) = (1, true);
        pod.Pass(5);
        Assert.Equal((Occupancy.Occupied, OccupancyReason.Locked), (pod.App.Occupancy.State, pod.App.Occupancy.Reason));
        // And when the bolt is opened again and nobody breathes, the stay is doubted instead of lasting for ever.
        (pod.People, pod.Bolted) = (0, false);
        pod.PassMinutes(120);
        Assert.Equal(Occupancy.Unknown, pod.App.Occupancy.State);
    }

    [Fact]
    public void A_sensor_that_never_gets_warm_is_a_fault()
    {
        var pod = new PodUnderTest { Co2Status = ReadStatus.NotReady };
        pod.PassMinutes(3);
        Assert.Equal(OccupancyReason.WarmingUp, pod.App.Occupancy.Reason);
        pod.PassMinutes(5);
        Assert.Equal(OccupancyReason.SensorFault, pod.App.Occupancy.Reason);
    }

    /// <summary>A flap that stands open beside a busy street: the airtime belongs to alarms.</summary>
    [Fact]
    public void Passers_by_at_an_open_flap_cost_no_more_than_a_report_in_five_minutes()
    {
        var pod = new PodUnderTest().Settled();
        pod.Open = true;
        pod.PassMinutes(10);
        pod.Sent.Clear();
        for (var minute = 0; minute < 360; minute++)
        {
            pod.Moving = minute % 3 == 0;
            pod.Pass(20);
            pod.Moving = false;
            pod.Pass(40);
        }

        Assert.InRange(pod.Sent.Count, 20, 72);
    }

    [Fact]
    public void A_flash_that_refuses_holds_back_no_alarm()
    {
        var pod = new PodUnderTest { FlashFull = true, SmokeOn = true };
        pod.PassMinutes(2);
        Assert.True(pod.AlarmsSent().Count() >= 3);
        pod.ConfirmAlarm(pod.AlarmsSent().First().Sequence);
        pod.Pass(5);
        Assert.False(pod.App.Alarms[AlarmKind.Smoke].Open);
    }

    private static PodUnderTest Watched(PodUnderTest pod, int seed, HashSet<Occupancy> states)
    {
        long wrongSinceMs = -1;
        var opened = false;
        var before = Occupancy.Unknown;
        var frame = new byte[ShelterStatusV1.Bytes];
        pod.EachStep = () =>
        {
            var now = pod.App.Occupancy;
            var at = $"seed {seed}, {pod.NowMs / 60000} min, {pod.People} inside, open {pod.Open}, bolted {pod.Bolted}, {pod.Ppm} ppm, hangs {pod.Co2Stuck}, {pod.MotionStuck}, parts {pod.DoorStatus} {pod.LockStatus} {pod.MotionStatus} {pod.Co2Status}";
            states.Add(now.State);
            var wrong = pod.People > 0 && now.State == Occupancy.Free;
            wrongSinceMs = !wrong ? -1 : wrongSinceMs < 0 ? pod.NowMs : wrongSinceMs;
            Assert.False(wrong && pod.NowMs - wrongSinceMs > 5 * 60000, at);
            opened |= pod.Open && pod.DoorStatus == ReadStatus.Ok;
            Assert.True(now.State != Occupancy.Free || before == Occupancy.Free || opened, at + ": free without an opened flap");
            Assert.False(now.State == Occupancy.Free && (now.Co2Fault || now.MotionFault), at + ": free on the word of a broken part");
            Assert.Equal(ShelterStatusV1.Bytes, pod.App.Status.Encode(frame));
            before = now.State;
        };
        return pod;
    }

    private static void People(PodUnderTest pod, Gen gen)
    {
        switch (gen.Next(5))
        {
            case 0:
                pod.Bolted = false;
                pod.GoThroughFlap(gen.Next(3), 5 + gen.Next(120));
                break;
            case 1:
                pod.Bolted = pod.People > 0 && !pod.Open;
                break;
            case 2:
                pod.Bolted = false;
                pod.Open = gen.Next(3) == 0;
                break;
            case 3:
                pod.Moving = pod.People > 0;
                pod.Pass(gen.Next(90));
                pod.Moving = false;
                break;
            default:
                pod.PassMinutes(gen.Next(60));
                break;
        }
    }

    private static void Faults(PodUnderTest pod, Gen gen)
    {
        var status = gen.Next(2) == 0 ? ReadStatus.Ok : gen.Pick(Sick);
        switch (gen.Next(9))
        {
            case 0: pod.DoorStatus = status; break;
            case 1: pod.LockStatus = status; break;
            case 2: pod.MotionStatus = status; break;
            case 3: pod.Co2Status = status; break;
            case 4: pod.ClimateStatus = status; break;
            case 5: pod.Co2Stuck = pod.Co2Stuck is null ? pod.Ppm : null; break;
            case 6: pod.MotionStuck = !pod.MotionStuck; break;
            case 7: pod.TamperOn = !pod.TamperOn; break;
            default: pod.SmokeOn = !pod.SmokeOn; break;
        }
    }

    private static void Break(PodUnderTest pod, string part, ReadStatus status)
    {
        switch (part)
        {
            case "door": pod.DoorStatus = status; break;
            case "lock": pod.LockStatus = status; break;
            case "motion": pod.MotionStatus = status; break;
            case "co2": pod.Co2Status = status; break;
            default: pod.ClimateStatus = status; break;
        }
    }

    private static bool Named(ShelterStatusV1 status, string part) => part switch
    {
        "door" or "lock" => status.DoorLockFault,
        "motion" => status.MotionFault,
        "co2" => status.Co2Fault,
        _ => status.ClimateFault,
    };
}
