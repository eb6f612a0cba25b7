using Quartier.Board;
using Quartier.Kiosk;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Kiosk;

/// <summary>The screen's clock over a chip, a gateway and public servers that do as they are told; a step is 200 ms.</summary>
public sealed class ScreenClockTests
{
    private const long Floor = 1_795_900_000;
    private const long Truth = 1_796_000_000_000;
    private readonly Chip chip = new();
    private readonly Gateway gateway = new();
    private readonly Public others = new();
    private readonly ScreenClock clock;
    private long uptimeMs;

    public ScreenClockTests()
    {
        (gateway.Desk, others.Desk) = (this, this);
        clock = new ScreenClock(chip, gateway, others, Floor, 7);
    }

    [Fact]
    public void Before_anybody_has_answered_certificates_hold_and_nobody_is_shown_a_time()
    {
        gateway.Answers = false;
        Run(30_000);
        Assert.False(clock.TryGetUtc(out _));
        Assert.InRange(chip.UnixMs, Floor * 1000, (Floor * 1000) + 31_000);
    }

    [Fact]
    public void The_gateway_is_asked_first_and_the_public_servers_are_switched_off()
    {
        others.IsOn = true;
        Run(3_000);
        Assert.True(clock.TryGetUtc(out var now));
        Assert.InRange(now, (Truth / 1000) + 2, (Truth / 1000) + 3);
        Assert.False(others.IsOn);
        Run(10_000_000);
        Assert.InRange(gateway.Asked, 3, 4);
        Assert.Equal(0, others.SwitchedOn);
    }

    [Fact]
    public void The_public_servers_come_second_and_a_clock_that_they_have_set_is_believed()
    {
        gateway.Answers = false;
        Run(59_000);
        Assert.Equal(0, others.SwitchedOn);
        others.Answers = true;
        Run(5_000);
        Assert.Equal((1, true), (others.SwitchedOn, clock.TryGetUtc(out var now)));
        Assert.InRange(now, (Truth / 1000) + 60, (Truth / 1000) + 65);
        gateway.Answers = true;
        Run(3_600_000);
        Assert.False(others.IsOn);
    }

    [Fact]
    public void A_clock_that_only_runs_is_not_believed_however_long()
    {
        (gateway.Answers, chip.DriftPpm) = (false, 50);
        Run(86_400_000);
        Assert.False(clock.TryGetUtc(out _));
    }

    [Fact]
    public void A_silent_gateway_is_asked_ever_less_often_and_afresh_when_the_network_comes_back()
    {
        gateway.Answers = false;
        Run(3_600_000);
        Assert.InRange(gateway.Asked, 8, 14);
        Step(false);
        gateway.Answers = true;
        Run(1_000);
        Assert.True(clock.TryGetUtc(out _));
    }

    [Theory]
    [InlineData("another nonce")]
    [InlineData("a request")]
    [InlineData("not synchronised")]
    [InlineData("kiss of death")]
    [InlineData("short")]
    public void What_is_no_answer_to_this_request_sets_nothing(string what)
    {
        gateway.Spoils = what;
        Run(10_000);
        Assert.False(clock.TryGetUtc(out _));
    }

    private void Run(long forMs)
    {
        for (var end = uptimeMs + forMs; uptimeMs < end;)
        {
            Step(true);
        }
    }

    private void Step(bool hasNetwork)
    {
        uptimeMs += 200;
        chip.UptimeMs = uptimeMs;
        others.Work();
        clock.Step(uptimeMs, hasNetwork);
    }

    private sealed class Chip : ISystemTime
    {
        private long setToMs;
        private long setAtMs;

        public long UptimeMs { get; set; }

        public long DriftPpm { get; set; }

        public long UnixMs => setToMs + ((UptimeMs - setAtMs) * (1_000_000 + DriftPpm) / 1_000_000);

        public void Set(long unixMs) => (setToMs, setAtMs) = (unixMs, UptimeMs);
    }

    private sealed class Gateway : ITimeLine
    {
        private byte[] answer = [];

        public ScreenClockTests Desk { get; set; } = null!;

        public bool Answers { get; set; } = true;

        public string Spoils { get; set; } = "";

        public int Asked { get; private set; }

        public bool Send(byte[] packet, int length)
        {
            Asked++;
            answer = [];
            if (Answers)
            {
                var now = Truth + Desk.uptimeMs;
                answer = packet[..length];
                TimePacket.TryAnswer(answer, length, now, now);
                Spoil();
            }

            return true;
        }

        public int Receive(byte[] buffer)
        {
            answer.CopyTo(buffer, 0);
            var length = answer.Length;
            answer = [];
            return length;
        }

        private void Spoil()
        {
            switch (Spoils)
            {
                case "another nonce":
                    answer[31] ^= 1;
                    break;
                case "a request":
                    answer[0] = 0x23;
                    break;
                case "not synchronised":
                    answer[0] |= 0xC0;
                    break;
                case "kiss of death":
                    answer[1] = 0;
                    break;
                case "short":
                    answer = answer[..47];
                    break;
            }
        }
    }

    private sealed class Public : IPublicTime
    {
        public ScreenClockTests Desk { get; set; } = null!;

        public bool Answers { get; set; }

        public bool IsOn { get; set; }

        public int SwitchedOn { get; private set; }

        public void Switch(bool on)
        {
            IsOn = on;
            SwitchedOn += on ? 1 : 0;
        }

        public void Work()
        {
            if (IsOn && Answers)
            {
                Desk.chip.Set(Truth + Desk.uptimeMs);
            }
        }
    }
}
