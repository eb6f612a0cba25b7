using Quartier.Gateway.Domain.Alerts;
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
    [InlineData("alarm-plain", null)]
    [InlineData("alarm-new-enum", "rxInfo[0].crcStatus: a value of a later version")]
    [InlineData("alarm-new-coderate", "txInfo.modulation.lora.codeRate: a value of a later version")]
    [InlineData("alarm-snr-text", "rxInfo[0].snr: a number was expected")]
    public void An_alarm_is_a_case_whatever_stands_beside_it(string file, string? odd)
    {
        var verdict = Ingest(file);
        Assert.Equal(Outcome.Recorded, verdict.Outcome);
        Assert.Equal(odd, verdict.Odd?.Single());
        Assert.Equal(AlertKind.Smoke, Assert.Single(store.Database.Read(AlertsTable.Open)).Kind);
    }

    private Verdict Ingest(string file) =>
        store.Accept(new Envelope(Receive.TopicFromContent, File.ReadAllBytes(SharedData.PathTo("cases", $"ingest/{file}.json")), "file", Now), admitUnknown: true);
}
