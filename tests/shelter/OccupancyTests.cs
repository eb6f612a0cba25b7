using Quartier.Board;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Shelter;

public class OccupancyTests
{
    private readonly PodUnderTest pod = new();

    private (Occupancy State, OccupancyReason Reason) Now => (pod.App.Occupancy.State, pod.App.Occupancy.Reason);

    [Fact]
    public void After_a_restart_nothing_is_known_however_quiet_it_is()
    {
        pod.PassMinutes(300);
        Assert.Equal((Occupancy.Unknown, OccupancyReason.Starting), Now);
    }

    [Fact]
    public void A_warming_sensor_is_said_to_be_warming_up()
    {
        pod.Co2Status = ReadStatus.NotReady;
        pod.PassMinutes(2);
        Assert.Equal((Occupancy.Unknown, OccupancyReason.WarmingUp), Now);
    }

    [Fact]
    public void An_aired_quiet_pod_is_free_after_three_minutes()
    {
        pod.GoThroughFlap(0);
        pod.PassMinutes(2);
        Assert.Equal(Occupancy.Unknown, Now.State);
        pod.PassMinutes(2);
        Assert.Equal((Occupancy.Free, OccupancyReason.Aired), Now);
    }

    [Fact]
    public void The_closed_bolt_is_certainty_at_once()
    {
        pod.Settled();
        pod.GoThroughFlap(1, 5);
        pod.Bolted = true;
        pod.Pass(1);
        Assert.Equal((Occupancy.Occupied, OccupancyReason.Locked), Now);
        Assert.Equal(3, pod.App.Occupancy.Confidence);
    }

    [Fact]
    public void A_sleeper_who_never_locks_and_never_moves_is_found_by_breath_and_kept()
    {
        pod.Settled();
        pod.GoThroughFlap(1);
        pod.PassMinutes(4);
        Assert.Equal(Occupancy.Occupied, Now.State);
        pod.EachStep = () => Assert.Equal(Occupancy.Occupied, pod.App.Occupancy.State);
        pod.PassMinutes(8 * 60);
        Assert.Equal(OccupancyReason.Co2High, Now.Reason);
    }

    [Fact]
    public void Leaving_becomes_free_only_when_flap_motion_and_air_agree()
    {
        pod.Settled();
        pod.GoThroughFlap(1);
        pod.Bolted = true;
        pod.PassMinutes(120);
        pod.Bolted = false;
        pod.PassMinutes(1);
        pod.GoThroughFlap(0);
        Assert.Equal(Occupancy.Occupied, Now.State);
        pod.PassMinutes(2);
        Assert.NotEqual(Occupancy.Free, Now.State);
        pod.PassMinutes(13);
        Assert.Equal((Occupancy.Free, OccupancyReason.Aired), Now);
    }

    [Fact]
    public void One_of_two_leaving_does_not_free_the_pod()
    {
        pod.Settled();
        pod.GoThroughFlap(2);
        pod.PassMinutes(120);
        pod.EachStep = () => Assert.NotEqual(Occupancy.Free, pod.App.Occupancy.State);
        pod.GoThroughFlap(1);
        pod.PassMinutes(240);
        Assert.Equal(Occupancy.Occupied, Now.State);
    }

    [Fact]
    public void Airing_from_inside_does_not_free_the_pod()
    {
        pod.Settled();
        pod.GoThroughFlap(1);
        pod.PassMinutes(60);
        pod.EachStep = () => Assert.NotEqual(Occupancy.Free, pod.App.Occupancy.State);
        pod.GoThroughFlap(1, 120);
        pod.PassMinutes(60);
        Assert.Equal(Occupancy.Occupied, Now.State);
    }

    [Fact]
    public void A_flap_left_open_is_unknown_with_its_reason()
    {
        pod.Settled();
        pod.GoThroughFlap(1);
        pod.PassMinutes(30);
        pod.People = 0;
        pod.Open = true;
        pod.PassMinutes(4);
        Assert.Equal(Occupancy.Occupied, Now.State);
        pod.PassMinutes(600);
        Assert.Equal((Occupancy.Unknown, OccupancyReason.DoorLeftOpen), Now);
    }

    [Fact]
    public void A_missed_departure_ends_in_doubt_never_in_free()
    {
        pod.Settled();
        pod.GoThroughFlap(1);
        pod.PassMinutes(60);
        pod.People = 0;
        pod.EachStep = () => Assert.NotEqual(Occupancy.Free, pod.App.Occupancy.State);
        pod.PassMinutes(600);
        Assert.Equal((Occupancy.Unknown, OccupancyReason.Disagree), Now);
    }

    [Fact]
    public void A_visitor_at_the_open_flap_is_no_stay()
    {
        pod.Settled();
        pod.Open = true;
        pod.Moving = true;
        pod.PassMinutes(15);
        Assert.Equal((Occupancy.Unknown, OccupancyReason.Motion), Now);
        pod.Moving = false;
        pod.Open = false;
        pod.PassMinutes(5);
        Assert.Equal(Occupancy.Free, Now.State);
    }

    [Theory]
    [InlineData("door")]
    [InlineData("motion")]
    [InlineData("co2")]
    public void Without_one_of_its_three_witnesses_a_pod_is_never_called_free(string part)
    {
        pod.Settled();
        switch (part)
        {
            case "door": pod.DoorStatus = ReadStatus.NoAcknowledge; break;
            case "motion": pod.MotionStatus = ReadStatus.NoAcknowledge; break;
            default: pod.Co2Status = ReadStatus.BadChecksum; break;
        }

        pod.PassMinutes(3);
        Assert.Equal((Occupancy.Unknown, OccupancyReason.SensorFault), Now);
        pod.GoThroughFlap(0);
        pod.PassMinutes(60);
        Assert.Equal((Occupancy.Unknown, OccupancyReason.SensorFault), Now);
    }

    [Fact]
    public void A_single_missed_reading_changes_nothing()
    {
        pod.Settled();
        pod.Co2Status = ReadStatus.BadChecksum;
        pod.Pass(30);
        pod.Co2Status = ReadStatus.Ok;
        pod.PassMinutes(5);
        Assert.Equal(Occupancy.Free, Now.State);
    }

    [Fact]
    public void With_a_dead_door_contact_a_person_is_still_found()
    {
        pod.Settled();
        pod.DoorStatus = ReadStatus.NoAcknowledge;
        pod.People = 1;
        pod.PassMinutes(5);
        Assert.Equal(Occupancy.Occupied, Now.State);
    }

    [Fact]
    public void Without_carbon_dioxide_damp_breath_finds_a_person()
    {
        pod.Settled();
        pod.Co2Status = ReadStatus.NoAcknowledge;
        pod.PassMinutes(3);
        pod.GoThroughFlap(1);
        pod.EachStep = () => pod.Humidity = Math.Min(900, 500 + (int)((pod.NowMs % 3600000) / 4000));
        pod.PassMinutes(6);
        Assert.Equal((Occupancy.Occupied, OccupancyReason.Humidity), Now);
    }

    [Fact]
    public void A_stuck_motion_detector_is_found_out_and_named()
    {
        pod.Settled();
        pod.MotionStuck = true;
        pod.PassMinutes(90);
        Assert.True(pod.App.Occupancy.MotionFault);
        Assert.NotEqual(Occupancy.Free, Now.State);
    }

    [Fact]
    public void A_carbon_dioxide_sensor_that_repeats_itself_is_a_fault()
    {
        pod.Settled();
        pod.Co2Stuck = 433;
        pod.PassMinutes(90);
        Assert.True(pod.App.Occupancy.Co2Fault);
        Assert.Equal((Occupancy.Unknown, OccupancyReason.SensorFault), Now);
    }

    [Fact]
    public void A_bolt_contact_that_hangs_is_no_longer_believed()
    {
        pod.Settled();
        pod.Bolted = true;
        pod.PassMinutes(5);
        pod.GoThroughFlap(0);
        pod.PassMinutes(20);
        Assert.True(pod.App.Occupancy.DoorLockFault);
        Assert.Equal(Occupancy.Free, Now.State);
    }

    [Fact]
    public void A_sensor_that_drifted_learns_the_street_air_again()
    {
        pod.OutdoorPpm = 620;
        for (var day = 0; day < 3; day++)
        {
            pod.Open = true;
            pod.PassMinutes(60);
            pod.Open = false;
            pod.PassMinutes(10);
        }

        Assert.Equal(Occupancy.Free, Now.State);
        pod.GoThroughFlap(1);
        pod.PassMinutes(5);
        Assert.Equal(Occupancy.Occupied, Now.State);
    }
}
