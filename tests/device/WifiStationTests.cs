using System.Device.Wifi;
using Quartier.Board;
using Quartier.Kiosk.Esp32;
using Xunit;

namespace Quartier.Tests.Device;

/// <summary>The screen's own station over a platform with the real one's manners. Its thread is this test's.</summary>
public sealed class WifiStationTests
{
    private const string House = "Quartierszentrale";
    private const string Password = "eselsberg-7";

    private WifiPlatform platform = new();
    private WifiStation station;

    public WifiStationTests() => Start();

    [Fact]
    public void After_a_join_the_restart_has_the_network()
    {
        platform.Air[House] = (Password, -50);
        Assert.Equal(WifiState.Connected, Join(House, Password));
        Reboot();
        Assert.Equal((WifiState.Connected, platform.Address), (station.State, station.Address));
        Assert.Equal((House, Password, WifiPlatform.AutoConnect), platform.Stored);
    }

    [Fact]
    public void The_network_before_is_kept_until_the_new_one_has_worked()
    {
        Provisioned();
        var before = platform.Stored;
        platform.Air["Büro"] = ("geheim-4711", -50);
        platform.WhileConnecting = () => Assert.Equal(before, platform.Stored);
        Assert.Equal(WifiState.WrongPassword, Join("Büro", "falsch-4711"));
        Assert.Equal((WifiState.Connected, before), (station.State, platform.Stored));
        Assert.Equal(WifiState.Connected, Join("Büro", "geheim-4711"));
        platform.WhileConnecting = null;
        Reboot();
        Assert.Equal(("Büro", WifiState.Connected), (platform.Stored.Ssid, station.State));
    }

    [Fact]
    public void A_join_that_got_no_address_has_not_worked_and_the_old_network_comes_back()
    {
        Provisioned();
        platform.Air["Büro"] = ("geheim-4711", -50);
        platform.NoAddresses = true;
        platform.WhileConnecting = () => platform.NoAddresses = platform.Connects.Count == 1;
        Assert.Equal(WifiState.Failed, Join("Büro", "geheim-4711"));
        Assert.Equal((House, WifiState.Connected), (platform.Stored.Ssid, station.State));
    }

    [Fact]
    public void Asking_in_each_step_for_the_state_looks_at_the_address_once_in_ten()
    {
        Provisioned();
        var before = platform.AddressReads;
        for (var step = 0; step < 100; step++)
        {
            Assert.Equal(WifiState.Connected, station.State);
        }

        Assert.InRange(platform.AddressReads - before, 1, 11);
        // The platform forgets to say it: seen all the same.
        platform.Disconnect();
        Assert.Contains(WifiState.Connecting, Enumerable.Range(0, 10).Select(_ => station.State));
    }

    [Fact]
    public void From_the_second_start_on_no_stranger_can_set_the_network()
    {
        Assert.True(station.NeedsRestart);
        Reboot();
        Assert.False(platform.ListensToStrangers);
        Assert.False(station.NeedsRestart);
        Reboot();
        Assert.Equal((1, WifiState.Unconfigured), (platform.Writes, station.State));
    }

    [Fact]
    public void A_chip_that_cannot_store_is_not_restarted_for_ever()
    {
        platform.FlashForgets = true;
        platform.Stored = ("", "", WifiPlatform.AutoConnect | WifiPlatform.SmartConfig);
        Start();
        Assert.False(station.NeedsRestart);
    }

    /// <summary>Expired authentications, lost beacons and refused associations come back as invalid credentials too.</summary>
    [Theory]
    [InlineData(-50, WifiState.WrongPassword)]
    [InlineData(-75, WifiState.WrongPassword)]
    [InlineData(-76, WifiState.Failed)]
    [InlineData(-90, WifiState.Failed)]
    public void The_password_is_wrong_only_where_the_network_is_near(int rssiDbm, WifiState told)
    {
        platform.Air[House] = (Password, rssiDbm);
        Assert.Equal(told, Join(House, "another-one"));
        Assert.Equal(told, station.State);
    }

    [Fact]
    public void Without_a_scan_nobody_knows_that_the_password_is_wrong()
    {
        platform.Air[House] = (Password, -50);
        platform.ScansGetLost = true;
        Assert.Equal(WifiState.Failed, Join(House, "another-one"));
        Assert.Equal(0, station.ScanCount);
    }

    [Theory]
    [InlineData(WifiConnectionStatus.NetworkNotAvailable)]
    [InlineData(WifiConnectionStatus.Timeout)]
    [InlineData(WifiConnectionStatus.InvalidCredential)]
    [InlineData(WifiConnectionStatus.UnspecifiedFailure)]
    public void An_address_wins_over_a_status(WifiConnectionStatus status)
    {
        platform.Air[House] = (Password, -50);
        platform.Says[House] = status;
        Assert.Equal(WifiState.Connected, Join(House, Password));
        Assert.Equal((WifiState.Connected, House), (station.State, platform.Stored.Ssid));
    }

    [Fact]
    public void A_first_network_that_comes_into_range_later_is_joined_and_kept()
    {
        Assert.Equal(WifiState.NotInRange, Join(House, Password));
        Assert.Equal("", platform.Stored.Ssid);
        platform.Appears(House, Password, -60);
        Assert.Equal(WifiState.Connected, station.State);
        station.Work();
        Assert.Equal(WifiState.Connected, station.LastJoin);
        Reboot();
        Assert.Equal(WifiState.Connected, station.State);
    }

    [Fact]
    public void A_scan_is_refused_while_the_station_joins_and_nobody_waits_for_the_adapters_lock()
    {
        platform.Air[House] = (Password, -50);
        var scan = true;
        platform.WhileConnecting = () => scan = station.StartScan();
        Join(House, Password);
        Assert.False(scan || platform.SomebodyWaitedForTheLock);
        platform.WhileConnecting = null;
        Assert.True(station.StartScan());
        Assert.Equal(-1, station.ScanCount);
        station.Work();
        Assert.Equal(1, station.ScanCount);
    }

    [Fact]
    public void A_screen_whose_network_is_gone_still_lists_the_others_and_goes_back_to_looking_for_its_own()
    {
        Provisioned();
        platform.Air.Remove(House);
        platform.Air["Büro"] = ("geheim-4711", -50);
        Reboot();
        Assert.Equal(WifiState.Connecting, station.State);
        Assert.True(station.StartScan());
        station.Work();
        station.GetNetwork(0, out var ssid, out _, out _);
        Assert.Equal((1, "Büro"), (station.ScanCount, ssid));
        platform.Appears(House, Password, -60);
        Assert.Equal(WifiState.Connected, station.State);
    }

    [Fact]
    public void A_list_that_has_become_shorter_does_not_end_the_step_loop()
    {
        station.GetNetwork(7, out var ssid, out _, out _);
        Assert.Equal("", ssid);
    }

    [Theory]
    [InlineData("a name of exactly thirty-two byte", Password)]
    [InlineData(House, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void What_the_platform_cannot_keep_is_not_tried(string ssid, string password)
    {
        platform.Air[ssid] = (password, -50);
        Assert.Equal(WifiState.Failed, Join(ssid, password));
        Assert.Empty(platform.Connects);
    }

    [Fact]
    public void A_network_that_cannot_be_saved_has_not_worked()
    {
        Provisioned();
        platform.Air["Büro"] = ("geheim-4711", -50);
        platform.FlashFault = new InvalidOperationException("flash");
        Assert.Equal(WifiState.Failed, Join("Büro", "geheim-4711"));
        Assert.Equal((House, WifiState.Connected), (platform.Stored.Ssid, station.State));
        (platform.FlashFault, platform.FlashForgets) = (null, true);
        Assert.Equal(WifiState.Failed, Join("Büro", "geheim-4711"));
    }

    [Fact]
    public void A_store_that_cannot_be_read_is_a_failure_and_no_silence()
    {
        platform.Air[House] = (Password, -50);
        platform.FlashIsGone = true;
        Assert.Equal(WifiState.Failed, Join(House, Password));
        platform.FlashIsGone = false;
        Assert.Equal(WifiState.Connected, Join(House, Password));
    }

    [Fact]
    public void Joining_the_same_network_again_does_not_write()
    {
        Provisioned();
        var writes = platform.Writes;
        Assert.Equal(WifiState.Connected, Join(House, Password));
        Assert.Equal(writes, platform.Writes);
    }

    private WifiState Join(string ssid, string password)
    {
        station.Connect(ssid, password);
        Assert.Equal((WifiState.Connecting, WifiState.Connecting), (station.LastJoin, station.State));
        station.Work();
        return station.LastJoin;
    }

    private void Provisioned()
    {
        platform.Air[House] = (Password, -50);
        Assert.Equal(WifiState.Connected, Join(House, Password));
        Reboot();
    }

    private void Reboot()
    {
        platform = platform.Boot();
        Start();
    }

    private void Start() => station = new WifiStation(0, 0);
}
