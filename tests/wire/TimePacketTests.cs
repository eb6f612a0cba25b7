using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Wire;

/// <summary>SNTP packets by their clauses in RFC 4330 §4 and RFC 5905 §7.3; bytes written by hand.</summary>
public sealed class TimePacketTests
{
    private const long Nonce = 0x0123456789ABCDEF;
    // 2026-11-28 00:00:00 UTC is 4004812800 s after 1900: EEB4 9800.
    private const long Midnight = 1_795_824_000_000;

    [Fact]
    public void A_request_is_version_4_client_with_nothing_but_the_nonce()
    {
        var packet = new byte[48];
        Array.Fill(packet, (byte)0xEE);
        TimePacket.WriteRequest(packet, Nonce);
        Assert.Equal("23" + new string('0', 78) + "0123456789abcdef", Convert.ToHexStringLower(packet));
    }

    [Fact]
    public void An_answer_by_hand_is_read_to_the_millisecond()
    {
        var packet = Answer("eeb49800", "80000000");
        Assert.True(TimePacket.TryReadAnswer(packet, 48, Nonce, out var unixMs));
        Assert.Equal(Midnight + 500, unixMs);
    }

    [Fact]
    public void After_2036_the_seconds_begin_again_and_are_read_on()
    {
        Assert.True(TimePacket.TryReadAnswer(Answer("00000001", "00000000"), 48, Nonce, out var unixMs));
        Assert.Equal(new DateTimeOffset(2036, 2, 7, 6, 28, 17, TimeSpan.Zero).ToUnixTimeMilliseconds(), unixMs);
    }

    [Fact]
    public void What_the_gateway_answers_is_the_standards_answer_to_that_request()
    {
        var packet = new byte[48];
        TimePacket.WriteRequest(packet, Nonce);
        packet[2] = 6;
        Assert.True(TimePacket.TryAnswer(packet, 48, Midnight, Midnight + 250));
        Assert.Equal("240a06f6" + "00000000" + "00010000" + "4c4f434c" + "eeb4980040000000" + "0123456789abcdef" + "eeb4980000000000" + "eeb4980040000000", Convert.ToHexStringLower(packet));
    }

    [Theory]
    [InlineData(0x24, 48)]
    [InlineData(0x25, 48)]
    [InlineData(0x26, 48)]
    [InlineData(0x13, 48)]
    [InlineData(0x2B, 48)]
    [InlineData(0x23, 47)]
    [InlineData(0x23, 0)]
    public void What_is_no_request_gets_no_answer(byte head, int length)
    {
        var packet = new byte[48];
        packet[0] = head;
        Assert.False(TimePacket.TryAnswer(packet, length, 0, 0));
    }

    [Fact]
    public void Times_of_the_next_seventy_years_come_back_over_the_seconds_end_in_2036()
    {
        for (var ms = Midnight; ms < Midnight + 2_200_000_000_000; ms += 86_400_000_017)
        {
            var packet = new byte[48];
            TimePacket.WriteRequest(packet, Nonce);
            TimePacket.TryAnswer(packet, 48, ms, ms);
            Assert.True(TimePacket.TryReadAnswer(packet, 48, Nonce, out var back));
            Assert.InRange(back, ms - 1, ms);
        }
    }

    private static byte[] Answer(string seconds, string fraction) => Convert.FromHexString(
        "1c0203e8" + "00000a00" + "00000b00" + "c0a80001" + "eeb497ff00000000" + "0123456789abcdef" + "eeb4980000000000" + seconds + fraction);
}
