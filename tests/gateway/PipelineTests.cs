using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Ingest;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>Outcomes and reasons of the pipeline, on vectors of our own.</summary>
public sealed class PipelineTests : IDisposable
{
    private static readonly Instant Now = TestStore.Evening;
    private readonly TestStore store = new();

    public PipelineTests() =>
        store.Database.Write(db => RegistryTable.Add(db, Device.New(Uplink.Pod, DeviceKind.Shelter, "Karlsplatz", "", "Mitte", Now)));

    public void Dispose() => store.Dispose();

    [Fact]
    public void A_stranger_is_refused_and_listed_for_staff()
    {
        var verdict = store.Accept(Uplink.Status(Uplink.Free(), 1, Now, device: "70b3d57ed00000ff"));
        Assert.Equal((Outcome.Refused, RefusalReason.UnknownDevice), (verdict.Outcome, verdict.Reason));
        Assert.Equal("70b3d57ed00000ff", Assert.Single(store.Database.Read(RegistryTable.Strangers)).Id);
        Assert.Equal("unknown-device", Assert.Single(store.Database.Read(db => RefusalsTable.Latest(db, 5))).Reason);
    }

    [Fact]
    public void An_admitted_stranger_that_speaks_our_language_becomes_a_shelter()
    {
        Assert.Equal(Outcome.Recorded, store.Accept(Uplink.Status(Uplink.Free(), 1, Now, device: "70b3d57ed00000ff"), admitUnknown: true).Outcome);
        Assert.Equal(DeviceKind.Shelter, store.Database.Read(db => RegistryTable.Find(db, "70b3d57ed00000ff"))!.Kind);
    }

    [Fact]
    public void A_foreign_sensors_payload_is_recorded_and_not_read()
    {
        store.Database.Write(db => RegistryTable.Add(db, Device.New("0101010101010101", DeviceKind.Sensor, "Regen", "", "", Now)));
        var verdict = store.Accept(Uplink.Envelope(Uplink.Event("0101010101010101", 1, [0xaa], 1), Now));
        Assert.Equal(Outcome.Recorded, verdict.Outcome);
        Assert.False(verdict.Fields!.ContainsKey("payload"));
    }

    [Fact]
    public void A_revoked_device_is_refused()
    {
        store.Database.Write(db => RegistryTable.Revoke(db, Uplink.Pod));
        Assert.Equal(RefusalReason.RevokedDevice, store.Accept(Uplink.Status(Uplink.Free(), 1, Now)).Reason);
    }

    [Theory]
    [InlineData(1, "00", RefusalReason.InvalidPayload)]
    [InlineData(1, "ffffffffffffffff", RefusalReason.InvalidPayload)]
    [InlineData(2, "ffffffff", RefusalReason.InvalidPayload)]
    [InlineData(7, "00", RefusalReason.UnknownPort)]
    public void A_shelters_frame_that_is_none_is_refused(int port, string hex, RefusalReason reason)
    {
        var verdict = store.Accept(Uplink.Envelope(Uplink.Event(Uplink.Pod, port, Convert.FromHexString(hex), 1), Now));
        Assert.Equal((Outcome.Refused, reason), (verdict.Outcome, verdict.Reason));
    }

    [Theory]
    [InlineData("", RefusalReason.InvalidJson)]
    [InlineData("null", RefusalReason.InvalidField)]
    [InlineData("[]", RefusalReason.InvalidField)]
    [InlineData("{", RefusalReason.InvalidJson)]
    [InlineData("{}", RefusalReason.MissingDevice)]
    [InlineData("""{"deviceInfo":{"devEui":"xyz"}}""", RefusalReason.InvalidDevice)]
    [InlineData("""{"deviceInfo":{"devEui":17}}""", RefusalReason.InvalidField)]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000002"}}""", RefusalReason.DeviceMismatch)]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"fPort":300}""", RefusalReason.InvalidField)]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"fCnt":-1}""", RefusalReason.InvalidField)]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"fCnt":1.5}""", RefusalReason.InvalidField)]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"fCnt":4294967296}""", RefusalReason.InvalidField)]
    [InlineData("""{"deviceInfo":{"devEui":"70b3d57ed0000001"},"data":"A A="}""", RefusalReason.InvalidBase64)]
    public void A_broken_event_is_refused_with_the_reason(string json, RefusalReason reason)
    {
        var verdict = store.Accept(new Envelope(Uplink.Topic(Uplink.Pod), Encoding.UTF8.GetBytes(json), "test", Now));
        Assert.Equal((Outcome.Refused, reason), (verdict.Outcome, verdict.Reason));
        Assert.NotEmpty(verdict.Detail!);
    }

    [Theory]
    [InlineData("somewhere/else", Outcome.Refused, RefusalReason.UnknownTopic)]
    [InlineData("application/a/device/70b3d57ed0000001/event/dance", Outcome.Refused, RefusalReason.UnknownEvent)]
    [InlineData("application/a/device/70b3d57ed0000001/command/down", Outcome.Ignored, null)]
    [InlineData("quartier/v1/eselsberg-1/manifest", Outcome.Ignored, null)]
    [InlineData("quartier/v1/eselsberg-1/dance", Outcome.Refused, RefusalReason.UnknownTopic)]
    [InlineData("quartier/v1/Eselsberg/hello", Outcome.Refused, RefusalReason.InvalidDevice)]
    [InlineData("quartier/v1/eselsberg-1/hello", Outcome.Refused, RefusalReason.UnknownDevice)]
    public void A_topic_decides_the_way(string topic, Outcome outcome, RefusalReason? reason)
    {
        var verdict = store.Accept(new Envelope(topic, [0x00], "test", Now));
        Assert.Equal((outcome, reason), (verdict.Outcome, verdict.Reason));
    }

    [Fact]
    public void A_message_beyond_the_limit_is_refused_unread()
    {
        Assert.Equal(RefusalReason.TooLarge, store.Accept(new Envelope(Uplink.Topic(Uplink.Pod), new byte[70_000], "test", Now)).Reason);
        Assert.Equal(RefusalReason.TooLarge, store.Accept(new Envelope("quartier/v1/a/usage", new byte[5_000], "test", Now)).Reason);
    }

    [Fact]
    public void A_prefix_in_front_of_the_topics_is_a_setting()
    {
        var envelope = Uplink.Status(Uplink.Free(), 1, Now);
        Assert.Equal(RefusalReason.UnknownTopic, store.Accept(envelope with { Topic = "eu868/" + envelope.Topic }).Reason);
        Assert.Equal(Outcome.Recorded, store.Accept(envelope with { Topic = "eu868/" + envelope.Topic }, prefix: "eu868").Outcome);
    }

    [Fact]
    public void Without_an_id_the_frame_counter_tells_a_redelivery()
    {
        JsonObject Bare(int counter)
        {
            var json = Uplink.Event(Uplink.Pod, 1, Frame(Uplink.Free()), counter);
            json.Remove("deduplicationId");
            return json;
        }

        Assert.Equal(Outcome.Recorded, store.Accept(Uplink.Envelope(Bare(5), Now)).Outcome);
        Assert.Equal(Outcome.Duplicate, store.Accept(Uplink.Envelope(Bare(5), Now)).Outcome);
        Assert.Equal(Outcome.Recorded, store.Accept(Uplink.Envelope(Bare(6), Now)).Outcome);
    }

    [Fact]
    public void The_same_frame_under_another_id_is_one()
    {
        var first = Uplink.Event(Uplink.Pod, 1, Frame(Uplink.Free()), 5);
        var second = first.DeepClone();
        second["deduplicationId"] = "00000000-0000-4000-8000-00000000ffff";
        Assert.Equal(Outcome.Recorded, store.Accept(Uplink.Envelope(first, Now)).Outcome);
        Assert.Equal(Outcome.Duplicate, store.Accept(Uplink.Envelope(second, Now)).Outcome);
    }

    [Theory]
    [InlineData("fPort", "2")]
    [InlineData("data", "\"EAAIAA==\"")]
    [InlineData("fCnt", "6")]
    [InlineData("devAddr", "\"01a2b3c5\"")]
    public void Frames_that_differ_in_anything_are_two(string field, string value)
    {
        // Under one id, as a board does that was reset and counts from the beginning behind a server that lets it.
        byte[] alike = [0x10, 0, 7, 0];
        store.Database.Write(db => RegistryTable.Add(db, Device.New("0101010101010101", DeviceKind.Sensor, "Regen", "", "", Now)));
        var first = Uplink.Event("0101010101010101", 1, alike, 5);
        var second = first.DeepClone();
        second[field] = JsonNode.Parse(value);
        Assert.Equal(Outcome.Recorded, store.Accept(Uplink.Envelope(first, Now)).Outcome);
        Assert.Equal(Outcome.Recorded, store.Accept(Uplink.Envelope(second, Now)).Outcome);
    }

    [Fact]
    public void Frames_without_a_number_are_told_apart_by_the_servers_id()
    {
        JsonObject Bare(int id)
        {
            var json = Uplink.Event(Uplink.Pod, 1, Frame(Uplink.Free()), id);
            json.Remove("fCnt");
            return json;
        }

        Assert.Equal(Outcome.Recorded, store.Accept(Uplink.Envelope(Bare(1), Now)).Outcome);
        Assert.Equal(Outcome.Recorded, store.Accept(Uplink.Envelope(Bare(2), Now)).Outcome);
        Assert.Equal(Outcome.Duplicate, store.Accept(Uplink.Envelope(Bare(2), Now)).Outcome);
    }

    [Fact]
    public void A_screen_may_not_speak_as_a_sensor_nor_a_sensor_as_a_screen()
    {
        store.Database.Write(db => RegistryTable.Add(db, Device.New("0101010101010101", DeviceKind.Screen, "s", "", "", Now)));
        Assert.Equal(RefusalReason.WrongKind, store.Accept(Uplink.Envelope(Uplink.Event("0101010101010101", 1, Frame(Uplink.Free()), 1), Now)).Reason);
        var hello = new byte[200];
        var length = new ScreenHello { Sequence = 1, Firmware = "0.1", WidthPixels = 320, HeightPixels = 240, PitchMicrometres = 153 }.Encode(hello);
        Assert.Equal(RefusalReason.WrongKind, store.Accept(new Envelope($"quartier/v1/{Uplink.Pod}/hello", hello[..length], "test", Now)).Reason);
    }

    [Fact]
    public void Refused_messages_are_bounded_and_every_one_is_counted()
    {
        const int Flood = RefusalsTable.KeptMax + 25;
        store.Database.Write(db => Pipeline.Accept(db, [.. Enumerable.Repeat(new Envelope("x", [], "test", Now), Flood)], Now, []));
        Assert.Equal(RefusalsTable.KeptMax, store.Database.Read(db => RefusalsTable.Latest(db, Flood)).Count);
        Assert.Equal(Flood, Assert.Single(store.Database.Read(RefusalsTable.Counts)).Count);
    }

    [Fact]
    public void Mutated_events_never_break_the_pipeline()
    {
        var gen = new Gen(11);
        var seed = Uplink.Status(Uplink.Occupied(), 1, Now).Payload;
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = seed.ToArray();
            for (var flips = gen.Next(1, 5); flips > 0; flips--)
            {
                bytes[gen.Next(bytes.Length)] = (byte)gen.NextUInt64();
            }

            var cut = gen.Chance(300) ? bytes[..gen.Next(bytes.Length)] : bytes;
            Assert.True(Enum.IsDefined(store.Accept(new Envelope(Uplink.Topic(Uplink.Pod), cut, "test", Now)).Outcome));
        }
    }

    private static byte[] Frame(ShelterStatusV1 status)
    {
        var frame = new byte[ShelterStatusV1.Bytes];
        status.Encode(frame);
        return frame;
    }
}
