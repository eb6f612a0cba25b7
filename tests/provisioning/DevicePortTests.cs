using Quartier.Provision;
using Quartier.Simulator.Boards;
using Xunit;

namespace Quartier.Tests.Provisioning;

/// <summary>The port that the tool opens, over a pseudo-terminal.</summary>
public sealed class DevicePortTests
{
    [Fact]
    public void Every_byte_passes_as_it_is()
    {
        using var line = new PtyLine();
        using var port = DevicePort.Open(line.Path);
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        Assert.True(port.Write(all, 10_000));
        var there = new byte[256];
        for (var at = 0; at < 256;)
        {
            at += line.Read(there, at, 256 - at);
        }

        Assert.Equal(all, there);
        Assert.Equal(256, line.Write(all, 0, 256));
        var back = new List<byte>();
        var chunk = new byte[100];
        while (back.Count < 256)
        {
            var taken = port.Read(chunk, 10_000);
            Assert.True(taken > 0, $"{back.Count} bytes, then {taken}");
            back.AddRange(chunk[..taken]);
        }

        Assert.Equal(all, back);
    }

    /// <summary>Goal: a cable that is pulled in a pause is noticed at the next request, and the tool ends. A second request to
    /// System.IO.Ports after the hang-up would time out, and closing would wait for it for good.</summary>
    [Fact]
    public async Task A_cable_pulled_in_a_pause_is_noticed_and_the_port_still_closes()
    {
        using var line = new PtyLine();
        var port = DevicePort.Open(line.Path);
        Assert.Equal(0, port.Read(new byte[8], 1));
        Assert.True(port.Write("x"u8, 10_000));
        line.Dispose();
        Assert.Equal(-1, port.Read(new byte[8], 60_000));
        Assert.False(port.Write("x"u8, 1_000));
        Assert.Equal(-1, port.Read(new byte[8], 1_000));
        await Task.Run(port.Dispose).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_line_that_takes_nothing_is_given_up_in_time()
    {
        using var line = new PtyLine();
        using var port = DevicePort.Open(line.Path);
        var written = 0;
        while (port.Write(new byte[4096], 200))
        {
            Assert.True(++written < 1_000);
        }

        Assert.True(written > 0);
    }

    [Fact]
    public void A_port_is_held_by_one_and_free_again_when_that_one_closes_it()
    {
        using var line = new PtyLine();
        using (DevicePort.Open(line.Path))
        {
            Assert.Contains("is busy", Refusal(line.Path).Reason);
        }

        DevicePort.Open(line.Path).Dispose();
    }

    [Fact]
    public void What_is_no_port_says_which_it_is()
    {
        Assert.Contains("does not exist", Refusal("/dev/does-not-exist").Reason);
        Assert.Contains("is not a serial port", Refusal("/dev/null").Reason);
        Assert.Contains("directory", Refusal("/dev").Reason);
    }

    [Theory]
    [InlineData("/dev/ttyUSB0", true)]
    [InlineData("/dev/ttyACM1", true)]
    [InlineData("/dev/ttyS0", false)]
    [InlineData("/dev/cu.usbserial-110", true)]
    [InlineData("/dev/cu.Bluetooth-Incoming-Port", false)]
    [InlineData("/dev/tty.usbserial-110", false)]
    [InlineData("COM3", true)]
    public void The_ports_that_are_named_are_those_that_a_device_may_hang_on(string name, bool expected) =>
        Assert.Equal(expected, DevicePort.IsForDevices(name));

    private static ProvisionProblem Refusal(string name) => Assert.Throws<ProvisionProblem>(() => DevicePort.Open(name));
}
