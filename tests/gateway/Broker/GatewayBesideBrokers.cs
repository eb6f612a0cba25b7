using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NodaTime.Extensions;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Simulator.Demo;

namespace Quartier.Tests.Gateway.Broker;

/// <summary>The gateway as a client of brokers that a test has started. A folder that the test names outlives it.</summary>
internal sealed class GatewayBesideBrokers : IAsyncDisposable
{
    private readonly GatewayUnderTest gateway;

    private GatewayBesideBrokers(GatewayUnderTest gateway) => this.gateway = gateway;

    public ManualTime Time => gateway.Time;

    public string Folder => gateway.Folder;

    public Database Database => gateway.Database;

    public OutsideBrokers Outside => gateway.Services.GetRequiredService<OutsideBrokers>();

    public static async Task<GatewayBesideBrokers> Start(string? folder, Dictionary<string, OutsideOptions> brokers, DateTimeOffset? at = null)
    {
        var options = DemoQuarter.In(new GatewayOptions { DataDirectory = "", HttpPort = 0, MqttPort = 0, TimePort = -1, Brokers = brokers });
        var gateway = folder is null ? new GatewayUnderTest { Options = options } : new GatewayUnderTest(folder) { Options = options };
        gateway.Time.Now = at?.ToInstant() ?? gateway.Time.Now;
        await gateway.InitializeAsync();
        return new GatewayBesideBrokers(gateway);
    }

    public OutsideStatus Status(string name) => Outside.Status.Single(status => status.Name == name);

    /// <summary>What is wrong, in English; null: nothing.</summary>
    public string? Red(string name) => gateway.Services.GetRequiredService<GatewayHealth>().Find(name)?.Fault.English;

    /// <summary>Reports in the store.</summary>
    public int Events() => Database.Read(db => db.ExecuteScalar<int>("SELECT COUNT(*) FROM events"));

    public Task Connected(string name) => Until(() => Status(name).ConnectedSince is not null);

    /// <summary>Looks again whenever something changes at a broker, in the store or in what is red.</summary>
    public Task Until(Func<bool> holds) => gateway.Until(holds, again => Outside.Changed += again, again => Outside.Changed -= again);

    /// <summary>The file does not grow and has no free page. Without the second it would still take what fits into the room that the
    /// store's probe, in the first second or later, has made and given back.</summary>
    public void FillTheStore() => Database.Write(db =>
    {
        var free = db.ExecuteScalar<long>("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size");
        db.Execute("CREATE TABLE ballast (bytes BLOB); INSERT INTO ballast VALUES (zeroblob(@free))", new { free });
        db.ExecuteScalar<long>("PRAGMA max_page_count=1");
    });

    /// <summary>Nothing is stored before it is done.</summary>
    public async Task WhileTheStoreStandsStill(Func<Task> work)
    {
        using var gate = new ManualResetEventSlim();
        var busy = Database.WriteAsync(_ => gate.Wait());
        try
        {
            await work();
        }
        finally
        {
            gate.Set();
            await busy;
        }
    }

    public Task<HttpClient> LogIn(string name, string language = "de") => gateway.LogIn(name, language);

    /// <summary>The page's text whatever its code.</summary>
    public async Task<string> Health()
    {
        using var browser = gateway.Browser();
        return await (await browser.GetAsync("/healthz")).Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync() => await gateway.DisposeAsync();
}
