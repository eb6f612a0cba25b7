using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Ingest;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>Events that went wrong in the field, taken in as `ingest --register` takes them.</summary>
public sealed class FieldCaseTests : IDisposable
{
    private static readonly NodaTime.Instant Now = NodaTime.Instant.FromUtc(2026, 11, 28, 8, 0);
    private readonly TestStore store = new();

    public void Dispose() => store.Dispose();

    [SharedDataTheory]
    [InlineData("alarm-plain")]
    [InlineData("alarm-new-enum")]
    [InlineData("alarm-new-coderate")]
    [InlineData("alarm-snr-text")]
    public void An_alarm_is_a_case_whatever_stands_beside_it(string file)
    {
        Assert.Equal(Outcome.Recorded, Ingest(file).Outcome);
        Assert.Equal(AlertKind.Smoke, Assert.Single(store.Database.Read(AlertsTable.Open)).Kind);
    }

    [SharedDataFact]
    public void Cold_that_begins_again_is_a_case_though_a_roof_gateway_lives_in_2007()
    {
        Ingest("a1_cold_begins");
        Ingest("a2_cold_over");
        Ingest("a3_warm_status_closes_case");
        Assert.DoesNotContain(store.Database.Read(AlertsTable.Open), open => open.Kind == AlertKind.Cold);
        Ingest("a4_cold_begins_again_gateway_clock_2007");
        var alert = Assert.Single(store.Database.Read(AlertsTable.Open), open => open.Kind == AlertKind.Cold);
        Assert.Equal((AlertKind.Cold, Now, null), (alert.Kind, alert.RaisedAt, alert.EndedAt));
        Assert.Single(store.Database.Read(db => AlertsTable.NoticeDue(db, Now)), due => due == alert.Id);
    }

    [SharedDataFact]
    public void An_occupied_older_than_a_free_opens_no_stay()
    {
        Ingest("b1_free");
        Ingest("b2_occupied_but_25_min_older");
        var pod = Assert.Single(store.Database.Read(SheltersTable.All));
        Assert.Equal(Quartier.Wire.Occupancy.Free, pod.Report!.Status.Occupancy);
        Assert.Null(store.Database.Read(db => SheltersTable.OpenStay(db, pod.Device)));
        Assert.Empty(store.Database.Read(AlertsTable.Open));
    }

    private Verdict Ingest(string file) =>
        store.Accept(new Envelope(Receive.TopicFromContent, File.ReadAllBytes(SharedData.PathTo("cases", $"ingest/{file}.json")), "file", Now), admitUnknown: true);
}
