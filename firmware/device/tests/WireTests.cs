using nanoFramework.TestFramework;
using Quartier.Wire;

namespace Quartier.Device.Tests
{
    /// <summary>The bytes, on the chip itself: what the desktop's vectors say must also come out of the interpreter.
    /// Expected bytes are rows of firmware/wire/vectors.</summary>
    [TestClass]
    public class WireTests
    {
        [TestMethod]
        public void Crc_of_the_nine_digits_is_the_check_value()
        {
            byte[] digits = new byte[] { 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39 };
            Assert.AreEqual(0xCBF43926U, Crc32.Of(digits, 0, 9));
        }

        [TestMethod]
        public void A_locked_pod_packs_into_its_eight_bytes()
        {
            ShelterStatusV1 status = new ShelterStatusV1
            {
                Occupancy = Occupancy.Occupied,
                Reason = OccupancyReason.Locked,
                Confidence = 3,
                Locked = true,
                Moved = true,
                AgeMinutes = 3,
                CentiCelsius = 790,
                HumidityPermille = 640,
                Co2Ppm = 680,
                BatteryMillivolts = 3550,
            };
            byte[] buffer = new byte[ShelterStatusV1.Bytes];
            Assert.AreEqual(8, status.Encode(buffer));
            AssertHex("476000033bf01f22", buffer, 8);
        }

        [TestMethod]
        public void Unknown_values_come_back_as_unknown()
        {
            ShelterStatusV1 status;
            Assert.IsTrue(ShelterStatusV1.TryDecode(Bytes("a400ffffffffffff"), 8, out status));
            Assert.AreEqual(ShelterStatusV1.CelsiusUnknown, status.CentiCelsius);
            Assert.AreEqual(ShelterStatusV1.Co2Unknown, status.Co2Ppm);
            Assert.AreEqual(ShelterStatusV1.BatteryUnknown, status.BatteryMillivolts);
            Assert.AreEqual(4095, status.AgeMinutes);
        }

        [TestMethod]
        public void Reserved_bits_and_wrong_lengths_are_refused()
        {
            ShelterStatusV1 status;
            Assert.IsFalse(ShelterStatusV1.TryDecode(Bytes("1f01000032000000"), 8, out status));
            Assert.IsFalse(ShelterStatusV1.TryDecode(Bytes("1f00000064218c"), 7, out status));
        }

        [TestMethod]
        public void A_cold_alarm_keeps_its_negative_value()
        {
            ShelterAlarmV1 alarm;
            Assert.IsTrue(ShelterAlarmV1.TryDecode(Bytes("50123421"), 4, out alarm));
            Assert.AreEqual(-7, alarm.Value);
            Assert.AreEqual(4660, alarm.Sequence);
            byte[] buffer = new byte[ShelterAlarmV1.Bytes];
            Assert.AreEqual(4, alarm.Encode(buffer));
            AssertHex("50123421", buffer, 4);
        }

        [TestMethod]
        public void Numbers_of_RFC_8949_appendix_A_are_written_as_there()
        {
            byte[] buffer = new byte[16];
            CborWriter writer = new CborWriter(buffer);
            writer.WriteUnsigned(18446744073709551615UL);
            AssertHex("1bffffffffffffffff", buffer, writer.Length);
            writer.Reset(buffer);
            writer.WriteInt(-1000);
            AssertHex("3903e7", buffer, writer.Length);
        }

        [TestMethod]
        public void A_number_that_is_longer_than_it_must_be_is_refused()
        {
            CborReader reader = new CborReader(Bytes("1817"), 2);
            ulong value;
            Assert.IsFalse(reader.TryReadUnsigned(out value));
        }

        [TestMethod]
        public void The_last_will_is_a_text_without_NUL()
        {
            byte[] buffer = new byte[16];
            int length = new ScreenPresence { Online = false }.Encode(buffer);
            AssertHex("676f66666c696e65", buffer, length);
        }

        [TestMethod]
        public void A_topic_is_taken_apart_and_put_together()
        {
            string device;
            string leaf;
            Assert.IsTrue(ScreenTopics.TryParse("quartier/v1/eselsberg-1/manifest", out device, out leaf));
            Assert.AreEqual("eselsberg-1", device);
            Assert.AreEqual("quartier/v1/eselsberg-1/manifest", ScreenTopics.Build(device, leaf));
            Assert.IsFalse(ScreenTopics.TryParse("quartier/v1/Eselsberg/manifest", out device, out leaf));
        }

        private static void AssertHex(string expected, byte[] buffer, int length)
        {
            Assert.AreEqual(expected.Length / 2, length);
            byte[] bytes = Bytes(expected);
            for (int i = 0; i < length; i++)
            {
                Assert.AreEqual(bytes[i], buffer[i]);
            }
        }

        private static byte[] Bytes(string hex)
        {
            char[] digits = hex.ToCharArray();
            byte[] bytes = new byte[digits.Length / 2];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)((Value(digits[i * 2]) * 16) + Value(digits[(i * 2) + 1]));
            }

            return bytes;
        }

        private static int Value(char digit)
        {
            return digit <= '9' ? digit - '0' : digit - 'a' + 10;
        }
    }
}
