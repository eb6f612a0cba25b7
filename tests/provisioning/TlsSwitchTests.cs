using System.Security.Cryptography;
using Quartier.Board;
using Quartier.Provisioning;
using Quartier.Simulator.Boards;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Provisioning;

/// <summary>The switch to an offered root over power cuts: what is on flash is the way before or the new one, whole.</summary>
public sealed class TlsSwitchTests
{
    private const int ChangesMax = 12;
    private static readonly byte[] First = [.. Enumerable.Range(0, 500).Select(i => (byte)i)];
    private static readonly byte[] Second = [.. Enumerable.Range(0, 600).Select(i => (byte)(i * 3))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Power_cut_at_any_write_and_byte_leaves_the_way_before_or_the_new_one(bool overTls)
    {
        var cuts = 0;
        for (var write = 1; write <= ChangesMax; write++)
        {
            foreach (var kept in new[] { -1, 0, 1, 250, 500, 750, 999, 1000 })
            {
                var flash = SetUp(overTls);
                (flash.CutWrite, flash.KeptPermille) = (write, kept);
                Live(flash, overTls);
                cuts += flash.IsCut ? 1 : 0;
                flash.Mend();

                // Whatever was cut, the next start has a way: the one before, the offered one on trial, or that one for good.
                var start = Start(flash, ResetReason.Unknown);
                var inForce = start.InForce;
                Assert.Equal(("eselsberg-1", "geheim"), (inForce.DeviceId, inForce.MqttPassword));
                Assert.Equal(inForce.MqttTls ? 8883 : 1883, inForce.MqttPort);
                Assert.False(overTls && !inForce.MqttTls);
                if (inForce.MqttTls)
                {
                    Assert.True(new RootFile(flash).TryLoad(inForce.RootDigest, out var root), $"write {write}, {kept} ‰: no root");
                    Assert.Contains(root, new[] { First, Second });
                }

                // And from there on all goes well.
                Go(flash, start, overTls);
                Assert.Equal(SHA256.HashData(overTls ? Second : First), Start(flash, ResetReason.Unknown).InForce.RootDigest);
                Assert.False(Start(flash, ResetReason.Unknown).IsTrial);
            }
        }

        Assert.InRange(cuts, 20, ChangesMax * 8);
    }

    /// <summary>One that failed lies beside the one in force; the next offer must not be written over that.</summary>
    [Fact]
    public void The_root_in_force_outlives_any_number_of_offers_that_come_to_nothing()
    {
        var flash = SetUp(overTls: true);
        for (var offer = 1; offer < 6; offer++)
        {
            var way = Start(flash, ResetReason.Software);
            Assert.Equal(SHA256.HashData(First), way.InForce.RootDigest);
            Assert.True(way.Take(Offer([.. Second, (byte)offer])));
            var trial = Start(flash, ResetReason.Software);
            Assert.True(trial.IsTrial);
            trial.Step(0, true, false, LinkFault.NotVerified);
            trial.Step(TlsSwitch.TrialMs, true, false, LinkFault.NotVerified);
            Assert.True(trial.WantsRestart);
            Assert.True(new RootFile(flash).TryLoad(SHA256.HashData(First), out _));
        }
    }

    [Fact]
    public void An_identity_that_the_cable_writes_ends_every_trial()
    {
        var flash = SetUp(overTls: false);
        Start(flash, ResetReason.Unknown).Take(Offer(First));
        Assert.True(Start(flash, ResetReason.Software).IsTrial);
        var other = Identity();
        other.MqttPassword = "another";
        Assert.True(new IdentityFile(flash).Save(other));
        var way = Start(flash, ResetReason.Software);
        Assert.Equal((false, false), (way.IsTrial, way.InForce.MqttTls));
    }

    [Fact]
    public void Time_without_a_network_is_not_held_against_TLS()
    {
        var flash = SetUp(overTls: false);
        Start(flash, ResetReason.Unknown).Take(Offer(First));
        var way = Start(flash, ResetReason.Software);
        for (var minute = 0; minute < 600; minute++)
        {
            way.Step(minute * 60_000L, false, false, LinkFault.None);
        }

        Assert.Equal((true, false), (way.IsTrial, way.WantsRestart));
    }

    [Fact]
    public void What_is_known_or_in_force_is_not_taken_again_and_costs_no_write()
    {
        var flash = SetUp(overTls: true);
        var writes = flash.Writes;
        Assert.False(Start(flash, ResetReason.Unknown).Take(Offer(First)));
        Assert.Equal(writes, flash.Writes);
        var way = Start(flash, ResetReason.Unknown);
        Assert.True(way.Take(Offer(Second)));
        writes = flash.Writes;
        Assert.False(way.Take(Offer(Second)));
        Assert.Equal(writes, flash.Writes);
    }

    /// <summary>Hears an offer, tries it and proves it, as far as the flash goes along.</summary>
    private static void Live(SimulatedFlash flash, bool overTls) => Go(flash, Start(flash, ResetReason.Software), overTls);

    private static void Go(SimulatedFlash flash, TlsSwitch way, bool overTls)
    {
        if (!way.IsTrial && way.Take(Offer(overTls ? Second : First)))
        {
            way = Start(flash, ResetReason.Software);
        }

        way.Step(1_000, true, true, LinkFault.None);
    }

    private static TlsSwitch Start(SimulatedFlash flash, ResetReason reason)
    {
        var way = new TlsSwitch(flash, new IdentityFile(flash).TryLoad(out var identity) ? identity : null, reason);
        way.Begin();
        return way;
    }

    private static SimulatedFlash SetUp(bool overTls)
    {
        var flash = new SimulatedFlash();
        var identity = Identity();
        if (overTls)
        {
            (identity.MqttTls, identity.MqttPort, identity.RootDigest, identity.IssuedAt) = (true, 8883, SHA256.HashData(First), 1_795_903_200);
            Assert.True(new RootFile(flash).Save(First, []));
        }

        Assert.True(new IdentityFile(flash).Save(identity));
        return flash;
    }

    private static DeviceIdentity Identity() => new()
    {
        Kind = IdentityKind.Screen,
        DeviceId = "eselsberg-1",
        MqttHost = "gateway.example",
        MqttPort = 1883,
        MqttUser = "eselsberg-1",
        MqttPassword = "geheim",
    };

    private static RootOffer Offer(byte[] root) => new() { Port = 8883, TimePort = 1883, IssuedAt = 1_795_903_200, Root = root, Digest = SHA256.HashData(root) };
}
