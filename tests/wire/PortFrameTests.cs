using System.Text.Json.Nodes;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Wire;

public sealed class PortFrameTests
{
    private static readonly string[] Commands = ["", "describe", "write", "forget", "root"];
    private static readonly string[] Kinds = ["", "screen", "pod"];

    [Theory]
    [InlineData("provision-v1")]
    [InlineData("provision-v2")]
    [InlineData("improv-serial")]
    public void Every_vector_gives_its_fields_or_its_refusal(string format)
    {
        foreach (var vector in Vectors.Of(format))
        {
            var (fields, refusal) = Read(vector.Bytes);
            Same.Json(vector.Fields, fields, vector.ToString());
            Assert.Equal(vector.Refusal, refusal);
        }
    }

    [Fact]
    public void Every_accepted_frame_is_what_its_content_encodes_to()
    {
        foreach (var vector in Vectors.Of("provision-v1").Concat(Vectors.Of("provision-v2")).Where(vector => vector.Fields is not null))
        {
            var f = vector.Fields!;
            var payload = new byte[PortFrames.PayloadBytesMax];
            var length = (int)f["type"]! == PortFrames.ProvisionRequestType ? Request(f).Encode(payload) : Answer(f).Encode(payload);
            var frame = new byte[PortFrames.FrameBytesMax];
            var written = PortFrames.WriteProvision(frame, 0, (int)f["type"]!, (int)f["requestId"]!, payload, length);
            Assert.Equal(Convert.ToHexString(vector.Bytes) + "0A", Convert.ToHexString(frame, 0, written));
        }
    }

    [Fact]
    public void Frames_are_found_in_any_text_and_in_any_pieces()
    {
        var gen = new Gen(115200);
        var good = Vectors.Of("provision-v1").Concat(Vectors.Of("provision-v2")).Concat(Vectors.Of("improv-serial")).Where(vector => vector.Fields is not null).ToList();
        for (var round = 0; round < 500; round++)
        {
            var frames = new PortFrames();
            var expected = new List<string>();
            var line = new List<byte>();
            for (var i = 0; i < 8; i++)
            {
                // Text without the first letters of the headers, so that nothing in it can begin a frame.
                line.AddRange(gen.Bytes(gen.Next(40)).Select(b => b is (byte)'I' or (byte)'Q' ? (byte)'.' : b));
                var vector = gen.Pick(good);
                line.AddRange(vector.Bytes);
                expected.Add(vector.Fields!.ToJsonString());
            }

            var found = new List<string>();
            for (var at = 0; at < line.Count;)
            {
                var piece = line.Skip(at).Take(gen.Next(1, 30)).ToArray();
                at += frames.Append(piece, 0, piece.Length);
                while (frames.Next() is var kind and not PortFrameKind.None)
                {
                    found.Add(Fields(kind, frames)!.ToJsonString());
                }
            }

            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void Nothing_on_the_line_throws_and_a_frame_after_it_is_found()
    {
        var gen = new Gen(404);
        var describe = Vectors.Of("provision-v1").First().Bytes;
        byte[] letters = "IMPROVQUARTI\u0001\u0003\n"u8.ToArray();
        for (var round = 0; round < 2_000; round++)
        {
            var frames = new PortFrames();
            for (var i = 0; i < 30; i++)
            {
                var noise = gen.Bytes(gen.Next(60)).Select(b => gen.Chance(400) ? gen.Pick(letters) : b).ToArray();
                Feed(frames, noise);
            }

            while (frames.IsPartial)
            {
                frames.GiveUp();
                while (frames.Next() != PortFrameKind.None)
                {
                }
            }

            Feed(frames, describe, out var last);
            Assert.Equal(PortFrameKind.Provision, last);
        }
    }

    [Fact]
    public void Improv_lists_hold_what_fits_and_nothing_beyond()
    {
        var data = new byte[255];
        Assert.Equal(2 + 1 + 252, ImprovText.Append(data, 2, new string('x', 252)));
        Assert.Equal(-1, ImprovText.Append(data, 2, new string('x', 253)));
        Assert.Equal(-1, ImprovText.Append(data, -1, "a"));
        data[2] = 9;
        var at = 2;
        Assert.False(ImprovText.TryTake(data, 8, ref at, out _));
        Assert.Equal(2, at);
    }

    private static void Feed(PortFrames frames, byte[] bytes) => Feed(frames, bytes, out _);

    private static void Feed(PortFrames frames, byte[] bytes, out PortFrameKind last)
    {
        last = PortFrameKind.None;
        for (var at = 0; at < bytes.Length;)
        {
            at += frames.Append(bytes, at, bytes.Length - at);
            while (frames.Next() is var kind and not PortFrameKind.None)
            {
                last = kind;
            }
        }
    }

    private static (JsonObject? Fields, string? Refusal) Read(byte[] bytes)
    {
        var frames = new PortFrames();
        Assert.Equal(bytes.Length, frames.Append(bytes, 0, bytes.Length));
        var kind = frames.Next();
        return kind switch
        {
            PortFrameKind.None => (null, "none"),
            PortFrameKind.ImprovDamaged or PortFrameKind.ProvisionDamaged => (null, "damaged"),
            _ => Fields(kind, frames) is { } fields ? (fields, null) : (null, "malformed"),
        };
    }

    private static JsonObject? Fields(PortFrameKind kind, PortFrames frames)
    {
        if (kind == PortFrameKind.Improv)
        {
            return new() { ["type"] = frames.Type, ["data"] = Convert.ToHexStringLower(frames.Payload, 0, frames.PayloadLength) };
        }

        var fields = new JsonObject { ["type"] = frames.Type, ["requestId"] = frames.RequestId };
        if (frames.Type == PortFrames.ProvisionAnswerType)
        {
            return ProvisionAnswer.TryDecode(frames.Payload, frames.PayloadLength, out var answer) ? Add(Versioned(fields, answer.Version), answer) : null;
        }

        if (!ProvisionRequest.TryDecode(frames.Payload, frames.PayloadLength, out var request))
        {
            return null;
        }

        Versioned(fields, request.Version)["command"] = Commands[(int)request.Command];
        if (request.Command == ProvisionCommand.Root)
        {
            (fields["rootBytes"], fields["partAt"], fields["part"]) = (request.RootBytes, request.PartAt, Convert.ToHexStringLower(request.Part));
        }

        return request.Identity is null ? fields : Add(fields, request.Identity);
    }

    /// <summary>The vectors of version 1 say nothing of versions.</summary>
    private static JsonObject Versioned(JsonObject fields, int version)
    {
        if (version > 1)
        {
            fields["version"] = version;
        }

        return fields;
    }

    private static JsonObject Add(JsonObject fields, ProvisionAnswer a)
    {
        fields["status"] = (int)a.Status;
        fields["kind"] = Kinds[(int)a.Kind];
        fields["firmware"] = a.Firmware;
        fields["deviceId"] = a.DeviceId;
        fields["place"] = a.Place;
        fields["language"] = a.Language;
        fields["mqttHost"] = a.MqttHost;
        fields["mqttPort"] = a.MqttPort;
        fields["devEui"] = Convert.ToHexStringLower(a.DevEui);
        fields["hasSecret"] = a.HasSecret;
        fields["wifi"] = a.Wifi;
        fields["address"] = a.Address;
        return fields;
    }

    private static JsonObject Add(JsonObject fields, DeviceIdentity i)
    {
        fields["kind"] = Kinds[(int)i.Kind];
        fields["deviceId"] = i.DeviceId;
        fields["place"] = i.Place;
        fields["language"] = i.Language;
        if (i.Kind == IdentityKind.Screen)
        {
            fields["mqttHost"] = i.MqttHost;
            fields["mqttPort"] = i.MqttPort;
            fields["mqttTls"] = i.MqttTls;
            fields["mqttUser"] = i.MqttUser;
            fields["mqttPassword"] = i.MqttPassword;
            if (i.IssuedAt > 0)
            {
                (fields["rootDigest"], fields["issuedAt"], fields["timePort"]) = (Convert.ToHexStringLower(i.RootDigest), i.IssuedAt, i.TimePort);
            }
        }
        else
        {
            fields["devEui"] = Convert.ToHexStringLower(i.DevEui);
            fields["joinEui"] = Convert.ToHexStringLower(i.JoinEui);
            fields["appKey"] = Convert.ToHexStringLower(i.AppKey);
        }

        return fields;
    }

    private static ProvisionRequest Request(JsonObject f) => new()
    {
        Version = (int?)f["version"] ?? 1,
        Command = (ProvisionCommand)Array.IndexOf(Commands, (string)f["command"]!),
        RootBytes = (int?)f["rootBytes"] ?? 0, PartAt = (int?)f["partAt"] ?? 0, Part = Convert.FromHexString((string?)f["part"] ?? ""),
        Identity = (string)f["command"]! != "write" ? null : new DeviceIdentity
        {
            Kind = (IdentityKind)Array.IndexOf(Kinds, (string)f["kind"]!), DeviceId = (string)f["deviceId"]!, Place = (string)f["place"]!, Language = (string)f["language"]!,
            MqttHost = (string?)f["mqttHost"] ?? "", MqttPort = (int?)f["mqttPort"] ?? 0, MqttTls = (bool?)f["mqttTls"] ?? false,
            MqttUser = (string?)f["mqttUser"] ?? "", MqttPassword = (string?)f["mqttPassword"] ?? "",
            DevEui = Convert.FromHexString((string?)f["devEui"] ?? ""), JoinEui = Convert.FromHexString((string?)f["joinEui"] ?? ""), AppKey = Convert.FromHexString((string?)f["appKey"] ?? ""),
            RootDigest = Convert.FromHexString((string?)f["rootDigest"] ?? ""), IssuedAt = (long?)f["issuedAt"] ?? 0, TimePort = (int?)f["timePort"] ?? 0,
        },
    };

    private static ProvisionAnswer Answer(JsonObject f) => new()
    {
        Version = (int?)f["version"] ?? 1,
        Status = (ProvisionStatus)(int)f["status"]!, Kind = (IdentityKind)Array.IndexOf(Kinds, (string)f["kind"]!), Firmware = (string)f["firmware"]!,
        DeviceId = (string)f["deviceId"]!, Place = (string)f["place"]!, Language = (string)f["language"]!, MqttHost = (string)f["mqttHost"]!,
        MqttPort = (int)f["mqttPort"]!, DevEui = Convert.FromHexString((string)f["devEui"]!), HasSecret = (bool)f["hasSecret"]!, Wifi = (int)f["wifi"]!, Address = (string)f["address"]!,
    };
}
