using NodaTime;
using Quartier.Gateway.Host;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;

namespace Quartier.Tests.Gateway;

/// <summary>A store in a folder of its own, gone with the test.</summary>
public sealed class TestStore : IDisposable
{
    /// <summary>Sunday evening, after the pods opened.</summary>
    public static readonly Instant Evening = Instant.FromUtc(2026, 11, 22, 18, 30);

    private readonly string directory = StoreFolder.Create("store").FullName;

    public TestStore(Durability durability = Durability.None) => Database = Database.Open(directory, Tables.All, durability);

    public Database Database { get; }

    public string Folder => directory;

    public Verdict Accept(Envelope envelope, bool admitUnknown = false, List<Publication>? effects = null, string prefix = "") =>
        Database.Write(db => Pipeline.Accept(db, [envelope], envelope.ReceivedAt, effects ?? [], new PipelineOptions(admitUnknown, prefix)))[0];

    public void Dispose()
    {
        Database.Dispose();
        Directory.Delete(directory, recursive: true);
    }
}
