using System.Text.Json;
using Quartier.Gateway.Store;

namespace Quartier.Tests.Gateway;

/// <summary>A data folder for one test. With QUARTIER_TEST_STORE=postgresql its settings name a database of its own on a server that runs for
/// this process alone; else its store is SQLite.</summary>
internal static class StoreFolder
{
    private static readonly Lazy<PostgreSqlServer> Server = new(PostgreSqlServer.Start);

    private static readonly bool IsPostgreSql = Environment.GetEnvironmentVariable("QUARTIER_TEST_STORE") == "postgresql";

    /// <summary>The type of bytes in a table that a test makes.</summary>
    public static string Bytes => IsPostgreSql ? "BYTEA" : "BLOB";

    public static DirectoryInfo Create(string name) => IsPostgreSql ? CreateOnPostgreSql(name, out _) : Directory.CreateTempSubdirectory($"quartier-{name}-");

    /// <param name="postgreSql">Settings of its database.</param>
    public static DirectoryInfo CreateOnPostgreSql(string name, out string postgreSql)
    {
        var folder = Directory.CreateTempSubdirectory($"quartier-{name}-");
        postgreSql = Server.Value.CreateDatabase(folder);
        Name(folder, postgreSql);
        return folder;
    }

    /// <summary>Writes the database into the folder's settings.</summary>
    public static void Name(DirectoryInfo folder, string postgreSql) => File.WriteAllText(
        Path.Combine(folder.FullName, "appsettings.json"), JsonSerializer.Serialize(new { Store = new StoreOptions(postgreSql) }));
}
