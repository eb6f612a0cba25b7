using System.Text.Json;
using Quartier.Board;
using Quartier.Drivers;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Drivers;

public sealed class Rak3172Tests
{
    private readonly ScriptedLine line = new();
    private readonly Rak3172 modem;
    private readonly byte[] received = new byte[51];
    private long now = 1000;

    public Rak3172Tests() => modem = new Rak3172(line, "70B3D57ED0000001", "0000000000000000", "000102030405060708090A0B0C0D0E0F");

    [Fact]
    public void Keys_and_region_are_written_one_command_at_a_time_before_the_join()
    {
        var written = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            modem.Step(now);
            written.Add(line.TakeWritten());
            line.Say("\r\nOK\r\n");
        }

        Assert.Equal(
            ["AT", "AT+NWM=1", "AT+NJM=1", "AT+CLASS=A", "AT+BAND=4", "AT+DEVEUI=70B3D57ED0000001", "AT+APPEUI=0000000000000000", "AT+APPKEY=000102030405060708090A0B0C0D0E0F", "AT+CFM=0", "AT+JOIN=1:0:10:0"],
            written.Select(command => command.TrimEnd()));
    }

    [Fact]
    public void A_joined_module_sends_and_is_ready_again_when_the_uplink_is_done()
    {
        Join();
        Assert.Equal(SendStatus.Accepted, modem.Send(10, [0x0A, 0x1B], 2, confirmed: false));
        Assert.Equal("AT+SEND=10:0A1B\r\n", line.TakeWritten());
        Assert.Equal(ModemState.Busy, Hear("OK\r\n"));
        Assert.Equal(SendStatus.Busy, modem.Send(10, [1], 1, confirmed: false));
        Assert.Equal(ModemState.Ready, Hear("+EVT:TX_DONE\r\n"));
    }

    [Fact]
    public void A_confirmed_frame_switches_the_module_first_and_once()
    {
        Join();
        modem.Send(2, [0], 1, confirmed: true);
        Assert.Equal("AT+CFM=1\r\n", line.TakeWritten());
        Hear("OK\r\n");
        Assert.Equal("AT+SEND=2:00\r\n", line.TakeWritten());
        Hear("OK\r\n+EVT:SEND_CONFIRMED_OK\r\n");
        modem.Send(2, [1], 1, confirmed: true);
        Assert.Equal("AT+SEND=2:01\r\n", line.TakeWritten());
    }

    [Fact]
    public void A_join_from_before_the_keys_were_written_does_not_count()
    {
        for (var i = 0; i < 5; i++)
        {
            modem.Step(now);
            line.Say("OK\r\n");
        }

        line.TakeWritten();
        Assert.Equal(ModemState.Joining, Hear("+EVT:JOINED\r\n"));
        Assert.StartsWith("AT+DEVEUI=", line.TakeWritten(), StringComparison.Ordinal);
        for (var i = 0; i < 4; i++)
        {
            Hear("OK\r\n");
        }

        Assert.EndsWith("AT+JOIN=1:0:10:0\r\n", line.TakeWritten(), StringComparison.Ordinal);
        Assert.Equal(ModemState.Ready, Hear("+EVT:JOINED\r\n"));
    }

    [Fact]
    public void A_downlink_is_taken_once()
    {
        Join();
        modem.Send(10, [0x0A, 0x1B], 2, confirmed: false);
        Hear("OK\r\n+EVT:RX_1:-47:3:UNICAST:15:beef\r\n+EVT:TX_DONE\r\n");
        Assert.True(modem.TryReceive(received, out var port, out var length));
        Assert.Equal((15, 2, (byte)0xBE, (byte)0xEF), (port, length, received[0], received[1]));
        Assert.False(modem.TryReceive(received, out _, out _));
    }

    [Fact]
    public void A_refused_frame_is_offered_three_times_and_then_left_to_its_owner()
    {
        Join();
        modem.Send(2, [7], 1, confirmed: false);
        for (var offer = 1; offer <= 3; offer++)
        {
            Assert.Equal("AT+SEND=2:07\r\n", line.TakeWritten());
            Hear("AT_DUTYCYCLE_RESTRICTED\r\n");
            now += 5000 * offer;
            modem.Step(now);
        }

        Assert.Equal("", line.TakeWritten());
        Assert.Equal(ModemState.Ready, modem.Step(now));
    }

    [Fact]
    public void A_failed_join_is_tried_again_after_a_doubling_pause()
    {
        Configure();
        Hear("+EVT:JOIN_FAILED_RX_TIMEOUT\r\n+EVT:JOIN_FAILED_RX_TIMEOUT\r\n");
        now += 14999;
        modem.Step(now);
        Assert.Equal("", line.TakeWritten());
        now += 1;
        modem.Step(now);
        Assert.Equal("AT+JOIN=1:0:10:0\r\n", line.TakeWritten());
        Hear("+EVT:JOIN_FAILED_RX_TIMEOUT\r\n");
        now += 29999;
        modem.Step(now);
        Assert.Equal("", line.TakeWritten());
    }

    [Fact]
    public void Three_silences_in_a_row_are_a_failed_module()
    {
        modem.Step(now);
        for (var i = 0; i < 3; i++)
        {
            now += 3000;
            modem.Step(now);
        }

        Assert.Equal(ModemState.Failed, modem.Step(now));
        Assert.Equal(ModemState.Joining, Hear("OK\r\n"));
    }

    [Fact]
    public void Noise_and_lines_without_end_change_nothing()
    {
        Join();
        var gen = new Gen(20261121);
        for (var i = 0; i < 2000; i++)
        {
            line.Say(System.Text.Encoding.Latin1.GetString(gen.Bytes(gen.Next(300)).Where(b => b != '+' && b != 'A' && b != 'L' && b != 'C').ToArray()));
            Assert.Equal(ModemState.Ready, modem.Step(now));
        }

        modem.Send(3, [1], 1, confirmed: false);
        Assert.Equal("AT+SEND=3:01\r\n", line.TakeWritten());
    }

    public static TheoryData<string> Transcripts()
    {
        var rows = new TheoryData<string>();
        if (SharedData.Root is not null)
        {
            foreach (var transcript in Read().Where(t => t.GetProperty("modem").GetString() == "rak3172"))
            {
                rows.Add(transcript.GetProperty("name").GetString()!);
            }
        }

        return rows;
    }

    [SharedDataTheory]
    [MemberData(nameof(Transcripts))]
    public void A_vendor_dialogue_is_understood(string name)
    {
        var lines = Read().Single(t => t.GetProperty("modem").GetString() == "rak3172" && t.GetProperty("name").GetString() == name).GetProperty("lines");
        var joins = lines.EnumerateArray().Any(l => l.GetProperty("text").GetString()!.Contains("JOIN", StringComparison.Ordinal) || l.GetProperty("text").GetString()!.Contains("JO", StringComparison.Ordinal));
        if (joins)
        {
            Configure();
        }
        else
        {
            Join();
        }

        if (lines.EnumerateArray().Any(l => l.GetProperty("text").GetString()!.StartsWith("AT+SEND", StringComparison.Ordinal)))
        {
            modem.Send(10, [0x0A, 0x1B], 2, confirmed: false);
        }

        foreach (var said in lines.EnumerateArray().Where(l => l.GetProperty("dir").GetString() == "<" && l.GetProperty("text").GetString() is { } text && !(text.Trim() == "OK" && joins)))
        {
            line.Say(said.GetProperty("text").GetString()!);
            modem.Step(now);
        }

        var expected = name switch
        {
            "join_ok" or "fragmented_lines" => ModemState.Ready,
            "join_fail" or "spontaneous_reset" or "send_not_joined" => ModemState.Joining,
            "send_busy" => ModemState.Busy,
            _ => ModemState.Ready,
        };
        Assert.Equal(expected, modem.Step(now));
        Assert.Equal(name == "send_with_downlink", modem.TryReceive(received, out _, out _));
    }

    private static IEnumerable<JsonElement> Read() =>
        JsonDocument.Parse(File.ReadAllText(SharedData.PathTo("modem", "transcripts.json"))).RootElement.GetProperty("transcripts").EnumerateArray();

    private ModemState Hear(string text)
    {
        line.Say(text);
        return modem.Step(now);
    }

    private void Configure()
    {
        modem.Step(now);
        for (var i = 0; i < 10; i++)
        {
            Hear("OK\r\n");
        }

        line.TakeWritten();
    }

    private void Join()
    {
        Configure();
        Assert.Equal(ModemState.Ready, Hear("+EVT:JOINED\r\n"));
    }
}
