using Quartier.Gateway.Ingest;
using Quartier.Gateway.Domain.Registry;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>How often residents opened what, per hour and heading.</summary>
public sealed class UsageTests
{
    [Fact]
    public void An_hours_usage_that_comes_twice_counts_once_and_another_hours_equal_counts_count_too()
    {
        using var store = new TestStore();
        store.Database.Write(db => RegistryTable.Add(db, Device.New("eselsberg-1", DeviceKind.Screen, "Fenster", "", "", TestStore.Evening)));

        Assert.Equal(Outcome.Recorded, store.Accept(Usage(sequence: 7, hour: 498_000)).Outcome);
        Assert.Equal(Outcome.Duplicate, store.Accept(Usage(sequence: 7, hour: 498_000)).Outcome);
        Assert.Equal(Outcome.Recorded, store.Accept(Usage(sequence: 8, hour: 498_001)).Outcome);
    }

    private static Envelope Usage(int sequence, int hour)
    {
        var usage = new ScreenUsage { Sequence = sequence, UnixHour = hour };
        usage.Counts[(int)EntryKind.Event] = 3;
        var buffer = new byte[256];
        return new Envelope(ScreenTopics.Build("eselsberg-1", ScreenTopics.Usage), buffer[..usage.Encode(buffer)], "eselsberg-1", TestStore.Evening);
    }
}
