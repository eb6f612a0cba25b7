using NodaTime;
using Quartier.Board;
using Quartier.Simulator.Boards;
using Quartier.Simulator.World;
using Xunit;

namespace Quartier.Tests.Simulation;

/// <summary>The simulated station has the platform's manners: what is not saved is gone after a restart, and a join takes what it takes.</summary>
public sealed class SimulatedWifiTests
{
    private readonly VirtualWorld world = new(1, Instant.FromUtc(2026, 11, 28, 12, 0));
    private readonly SimulatedWifi wifi;

    public SimulatedWifiTests() => wifi = new SimulatedWifi(world);

    [Fact]
    public void What_has_worked_outlives_the_restart_and_what_has_not_does_not()
    {
        wifi.Connect(SimulatedWifi.HouseSsid, "wrong");
        Run(30_000);
        Assert.Equal((WifiState.WrongPassword, WifiState.WrongPassword), (wifi.LastJoin, wifi.State));
        wifi.Restart();
        Run(30_000);
        Assert.Equal(WifiState.Unconfigured, wifi.State);
        wifi.Connect(SimulatedWifi.HouseSsid, SimulatedWifi.HousePassword);
        Run(30_000);
        wifi.Restart();
        Assert.Equal((WifiState.Connecting, ""), (wifi.State, wifi.Address));
        Run(30_000);
        Assert.Equal(WifiState.Connected, wifi.State);
    }

    [Fact]
    public void After_a_failure_it_is_back_on_the_network_before_and_the_failure_can_be_asked_for()
    {
        Join();
        wifi.Connect("Nirgends", "12345678");
        Assert.Equal(WifiState.Connecting, wifi.State);
        Run(30_000);
        Assert.Equal((WifiState.Connected, WifiState.NotInRange), (wifi.State, wifi.LastJoin));
        wifi.Restart();
        Run(30_000);
        Assert.Equal(WifiState.Connected, wifi.State);
    }

    [Fact]
    public void A_silent_router_holds_the_station_for_twenty_seconds_in_which_it_cannot_scan()
    {
        wifi.Silent = true;
        wifi.Connect(SimulatedWifi.HouseSsid, SimulatedWifi.HousePassword);
        Run(19_000);
        Assert.Equal((WifiState.Connecting, false), (wifi.LastJoin, wifi.StartScan()));
        Run(2_000);
        Assert.Equal(WifiState.Failed, wifi.LastJoin);
        Assert.True(wifi.StartScan());
        Run(2_000);
        Assert.Equal(3, wifi.ScanCount);
    }

    [Fact]
    public void Whoever_is_far_away_refuses_and_it_is_not_the_password()
    {
        wifi.Connect("FRITZ!Box 7590 XY", "perhapsright");
        Run(30_000);
        Assert.Equal(WifiState.Failed, wifi.LastJoin);
    }

    [Fact]
    public void A_first_network_that_comes_later_is_joined_and_kept()
    {
        wifi.InRange = false;
        wifi.Connect(SimulatedWifi.HouseSsid, SimulatedWifi.HousePassword);
        Run(30_000);
        Assert.Equal(WifiState.NotInRange, wifi.State);
        wifi.InRange = true;
        Run(30_000);
        wifi.Restart();
        Run(30_000);
        Assert.Equal(WifiState.Connected, wifi.State);
    }

    [Fact]
    public void Strangers_are_listened_to_in_the_first_run_only()
    {
        Assert.True(wifi.ListensToStrangers);
        wifi.Restart();
        Assert.False(wifi.ListensToStrangers);
    }

    private void Join()
    {
        wifi.Connect(SimulatedWifi.HouseSsid, SimulatedWifi.HousePassword);
        Run(5_000);
        Assert.Equal(WifiState.Connected, wifi.State);
    }

    private void Run(long ms) => world.RunUntil(world.NowMs + ms);
}
