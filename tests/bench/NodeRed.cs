using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Quartier.Tests.Support;

namespace Quartier.Tests.Bench;

/// <summary>What a city would otherwise build: Mosquitto, and behind it a flow of Node-RED that puts each report into SQLite by its SQLite
/// node. The file is in WAL with synchronous=FULL, as ours; each row is a commit of its own, which is all that the node can do.</summary>
internal sealed class NodeRed : IDisposable
{
    private readonly Peer mosquitto;
    private readonly Process process;
    private readonly DirectoryInfo folder;
    private readonly SqliteConnection rows;

    private NodeRed(Peer mosquitto, Process process, DirectoryInfo folder, SqliteConnection rows)
    {
        this.mosquitto = mosquitto;
        this.process = process;
        this.folder = folder;
        this.rows = rows;
    }

    /// <summary>Processor time used so far, without Mosquitto's.</summary>
    public TimeSpan Processor
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<NodeRed> StartAsync()
    {
        var packages = NpmFolder.Install("tests/bench/peers", "bench-peers");
        var mosquitto = await Peer.MosquittoAsync();
        var folder = Directory.CreateTempSubdirectory("quartier-bench-");
        var database = Path.Combine(folder.FullName, "reports.db");
        var rows = new SqliteConnection($"Data Source={database}");
        rows.Open();
        Run(rows, "PRAGMA journal_mode=WAL");
        Run(rows, "CREATE TABLE reports (dev_eui TEXT, f_cnt INTEGER, port INTEGER, data TEXT)");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "flows.json"), Flow(mosquitto.Port, database).ToJsonString());
        var settings = Path.Combine(folder.FullName, "settings.js");
        await File.WriteAllTextAsync(settings, "module.exports = " + JsonSerializer.Serialize(new
        {
            userDir = folder.FullName,
            flowFile = "flows.json",
            httpAdminRoot = false,
            httpNodeRoot = false,
            uiPort = 0,
            uiHost = "127.0.0.1",
        }));
        var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(packages, "node_modules", "node-red", "red.js"), "--settings", settings]) { RedirectStandardOutput = true })!;
        await ConnectedAsync(process);
        return new NodeRed(mosquitto, process, folder, rows);
    }

    /// <summary>Reports per second from the first publish to the last row.</summary>
    public async Task<double> StoreAsync(int perDevice, int inFlight)
    {
        var wanted = Count() + (Load.Devices * perDevice);
        var clock = Stopwatch.StartNew();
        await Load.FanInAsync(mosquitto, perDevice, inFlight, Load.UplinkTopic, Load.UplinkPayload);
        while (Count() < wanted)
        {
            if (clock.Elapsed > Load.RunMax)
            {
                throw new InvalidDataException($"Node-RED stored {Count() - wanted} reports too few within {Load.RunMax}.");
            }

            await Task.Delay(10);
        }

        return Load.Devices * perDevice / clock.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        mosquitto.Dispose();
        rows.Dispose();
        folder.Delete(recursive: true);
    }

    private static JsonArray Flow(int port, string database) =>
    [
        Node("tab", "tab"),
        Node("broker", "mqtt-broker", ("broker", "127.0.0.1"), ("port", port.ToString(CultureInfo.InvariantCulture)), ("clientid", "node-red"), ("protocolVersion", "4"), ("keepalive", "60"), ("cleansession", true), ("autoConnect", true)),
        Node("db", "sqlitedb", ("db", database), ("mode", "RWC")),
        Node("in", "mqtt in", ("topic", "application/+/device/+/event/up"), ("qos", "1"), ("datatype", "json"), ("broker", "broker"), ("wires", new JsonArray(new JsonArray("take")))),
        Node("take", "function", ("func", "const e = msg.payload; msg.params = { $eui: e.deviceInfo.devEui, $count: e.fCnt, $port: e.fPort, $data: e.data }; return msg;"), ("outputs", 1), ("wires", new JsonArray(new JsonArray("store")))),
        Node("store", "sqlite", ("mydb", "db"), ("sqlquery", "prepared"), ("sql", "INSERT INTO reports VALUES ($eui, $count, $port, $data)"), ("wires", new JsonArray(new JsonArray()))),
    ];

    private static JsonObject Node(string id, string type, params (string Name, JsonNode Value)[] more)
    {
        var node = new JsonObject { ["id"] = id, ["type"] = type };
        if (more.Any(field => field.Name == "wires"))
        {
            node["z"] = "tab";
        }

        foreach (var (name, value) in more)
        {
            node[name] = value;
        }

        return node;
    }

    private static async Task ConnectedAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Load.RunMax);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains("Connected to broker", StringComparison.Ordinal))
            {
                // Whatever it says from here on must not fill the pipe.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return;
            }
        }

        throw new IOException("Node-RED did not start.");
    }

    private static void Run(SqliteConnection db, string sql)
    {
        using var command = db.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private long Count()
    {
        using var command = rows.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM reports";
        return (long)command.ExecuteScalar()!;
    }
}
