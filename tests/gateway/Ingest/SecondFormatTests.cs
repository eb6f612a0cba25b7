using System.Net;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Ingest;
using Quartier.Simulator.Demo;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Ingest;

/// <summary>A format of another layout on another port needs a decoder and nothing else: not the table, not the rules, not the page.</summary>
public sealed class SecondFormatTests : IClassFixture<GatewayUnderTest>
{
    private const int Port = 200;

    /// <summary>Three bytes: the temperature in half degrees, then occupancy in the lower and switches in the upper half.</summary>
    private static readonly PodFormat Sketch = PodFormat.Of<PodStatus>(Port, "sketch", Read, static (_, _) => -1);

    private static readonly PipelineOptions BothFormats = new() { Formats = [.. PodFormats.Uplinks, Sketch] };

    private readonly GatewayUnderTest gateway;

    public SecondFormatTests(GatewayUnderTest gateway) => this.gateway = gateway;

    [Fact]
    public async Task A_status_of_another_layout_reaches_store_cases_and_board()
    {
        var now = gateway.Time.Now;
        Assert.Equal(Outcome.Recorded, Accept(Uplink.Status(Uplink.Free(), 1, now, DemoQuarter.Karlsplatz), now));
        Assert.Equal(Outcome.Recorded, Accept(Uplink.Envelope(Uplink.Event(DemoQuarter.Karlsplatz, Port, [63, 0x41, 7], 2), now), now));

        var report = gateway.Database.Read(db => SheltersTable.Find(db, DemoQuarter.Karlsplatz))!.Report!;
        Assert.Equal((Port, Occupancy.Occupied, 31.5), (report.Port, report.Status.Occupancy, report.Status.TemperatureCelsius));
        Assert.Equal(now - Duration.FromMinutes(7), gateway.Database.Read(db => SheltersTable.OpenStay(db, DemoQuarter.Karlsplatz))!.BeganAt);
        Assert.NotNull(gateway.Database.Read(db => AlertsTable.FindOpen(db, DemoQuarter.Karlsplatz, AlertKind.Smoke)));

        using var browser = await gateway.LogIn("street");
        var board = WebUtility.HtmlDecode(await browser.GetStringAsync("/board"));
        Assert.Contains("31,5\u00a0°C", board, StringComparison.Ordinal);
        Assert.Contains("Rauch", board, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_without_a_format_and_bytes_that_are_not_of_their_ports_format_are_told_apart()
    {
        using var store = new TestStore();
        store.Database.Write(db => RegistryTable.Add(db, Device.New(Uplink.Pod, DeviceKind.Shelter, "Karlsplatz", "", "Mitte", TestStore.Evening)));
        var sketch = Uplink.Envelope(Uplink.Event(Uplink.Pod, Port, [63, 0x41, 7], 1), TestStore.Evening);
        Assert.Equal(RefusalReason.UnknownPort, store.Accept(sketch).Reason);
        var cut = Uplink.Envelope(Uplink.Event(Uplink.Pod, Ports.ShelterStatus, [63, 0x41, 7], 2), TestStore.Evening);
        Assert.Equal(RefusalReason.InvalidPayload, store.Accept(cut).Reason);
    }

    private Outcome Accept(Envelope envelope, Instant now) =>
        gateway.Database.Write(db => Pipeline.Accept(db, [envelope], now, [], BothFormats))[0].Outcome;

    private static PodStatus? Read(byte[] frame) => frame.Length != 3 ? null : new()
    {
        Occupancy = (frame[1] & 15) == 0 ? Occupancy.Free : Occupancy.Occupied,
        Reason = OccupancyReason.Motion,
        Smoke = (frame[1] & 0x40) != 0,
        AgeMinutes = frame[2],
        TemperatureCelsius = frame[0] / 2.0,
    };
}
