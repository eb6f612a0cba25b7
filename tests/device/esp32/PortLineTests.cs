using System.IO.Ports;
using Quartier.Device;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Device.Esp32;

[Collection(nameof(OnOneBoard))]
public sealed class PortLineTests
{
    private const int Baud = 115200;

    public PortLineTests() => Platform.PowerOn();

    [Fact]
    public void Frames_that_arrive_while_a_step_is_long_are_whole()
    {
        var line = new PortLine("COM2", Baud);
        var frames = Enumerable.Range(0, 2 * PortFrames.FrameBytesMax).Select(i => (byte)(i * 31)).ToArray();
        SerialPort.At("COM2").Arrive(frames);
        var got = new byte[frames.Length];
        Assert.Equal(frames.Length, line.Read(got, 0, got.Length));
        Assert.Equal(frames, got);
    }

    [Fact]
    public void A_byte_that_arrives_ends_the_sleep_of_the_step_loop()
    {
        _ = new PortLine("COM2", Baud);
        // Other suites' threads may wake the one loop; a full sleep is seen soon.
        Assert.Contains(200, Enumerable.Range(0, 20).Select(_ => SleepAfterAStep(() => { })));
        Assert.Equal(0, SleepAfterAStep(() => SerialPort.At("COM2").Arrive([1])));
    }

    [Fact]
    public void A_write_that_times_out_has_been_taken_and_is_sent_once()
    {
        var line = new PortLine("COM2", Baud);
        var port = SerialPort.At("COM2");
        byte[] frame = [1, 2, 3, 4];
        port.Slow = true;
        var offered = 0;
        for (var round = 0; round < 10 && offered < frame.Length; round++)
        {
            offered += line.Write(frame, offered, frame.Length - offered);
            port.Drain();
            Platform.Advance(50);
        }

        Assert.Equal(frame, port.Sent);
    }

    /// <summary>The driver reads from the array it was given for as long as it sends.</summary>
    [Fact]
    public void What_is_written_next_does_not_change_what_is_still_leaving()
    {
        var line = new PortLine("COM2", Baud);
        var port = SerialPort.At("COM2");
        var frame = Enumerable.Repeat((byte)7, PortFrames.FrameBytesMax).ToArray();
        port.Slow = true;
        Assert.Equal(frame.Length, line.Write(frame, 0, frame.Length));
        Array.Fill(frame, (byte)9);
        Assert.Equal(0, line.Write(frame, 0, frame.Length));
        port.Drain();
        Platform.Advance(60);
        Assert.Equal(frame.Length, line.Write(frame, 0, frame.Length));
        Assert.Equal([.. Enumerable.Repeat((byte)7, frame.Length), .. frame], port.Sent);
    }

    [Fact]
    public void A_port_that_does_not_open_is_a_silent_line()
    {
        SerialPort.Refused.Add("COM3");
        var line = new PortLine("COM3", Baud);
        Assert.Equal((0, 0), (line.Read(new byte[8], 0, 8), line.Write(new byte[8], 0, 8)));
    }

    /// <summary>How long the loop sleeps after a step that has nothing to do for a minute. The step before takes what woke it earlier.</summary>
    private static int SleepAfterAStep(Action during)
    {
        var ran = new List<long>();
        Assert.Throws<OperationCanceledException>(() => StepLoop.Run(uptimeMs =>
        {
            ran.Add(uptimeMs);
            if (ran.Count == 3)
            {
                throw new OperationCanceledException();
            }

            if (ran.Count == 2)
            {
                during();
            }

            return uptimeMs + 60000;
        }));
        return (int)(ran[2] - ran[1]);
    }
}
