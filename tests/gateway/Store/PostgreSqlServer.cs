using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;

namespace Quartier.Tests.Gateway;

/// <summary>Debian's PostgreSQL on a socket in a folder of its own, for as long as this process lives. It promises nothing over a power cut.</summary>
internal sealed class PostgreSqlServer
{
    private const string Template = "quartier_template";

    private readonly string folder = Directory.CreateTempSubdirectory("quartier-pg-").FullName;
    private readonly ConcurrentDictionary<string, DirectoryInfo> used = [];
    private int count;

    private static string Programs => Directory.GetDirectories("/usr/lib/postgresql").Max(StringComparer.Ordinal) is { } newest ? Path.Combine(newest, "bin") : "";

    public static PostgreSqlServer Start()
    {
        var server = new PostgreSqlServer();
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root.
            Run("chown", "postgres", server.folder);
        }

        var data = Path.Combine(server.folder, "data");
        RunAs("initdb", "-D", data, "-U", "quartier", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        RunAs("pg_ctl", "-D", data, "-w", "-l", Path.Combine(server.folder, "log"), "-o",
            $"-k {server.folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=500 -c autovacuum=off", "start");
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            RunAs("pg_ctl", "-D", data, "-m", "immediate", "stop");
            Directory.Delete(server.folder, recursive: true);
        };
        server.MakeTemplate();
        return server;
    }

    /// <returns>Settings of a database that is dropped once the test has deleted its folder.</returns>
    public string CreateDatabase(DirectoryInfo of)
    {
        using var server = new NpgsqlConnection(Settings("postgres"));
        server.Open();
        foreach (var (past, _) in used.Where(database => !Directory.Exists(database.Value.FullName)))
        {
            if (used.TryRemove(past, out _))
            {
                Do(server, $"DROP DATABASE {past} WITH (FORCE)");
            }
        }

        var name = $"test{Interlocked.Increment(ref count)}";
        Do(server, $"CREATE DATABASE {name} TEMPLATE {Template}");
        used[name] = of;
        return Settings(name);
    }

    private void MakeTemplate()
    {
        using var server = new NpgsqlConnection(Settings("postgres"));
        server.Open();
        Do(server, $"CREATE DATABASE {Template}");
        var data = Directory.CreateTempSubdirectory("quartier-template-");
        StoreFolder.Name(data, Settings(Template));
        Database.Open(data.FullName, Tables.All).Dispose();
        data.Delete(recursive: true);
    }

    private string Settings(string database) => $"Host={folder};Username=quartier;Database={database};Pooling=false";

    private static void Do(NpgsqlConnection server, string text)
    {
        using var command = new NpgsqlCommand(text, server);
        command.ExecuteNonQuery();
    }

    private static void RunAs(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs, program);
        if (Environment.UserName == "root")
        {
            Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }
}
