using System.CommandLine;
using Quartier.Simulator.Demo;

namespace Quartier.Simulator.Window;

/// <summary>`demo`: the whole quarter on this machine until it is stopped.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Keep the gateway's store in this folder; default: a fresh one that is deleted at the end" };
        var http = new Option<int>("--http-port") { Description = "Console; the next free port is taken", DefaultValueFactory = _ => 8080 };
        var mqtt = new Option<int>("--mqtt-port") { Description = "Embedded broker", DefaultValueFactory = _ => 1883 };
        var port = new Option<int>("--window-port") { Description = "Window to the quarter", DefaultValueFactory = _ => 8081 };
        var seed = new Option<ulong>("--seed") { Description = "Chance of weather, radio and people", DefaultValueFactory = _ => 1 };
        var speed = new Option<int>("--speed") { Description = "Time-lapse: 1, 10, 60 or 600", DefaultValueFactory = _ => 1 };
        speed.AcceptOnlyFromAmong("1", "10", "60", "600");
        var people = new Option<bool>("--people") { Description = "Guests come and go by themselves" };
        var command = new Command("demo", "Gateway, two pods, one screen and a browser window, on this machine") { data, http, mqtt, port, seed, speed, people };
        command.SetAction((parsed, stop) => Run(
            parsed.GetValue(data),
            folder => new DemoOptions
            {
                DataDirectory = folder,
                HttpPort = parsed.GetValue(http),
                MqttPort = parsed.GetValue(mqtt),
                WindowPort = parsed.GetValue(port),
                Seed = parsed.GetValue(seed),
                Speed = parsed.GetValue(speed),
                People = parsed.GetValue(people),
            },
            stop));
        return command;
    }

    private static async Task<int> Run(string? data, Func<string, DemoOptions> options, CancellationToken stop)
    {
        var fresh = data is null ? Directory.CreateTempSubdirectory("quartier-demo-") : null;
        try
        {
            await using var demo = await Demo.StartAsync(options(data ?? fresh!.FullName), stop);
            Greet(demo);
            demo.Pacer.Failed += () => Console.Error.WriteLine(demo.Pacer.Failure);
            await demo.WaitForShutdownAsync(stop);
            Console.WriteLine("Auf Wiedersehen / good-bye");
            return demo.Pacer.Failure is null ? 0 : 1;
        }
        catch (IOException cause) when (cause.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            Console.Error.WriteLine($"{cause.Message} Start again, or choose ports: --http-port, --mqtt-port, --window-port.");
            return 1;
        }
        finally
        {
            fresh?.Delete(recursive: true);
        }
    }

    private static void Greet(Demo demo)
    {
        Console.WriteLine($"""

              Das Quartier lebt / the quarter is alive

              Fenster / window      {demo.WindowUrl}     Schlafkapseln, Bildschirm, Zeitraffer / pods, screen, time-lapse
              Konsole / console     {demo.GatewayUrl}     Lageübersicht / live board
              Broker                mqtt://localhost:{demo.MqttPort}
              Speicher / store      {demo.Options.DataDirectory}

              Zugänge / log-ins     Name        Passwort / password
            """);
        foreach (var account in DemoQuarter.Accounts)
        {
            Console.WriteLine($"                        {account.Name,-11} {account.Password,-16} {account.German} / {account.English}");
        }

        Console.WriteLine("\n  Service-Anschlüsse / service ports (./quartier provision --port P)");
        foreach (var (device, name) in demo.Devices)
        {
            Console.WriteLine($"                        {demo.ServicePortOf(device) ?? "–",-13} {name} ({device})");
        }

        Console.WriteLine("\n  Beenden mit Strg+C / stop with Ctrl+C\n");
    }
}
