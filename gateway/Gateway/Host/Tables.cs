using Quartier.Gateway.Host.Migrations;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Every table of the gateway: what makes them in each kind of store.</summary>
public static class Tables
{
    public static readonly Schemas All = new(
        Schema.Embedded(typeof(Tables).Assembly, "SQLite", new Migration("0002-older-stores", null, new OlderStore())),
        Schema.Embedded(typeof(Tables).Assembly, "PostgreSql"));
}
