using Quartier.Board;
using Quartier.Drivers;
using Xunit;

namespace Quartier.Tests.Drivers;

/// <summary>The part as the datasheet's examples show it: command words in, words with their CRC out.</summary>
public sealed class Scd41Tests
{
    private readonly RegisterMap part = new();

    [Fact]
    public void The_datasheets_measurement_is_read_as_500_ppm()
    {
        var sensor = new Scd41(part, 60000);
        Assert.Equal(ReadStatus.NotReady, sensor.Read(out _));
        Run(sensor, 10000);
        Assert.Equal(ReadStatus.Ok, sensor.Read(out var ppm));
        Assert.Equal(500, ppm);
        Assert.Equal("36E0", part.Commands[^1]);
    }

    [Fact]
    public void Self_calibration_is_switched_off_with_the_right_checksum_and_persisted_once()
    {
        part.SelfCalibration = true;
        var sensor = new Scd41(part, 60000);
        Run(sensor, 200000);
        Assert.Single(part.Commands, "2416000081");
        Assert.Single(part.Commands, "3615");
    }

    [Fact]
    public void A_part_without_self_calibration_is_not_written_to()
    {
        part.SelfCalibration = false;
        Run(new Scd41(part, 60000), 200000);
        Assert.DoesNotContain("3615", part.Commands);
    }

    [Fact]
    public void A_flipped_bit_is_a_bad_checksum()
    {
        part.Corrupt = true;
        var sensor = new Scd41(part, 60000);
        Run(sensor, 20000);
        Assert.Equal(ReadStatus.BadChecksum, sensor.Read(out _));
    }

    /// <summary>The board alone was reset while the part was powered down between two measurements.</summary>
    [Fact]
    public void A_part_that_slept_through_the_board_s_reset_is_given_its_time_to_wake()
    {
        part.WakesAfterMs = 30;
        var sensor = new Scd41(part, 60000);
        Run(sensor, 10000);
        Assert.Equal(ReadStatus.Ok, sensor.Read(out _));
    }

    [Fact]
    public void A_silent_part_says_so_and_is_asked_again_at_the_period()
    {
        part.Silent = true;
        var sensor = new Scd41(part, 60000);
        Run(sensor, 1000);
        Assert.Equal(ReadStatus.NoAcknowledge, sensor.Read(out _));
        part.Silent = false;
        Run(sensor, 80000);
        Assert.Equal(ReadStatus.Ok, sensor.Read(out _));
    }

    [Fact]
    public void A_reading_that_the_part_cannot_mean_is_out_of_range()
    {
        part.Measurement = [0, 0, 0x81, 0, 0, 0x81, 0, 0, 0x81];
        var sensor = new Scd41(part, 60000);
        Run(sensor, 20000);
        Assert.Equal(ReadStatus.OutOfRange, sensor.Read(out _));
    }

    private void Run(Scd41 sensor, long untilMs)
    {
        for (var now = clock; now <= clock + untilMs; now = Math.Max(now + 1, sensor.Step(now)))
        {
            part.Now = now;
        }

        clock += untilMs + 1;
    }

    private long clock;

    private sealed class RegisterMap : IRegisterBus
    {
        public readonly List<string> Commands = [];
        public bool SelfCalibration;
        public bool Corrupt;
        public bool Silent;
        public long Now;

        /// <summary>Null when the part is awake from the start.</summary>
        public long? WakesAfterMs;
        private long awakeFromMs = long.MaxValue;

        /// <summary>Datasheet, read_measurement: 500 ppm, 25 °C, 37 % with their checksums.</summary>
        public byte[] Measurement = [0x01, 0xF4, 0x33, 0x66, 0x67, 0xA2, 0x5E, 0xB9, 0x3C];

        public ReadStatus Write(byte[] buffer, int count)
        {
            var command = Convert.ToHexString(buffer, 0, count);
            Commands.Add(command);
            awakeFromMs = command == "36F6" ? Math.Min(awakeFromMs, Now + (WakesAfterMs ?? 0)) : awakeFromMs;
            if (WakesAfterMs is not null && Now < awakeFromMs)
            {
                return ReadStatus.NoAcknowledge;
            }

            SelfCalibration &= !command.StartsWith("2416", StringComparison.Ordinal);
            return Silent || command == "36F6" ? ReadStatus.NoAcknowledge : ReadStatus.Ok;
        }

        public ReadStatus Read(byte[] buffer, int count)
        {
            byte[] answer = Commands[^1] == "2313" ? SelfCalibration ? [0, 1, 0xB0] : [0, 0, 0x81] : [.. Measurement, .. new byte[9]];
            answer[1] ^= Corrupt && Commands[^1] == "EC05" ? (byte)4 : (byte)0;
            answer.AsSpan(0, count).CopyTo(buffer);
            return Silent ? ReadStatus.NoAcknowledge : ReadStatus.Ok;
        }
    }
}
