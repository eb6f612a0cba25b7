using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>The catalogue's build beside the writer, in the real host.</summary>
public sealed class CatalogueLoopTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public Task InitializeAsync() => gateway.InitializeAsync();

    public Task DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task A_damaged_offer_is_red_and_stops_neither_the_gateway_nor_the_build_after_its_repair()
    {
        var health = gateway.Services.GetRequiredService<GatewayHealth>();
        await gateway.Until(() => gateway.Database.Read(CatalogueTable.State) is { Changes: 0, Digest.Length: > 0 });

        gateway.Database.Write(db =>
        {
            db.Execute("INSERT INTO offers (id, source, items, edit, first_seen, last_seen, last_changed, withdrawn) VALUES ('x', 's', 'kaputt', '{}', 0, 0, 0, 0)");
            CatalogueTable.MarkStale(db);
        });
        await gateway.Until(() => health.Find("catalogue build") is not null);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await gateway.Browser().GetAsync("/log-in")).StatusCode);

        gateway.Time.Now += Duration.FromSeconds(30);
        gateway.Database.Write(db => OffersTable.Delete(db, "x"));
        await gateway.Until(() => health.Find("catalogue build") is null && gateway.Database.Read(CatalogueTable.State).Changes == 0);
    }
}
