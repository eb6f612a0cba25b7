using System.Globalization;
using System.Text;
using NodaTime;
using Quartier.Board;
using Quartier.Gateway.Domain.Offers;
using Quartier.Provisioning;
using Quartier.Simulator;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Checks;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Simulation;

/// <summary>A screen's life on the limits of the reference board: its partition of 3 MB, its library's queue and resends, its station's store.
/// At every look (five seconds apart) it shows a whole page of a catalogue that was issued, and says when that is old.</summary>
public sealed class ScreenLifeTests : IDisposable
{
    private const int Offers = 499;
    private const int Capacity = 500;
    /// <summary>Decision 0120: erases of a week with one change an hour, and of its most used block.</summary>
    private const int ErasesAWeek = 672;
    private const int WorstBlockAWeek = 42;

    private readonly Simulator.Simulation run = new(7, Quarter.UsualStart, people: false);
    private int changes;

    private QuarterScreen Screen => run.Quarter.Screen;

    private string Newest => run.Gateway.Database.Read(db => CatalogueTable.Screen(db, QuarterScreen.Device)!.Target);

    private string Shown => Convert.ToHexStringLower(Screen.App.Catalogue.Digest);

    public void Dispose() => run.Dispose();

    [Fact]
    public void From_the_cable_over_a_bad_week_to_a_full_flash_there_is_a_whole_true_page_at_every_moment()
    {
        SetUpAndRestart();
        DieInMidSync();
        AssertWhole(Capacity);
        PowerCutAndRestart();
        var before = Erases();
        AWeekOfHourlyChanges();
        Assert.InRange(Erases() - before, 1, ErasesAWeek);
        Assert.InRange(Screen.Flash.Blocks.ErasesOfWorst, 1, WorstBlockAWeek);
        AnHourHalfOpen();
        ADayAtOneKilobyte();
        AFullFlash();
        AHundredMoreThanItHolds();
        Assert.All(run.Checkers, checker => Assert.Empty(checker.Violations));
        Assert.True(run.Checkers.OfType<WholeTruePage>().Single().Looks > 8 * 17_000);
    }

    /// <summary>An identity on flash, as the cable leaves it, and the restart that follows: network and account are still there.</summary>
    private void SetUpAndRestart()
    {
        Pass(60);
        Assert.True(new IdentityFile(Screen.Flash).Save(new DeviceIdentity
        {
            Kind = IdentityKind.Screen, DeviceId = QuarterScreen.Device, Place = "Quartierszentrale", MqttHost = "gateway", MqttPort = 8883, MqttTls = true,
            MqttUser = QuarterScreen.Device, MqttPassword = DemoQuarter.ScreenSecret, RootDigest = new byte[Sha256.DigestBytes],
            IssuedAt = run.Quarter.World.Now.ToUnixTimeSeconds(), TimePort = 1883,
        }));
        Screen.Restart();
        Pass(30);
        Assert.Equal(WifiState.Connected, Screen.Wifi.State);
    }

    private void DieInMidSync()
    {
        (run.Link.Line.BytesPerSecond, run.Link.Line.RoundTripMs) = (20_000, 100);
        Change();
        run.Gateway.Database.Write(db => ManyOffers.Import(db, Offers, run.Quarter.World.Now));
        Pass(8);
        Assert.NotEqual(Newest, Shown);
        run.Link.Reset();
        Pass(300);
    }

    private void PowerCutAndRestart()
    {
        Change();
        Screen.Flash.CutWrite = 2;
        Screen.Flash.KeptPermille = 400;
        Pass(120);
        Assert.True(Screen.Flash.IsCut);
        Screen.Flash.Mend();
        Screen.Restart();
        Pass(300);
        AssertWhole(Capacity);
    }

    private void AWeekOfHourlyChanges()
    {
        for (var hour = 0; hour < 168; hour++)
        {
            Change();
            Pass(3_600);
            AssertWhole(Capacity);
        }
    }

    private void AnHourHalfOpen()
    {
        run.Link.Line.IsHalfOpen = true;
        Change();
        Pass(3_600);
        Assert.NotEqual(Newest, Shown);
        Pass(4_000);
        Assert.Contains(Screen.Sketch.Words, word => word.Contains('⚠', StringComparison.Ordinal));
        run.Link.Line.IsHalfOpen = false;
        Pass(600);
        AssertWhole(Capacity);
    }

    private void ADayAtOneKilobyte()
    {
        (run.Link.Line.BytesPerSecond, run.Link.Line.RoundTripMs) = (1_000, 1_000);
        for (var hour = 0; hour < 24; hour++)
        {
            Change();
            Pass(3_600);
            AssertWhole(Capacity);
        }

        (run.Link.Line.BytesPerSecond, run.Link.Line.RoundTripMs) = (0, 10);
    }

    /// <summary>Somebody else's file takes every block. The log makes do with its own, with fewer offers if need be, over a restart too; when
    /// the file is gone, all of them come by themselves.</summary>
    private void AFullFlash()
    {
        var block = new byte[FlashBlocks.BlockBytes];
        while (Screen.Flash.Append("stranger", block, block.Length) == FlashStatus.Ok)
        {
        }

        for (var hour = 0; hour < 12; hour++)
        {
            Change();
            Pass(3_600);
        }

        Screen.Restart();
        Change();
        Pass(3_600);
        Assert.Equal(FlashStatus.Ok, Screen.Flash.Delete("stranger"));
        Pass(7 * 3_600);
        AssertWhole(Capacity);
    }

    /// <summary>The screen gets what begins soonest; the editor is told of the rest.</summary>
    private void AHundredMoreThanItHolds()
    {
        run.Gateway.Database.Write(db => ManyOffers.Import(db, Offers + 100, run.Quarter.World.Now));
        Pass(600);
        AssertWhole(Capacity);
        Assert.True(run.Gateway.Database.Read(CatalogueTable.State).Total >= 600);
    }

    /// <summary>One event is told again with another time.</summary>
    private void Change()
    {
        changes++;
        var calendar = $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Quartier//test//DE\r\nBEGIN:VEVENT\r\nUID:kochen@haus\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261119T{changes % 24:00}0000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\nSUMMARY:Gemeinsam kochen\r\nDESCRIPTION:Heute gibt es Gericht {changes}.\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        run.Gateway.Database.Write(db => ImportRun.Run(
            db, Encoding.UTF8.GetBytes(calendar.ToString(CultureInfo.InvariantCulture)), new ImportRequest("haus.ics") { Source = "Haus", Kind = OfferKind.Event }, run.Quarter.World.Now));
    }

    private long Erases() => Screen.Flash.Blocks.Erases;

    private void AssertWhole(int entries)
    {
        Assert.Equal(Newest, Shown);
        Assert.Equal(entries, Screen.App.Catalogue.Count);
    }

    private void Pass(int seconds) => run.Advance(Duration.FromSeconds(seconds));
}
