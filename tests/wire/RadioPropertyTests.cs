using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Wire;

public sealed class RadioPropertyTests
{
    [Fact]
    public void Every_confirmation_survives_the_way_there_and_back()
    {
        var buffer = new byte[2];
        for (var sequence = 0; sequence <= 65535; sequence++)
        {
            Assert.Equal(2, new AlarmConfirmationV1 { Sequence = sequence }.Encode(buffer));
            Assert.True(AlarmConfirmationV1.TryDecode(buffer, 2, out var back));
            Assert.Equal(sequence, back.Sequence);
        }
    }

    [Fact]
    public void Every_alarm_that_decodes_encodes_to_the_same_bytes()
    {
        var accepted = 0;
        for (var pair = 0; pair < 65536; pair++)
        {
            byte[] bytes = [(byte)(pair >> 8), (byte)(pair * 7), (byte)(pair * 13), (byte)pair];
            if (ShelterAlarmV1.TryDecode(bytes, 4, out var alarm))
            {
                var back = new byte[4];
                Assert.Equal(4, alarm.Encode(back));
                Assert.Equal(bytes, back);
                accepted++;
            }
        }

        // Three kinds without a value, two with 126, one with 251; the condition holds or not.
        Assert.Equal(2 * (3 + (2 * 126) + 251), accepted);
    }

    [Fact]
    public void Every_step_of_every_number_survives_the_way_there_and_back()
    {
        for (var tenths = -400; tenths <= 850; tenths++)
        {
            Assert.Equal(tenths * 10, Turn(new() { CentiCelsius = tenths * 10 }).CentiCelsius);
        }

        for (var ppm = 0; ppm <= 5000; ppm += 20)
        {
            Assert.Equal(ppm, Turn(new() { Co2Ppm = ppm }).Co2Ppm);
        }

        for (var permille = 0; permille <= 1000; permille += 10)
        {
            Assert.Equal(permille, Turn(new() { HumidityPermille = permille }).HumidityPermille);
        }

        for (var millivolts = 2000; millivolts <= 5000; millivolts += 50)
        {
            Assert.Equal(millivolts, Turn(new() { BatteryMillivolts = millivolts }).BatteryMillivolts);
        }

        for (var minutes = 0; minutes <= 4095; minutes++)
        {
            Assert.Equal(minutes, Turn(new() { AgeMinutes = minutes }).AgeMinutes);
        }
    }

    [Fact]
    public void Finer_readings_are_rounded_to_the_nearest_step()
    {
        for (var centi = -4000; centi <= 8500; centi++)
        {
            Assert.InRange(Turn(new() { CentiCelsius = centi }).CentiCelsius - centi, -5, 5);
        }

        for (var ppm = 0; ppm <= 5000; ppm++)
        {
            Assert.InRange(Turn(new() { Co2Ppm = ppm }).Co2Ppm - ppm, -10, 10);
        }

        for (var millivolts = 2000; millivolts <= 5000; millivolts++)
        {
            Assert.InRange(Turn(new() { BatteryMillivolts = millivolts }).BatteryMillivolts - millivolts, -25, 25);
        }

        Assert.Equal(2000, Turn(new() { BatteryMillivolts = 900 }).BatteryMillivolts);
        Assert.Equal(4095, Turn(new() { AgeMinutes = 100_000 }).AgeMinutes);
    }

    [Fact]
    public void A_field_out_of_range_is_not_encoded()
    {
        ShelterStatusV1[] wrong =
        [
            new() { Occupancy = (Occupancy)3 }, new() { Occupancy = (Occupancy)(-1) }, new() { Reason = (OccupancyReason)12 }, new() { Confidence = 4 },
            new() { Confidence = -1 }, new() { AgeMinutes = -1 }, new() { CentiCelsius = -4001 }, new() { CentiCelsius = 8501 }, new() { HumidityPermille = 1001 },
            new() { HumidityPermille = -2 }, new() { Co2Ppm = 5001 }, new() { Co2Ppm = -2 }, new() { BatteryMillivolts = 5001 }, new() { BatteryMillivolts = -2 },
        ];
        Assert.All(wrong, status => Assert.Equal(-1, status.Encode(new byte[8])));
        ShelterAlarmV1[] wrongAlarms =
        [
            new() { Kind = (AlarmKind)6 }, new() { Kind = (AlarmKind)(-1) }, new() { Sequence = 65536 }, new() { Sequence = -1 }, new() { Value = 1 },
            new() { Kind = AlarmKind.Cold, Value = -41 }, new() { Kind = AlarmKind.Heat, Value = 86 }, new() { Kind = AlarmKind.Co2, Value = 5001 },
        ];
        Assert.All(wrongAlarms, alarm => Assert.Equal(-1, alarm.Encode(new byte[4])));
        Assert.Equal(-1, new AlarmConfirmationV1 { Sequence = 65536 }.Encode(new byte[2]));
        Assert.Equal(-1, new ShelterStatusV1().Encode(new byte[7]));
        Assert.Equal(-1, new ShelterStatusV1().Encode(null!));
    }

    [Fact]
    public void Whatever_decodes_encodes_to_the_same_bytes_and_nothing_throws()
    {
        var gen = new Gen(20261121);
        var accepted = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = gen.Bytes(gen.Next(13));
            var length = gen.Chance(50) ? gen.Next(-2, 20) : bytes.Length;
            foreach (var port in new[] { 1, 2, 11 })
            {
                if (!TryRoundTrip(port, bytes, length, out var back))
                {
                    continue;
                }

                Assert.Equal(bytes[..length], back);
                accepted++;
            }
        }

        Assert.True(accepted > 1000, $"only {accepted} random payloads were accepted, the property says little");
    }

    private static bool TryRoundTrip(int port, byte[] bytes, int length, out byte[] back)
    {
        back = new byte[8];
        int written;
        switch (port)
        {
            case Ports.ShelterStatus:
                written = ShelterStatusV1.TryDecode(bytes, length, out var status) ? status.Encode(back) : 0;
                break;
            case Ports.ShelterAlarm:
                written = ShelterAlarmV1.TryDecode(bytes, length, out var alarm) ? alarm.Encode(back) : 0;
                break;
            default:
                written = AlarmConfirmationV1.TryDecode(bytes, length, out var confirmation) ? confirmation.Encode(back) : 0;
                break;
        }

        Assert.True(written >= 0, "an accepted payload was not encoded");
        back = back[..written];
        return written > 0;
    }

    private static ShelterStatusV1 Turn(ShelterStatusV1 status)
    {
        var buffer = new byte[8];
        Assert.Equal(8, status.Encode(buffer));
        Assert.True(ShelterStatusV1.TryDecode(buffer, 8, out var back));
        return back;
    }
}
