using System.Security.Cryptography;
using System.Text;
using Quartier.Provisioning;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Provisioning;

public sealed class IdentityTests
{
    private static readonly DeviceIdentity Screen = new()
    {
        Kind = IdentityKind.Screen, DeviceId = "suedstadt-1", Place = "Bürgertreff Südstadt", Language = "de", MqttHost = "gateway.example",
        MqttPort = 8883, MqttTls = true, MqttUser = "suedstadt-1", MqttPassword = "geheim-4711-geheim",
    };

    private static readonly DeviceIdentity Pod = new()
    {
        Kind = IdentityKind.Pod, DeviceId = "pod-1", Place = "Karlsplatz", DevEui = [0x70, 0xB3, 0xD5, 0x7E, 0xD0, 0, 0, 1], JoinEui = new byte[8],
        AppKey = [.. Encoding.ASCII.GetBytes("geheim-key-16byt")],
    };

    [Fact]
    public void A_written_identity_is_there_after_a_restart_and_gone_after_forgetting()
    {
        var desk = new DeviceUnderTest();
        Assert.Equal("", desk.Ask(new ProvisionRequest()).DeviceId);
        var answer = desk.Ask(Write(Screen));
        Assert.Equal((ProvisionStatus.Ok, "suedstadt-1", true, 1), (answer.Status, answer.DeviceId, answer.HasSecret, desk.IdentityChanges));
        desk.Reboot();
        Assert.Equal("geheim-4711-geheim", desk.Port.Identity!.MqttPassword);
        answer = desk.Ask(new ProvisionRequest());
        Assert.Equal(("Bürgertreff Südstadt", "gateway.example", 8883), (answer.Place, answer.MqttHost, answer.MqttPort));
        answer = desk.Ask(new ProvisionRequest { Command = ProvisionCommand.Forget });
        Assert.Equal((ProvisionStatus.Ok, "", false), (answer.Status, answer.DeviceId, answer.HasSecret));
        Assert.Empty(desk.Files);
    }

    [Theory]
    [InlineData(IdentityKind.Screen)]
    [InlineData(IdentityKind.Pod)]
    public void No_answer_of_any_kind_holds_a_secret(IdentityKind kind)
    {
        var desk = new DeviceUnderTest(kind);
        var sent = new List<byte>();
        var payload = new byte[640];
        var frame = new byte[PortFrames.FrameBytesMax];
        foreach (var request in new[] { Write(kind == IdentityKind.Screen ? Screen : Pod), new ProvisionRequest() })
        {
            desk.Send(frame[..PortFrames.WriteProvision(frame, 0, 1, 1, payload, request.Encode(payload))]);
        }

        for (byte command = 1; command <= 9; command++)
        {
            desk.Send(command == 1 ? ImprovTests.Command(1, ImprovTests.Text(DeskWifi.Ssid), ImprovTests.Text("geheim-wlan")) : ImprovTests.Command(command));
        }

        desk.Run();
        sent.AddRange(desk.Line.FromDevice);
        Assert.NotEmpty(sent);
        Assert.DoesNotContain("geheim", Encoding.Latin1.GetString(sent.ToArray()));
    }

    [Fact]
    public void An_identity_for_the_other_kind_is_refused()
    {
        Assert.Equal(ProvisionStatus.WrongKind, new DeviceUnderTest(IdentityKind.Pod).Ask(Write(Screen)).Status);
        Assert.Equal(ProvisionStatus.WrongKind, new DeviceUnderTest().Ask(Write(Pod)).Status);
    }

    [Fact]
    public void A_broken_flash_is_reported_and_the_identity_before_stays()
    {
        var desk = new DeviceUnderTest();
        desk.Ask(Write(Screen));
        (desk.Flash.CutWrite, desk.Flash.KeptPermille) = (1, -1);
        var other = Write(Changed("other-2"));
        Assert.Equal((ProvisionStatus.StorageFailed, "suedstadt-1"), (desk.Ask(other).Status, desk.LastAnswer!.DeviceId));
        desk.Reboot();
        Assert.Equal("suedstadt-1", desk.Port.Identity!.DeviceId);
    }

    [Fact]
    public void Power_cut_at_any_byte_of_a_write_leaves_the_old_identity_or_the_new()
    {
        // A step is less than a byte of an identity's file.
        for (var kept = 0; kept <= 1_000; kept += 4)
        {
            var desk = new DeviceUnderTest();
            desk.Ask(Write(Screen));
            desk.Ask(Write(Changed("second-2")));
            Assert.All(desk.Files, name => Assert.InRange(desk.Flash[name].Length, 1, 250));
            (desk.Flash.CutWrite, desk.Flash.KeptPermille) = (1, kept);
            desk.Ask(Write(Changed("third-3")));
            Assert.True(desk.Flash.IsCut);
            desk.Flash.Mend();
            desk.Reboot();
            Assert.Contains(desk.Port.Identity?.DeviceId, new[] { "second-2", "third-3" });
            Assert.Equal(ProvisionStatus.Ok, desk.Ask(Write(Changed("fourth-4"))).Status);
            desk.Reboot();
            Assert.Equal("fourth-4", desk.Port.Identity!.DeviceId);
        }
    }

    [Fact]
    public void A_flipped_bit_in_either_generation_never_gives_a_third_identity()
    {
        var desk = new DeviceUnderTest();
        desk.Ask(Write(Screen));
        desk.Ask(Write(Changed("second-2")));
        var files = desk.Files.ToDictionary(name => name, name => desk.Flash[name]);
        foreach (var (name, content) in files)
        {
            for (var bit = 0; bit < content.Length * 8; bit += 3)
            {
                var broken = (byte[])content.Clone();
                broken[bit / 8] ^= (byte)(1 << (bit % 8));
                desk.Flash.Write(name, broken, broken.Length);
                desk.Reboot();
                Assert.Contains(desk.Port.Identity?.DeviceId, new[] { "suedstadt-1", "second-2" });
            }

            desk.Flash.Write(name, content, content.Length);
        }
    }

    [Fact]
    public void Garbage_changes_nothing_and_the_device_answers_after_it()
    {
        var gen = new Gen(17);
        byte[] letters = [.. "IMPROVQUARTI"u8, 1, 3, 2, 0, 10];
        for (var round = 0; round < 300; round++)
        {
            var desk = new DeviceUnderTest(round % 2 == 0 ? IdentityKind.Screen : IdentityKind.Pod);
            desk.Line.Pace = gen.Next(1, 50);
            for (var i = 0; i < 20; i++)
            {
                desk.Send([.. gen.Bytes(gen.Next(200)).Select(b => gen.Chance(500) ? gen.Pick(letters) : b)]);
                desk.Run(gen.Next(300));
            }

            desk.Run(2_000);
            desk.Heard();
            Assert.Null(desk.Port.Identity);
            Assert.Equal(ProvisionStatus.Ok, desk.Ask(new ProvisionRequest()).Status);
        }
    }

    [Fact]
    public void A_damaged_request_changes_nothing_and_is_answered_so()
    {
        var payload = new byte[640];
        var frame = new byte[PortFrames.FrameBytesMax];
        var length = PortFrames.WriteProvision(frame, 0, 1, 9, payload, Write(Screen).Encode(payload));
        for (var at = 12; at < length - 1; at++)
        {
            var desk = new DeviceUnderTest();
            var damaged = frame[..length];
            damaged[at] ^= 0x20;
            desk.Send(damaged);
            desk.Run();
            Assert.Equal(["answer 9 Damaged"], desk.Heard());
            Assert.Empty(desk.Files);
        }
    }

    [Fact]
    public void A_frame_that_stops_in_the_middle_does_not_swallow_the_next()
    {
        var desk = new DeviceUnderTest();
        desk.Send([.. "IMPROV"u8, 1, 3, 200, 1, 2]);
        desk.Run(5_000);
        Assert.Equal(ProvisionStatus.Ok, desk.Ask(new ProvisionRequest()).Status);
    }

    [Fact]
    public void A_root_travels_in_parts_and_is_there_after_a_restart_with_the_identity_that_names_it()
    {
        var desk = new DeviceUnderTest();
        var root = Root(1_400);
        Assert.Equal(ProvisionStatus.Ok, WriteWithRoot(desk, root).Status);
        desk.Reboot();
        Assert.Equal((true, 1_795_903_200L), (desk.Port.Identity!.MqttTls, desk.Port.Identity.IssuedAt));
        Assert.True(new RootFile(desk.Flash).TryLoad(desk.Port.Identity.RootDigest, out var der));
        Assert.Equal(root, der);
        Assert.Equal(ProvisionStatus.Ok, desk.Ask(new ProvisionRequest { Version = 2, Command = ProvisionCommand.Forget }).Status);
        Assert.Empty(desk.Files);
    }

    [Fact]
    public void An_identity_that_names_a_root_which_is_not_there_changes_nothing()
    {
        var desk = new DeviceUnderTest();
        desk.Ask(Write(Screen));
        var root = Root(700);
        Assert.Equal(ProvisionStatus.RootMissing, desk.Ask(WriteSecure(root)).Status);
        desk.Ask(Part(root, 0, 512));
        Assert.Equal(ProvisionStatus.RootMissing, desk.Ask(WriteSecure(root)).Status);
        Assert.Equal(ProvisionStatus.RootMissing, desk.Ask(Part(root, 600, 100)).Status);
        desk.Ask(Part(root, 512, 188));
        Assert.Equal(ProvisionStatus.RootMissing, desk.Ask(WriteSecure(Root(701))).Status);
        desk.Reboot();
        Assert.Equal("geheim-4711-geheim", desk.Port.Identity!.MqttPassword);
    }

    [Fact]
    public void A_part_whose_answer_was_lost_may_come_twice()
    {
        var desk = new DeviceUnderTest();
        var root = Root(700);
        foreach (var (at, count) in new[] { (0, 512), (512, 188), (512, 188) })
        {
            Assert.Equal(ProvisionStatus.Ok, desk.Ask(Part(root, at, count)).Status);
        }

        Assert.Equal(ProvisionStatus.Ok, desk.Ask(WriteSecure(root)).Status);
        Assert.Equal(ProvisionStatus.Ok, desk.Ask(WriteSecure(root)).Status);
    }

    [Fact]
    public void A_cable_pulled_at_any_write_leaves_an_identity_whose_root_is_there()
    {
        var (first, second) = (Root(500), Root(600));
        for (var write = 1; write <= 3; write++)
        {
            for (var kept = 0; kept <= 1_000; kept += 60)
            {
                var desk = new DeviceUnderTest();
                WriteWithRoot(desk, first);
                WriteWithRoot(desk, first);
                (desk.Flash.CutWrite, desk.Flash.KeptPermille) = (write, kept);
                WriteWithRoot(desk, second);
                desk.Flash.Mend();
                desk.Reboot();
                Assert.True(new RootFile(desk.Flash).TryLoad(desk.Port.Identity!.RootDigest, out var der));
                Assert.Contains(der, new[] { first, second });
            }
        }
    }

    [Fact]
    public void A_device_still_takes_an_identity_of_version_1_and_answers_in_version_1()
    {
        var desk = new DeviceUnderTest();
        WriteWithRoot(desk, Root(500));
        var answer = desk.Ask(Write(Screen));
        Assert.Equal((ProvisionStatus.Ok, 1), (answer.Status, answer.Version));
        Assert.Empty(desk.Port.Identity!.RootDigest);
    }

    [Fact]
    public void Why_a_join_failed_is_told_in_the_words_of_either_version()
    {
        var desk = new DeviceUnderTest();
        desk.Wifi.Air.Add(("Hinterhaus", -88, true));
        desk.Send(ImprovTests.Command(1, ImprovTests.Text("Hinterhaus"), ImprovTests.Text("perhapsright")));
        desk.Run();
        desk.Heard();
        Assert.Equal(0, desk.Ask(new ProvisionRequest()).Wifi);
        Assert.Equal(ProvisionAnswer.WifiFailed, desk.Ask(new ProvisionRequest { Version = 2 }).Wifi);
    }

    private static byte[] Root(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 7) + length))];

    private static ProvisionRequest Part(byte[] root, int at, int count) =>
        new() { Version = 2, Command = ProvisionCommand.Root, RootBytes = root.Length, PartAt = at, Part = root[at..(at + count)] };

    private static ProvisionRequest WriteSecure(byte[] root)
    {
        var identity = Changed("secure-1");
        (identity.MqttTls, identity.RootDigest, identity.IssuedAt) = (true, SHA256.HashData(root), 1_795_903_200);
        return new() { Version = 2, Command = ProvisionCommand.Write, Identity = identity };
    }

    private static ProvisionAnswer WriteWithRoot(DeviceUnderTest desk, byte[] root)
    {
        for (var at = 0; at < root.Length; at += 512)
        {
            desk.Ask(Part(root, at, Math.Min(512, root.Length - at)));
        }

        return desk.Ask(WriteSecure(root));
    }

    private static ProvisionRequest Write(DeviceIdentity identity) => new() { Command = ProvisionCommand.Write, Identity = identity };

    private static DeviceIdentity Changed(string id) => new()
    {
        Kind = IdentityKind.Screen, DeviceId = id, Place = "x", Language = "de", MqttHost = "h", MqttPort = 1, MqttUser = id, MqttPassword = "geheim-2",
    };
}
