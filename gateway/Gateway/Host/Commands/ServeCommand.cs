using System.CommandLine;
using System.Net;
using NodaTime;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host.Commands;

/// <summary>serve: broker and console until it is stopped.</summary>
public static class ServeCommand
{
    public static Command Create()
    {
        var data = CommandLine.DataOption();
        var http = new Option<int>("--http-port") { Description = "Port of the console; 0 takes a free one, -1 none.", DefaultValueFactory = _ => 8080 };
        var mqtt = new Option<int>("--mqtt-port") { Description = "Port of the embedded broker; 0 takes a free one, -1 none.", DefaultValueFactory = _ => 1883 };
        var https = new Option<int?>("--https-port") { Description = "Port of the console with TLS; else 8443 off the loopback, none on it. 0 takes a free one, -1 none." };
        var mqttTls = new Option<int?>("--mqtt-tls-port") { Description = "Port of the embedded broker with TLS; else 8883 off the loopback, none on it. 0 takes a free one, -1 none." };
        var time = new Option<int?>("--time-port") { Description = "UDP port where screens are told the time, and that this is their gateway; else the number of --mqtt-port. 0 takes a free one, -1 none." };
        var insecure = new Option<bool>("--insecure") { Description = "Take connections without TLS from other machines too: whoever listens on the network reads passwords and reports." };
        var certificate = new Option<string?>("--certificate") { Description = "File with a certificate for the pages, PEM (with those between after it) or PFX; else the gateway makes its own. Read again when it changes. Password of a PFX or key: QUARTIER_CERTIFICATE_PASSWORD." };
        var key = new Option<string?>("--certificate-key") { Description = "File with the certificate's key, PEM; else it lies with the certificate." };
        var clients = new Option<string?>("--client-authority") { Description = "File with the authority of client certificates, PEM: a network server that shows one made out to its log-in needs no password at the broker's TLS port." };
        var listen = new Option<string>("--listen") { Description = "Address to listen on. Off the loopback only with TLS; ports without are then for this machine alone.", DefaultValueFactory = _ => "127.0.0.1" };
        var hosts = new Option<string[]>("--host-name") { Description = "Further name that the console answers under, by repeating it more than one. Addresses in digits, localhost, this machine's name and the one of --public-url always hold." };
        var address = new Option<string?>("--public-url") { Description = "Address people reach the console under, for the links in notices: https://nester.example.org/." };
        var prefix = new Option<string>("--topic-prefix") { Description = "Segments in front of the network server's application/… topics.", DefaultValueFactory = _ => "" };
        var admit = new Option<bool>("--admit-unknown") { Description = "Register unknown devices on their first message." };
        var anonymous = new Option<bool>("--anonymous-mqtt") { Description = "Let clients without a password use the broker. Only on the loopback." };
        var command = new Command("serve", "Runs the gateway: embedded broker and console.") { data, http, https, mqtt, mqttTls, time, listen, insecure, certificate, key, clients, hosts, address, prefix, admit, anonymous };
        Check(listen, address, http, https, mqtt, mqttTls, time);
        command.SetAction((parsed, stop) => Serve(
            new GatewayOptions
            {
                DataDirectory = parsed.GetRequiredValue(data),
                HttpPort = parsed.GetRequiredValue(http),
                MqttPort = parsed.GetRequiredValue(mqtt),
                HttpsPort = parsed.GetValue(https),
                MqttTlsPort = parsed.GetValue(mqttTls),
                TimePort = parsed.GetValue(time),
                Insecure = parsed.GetValue(insecure),
                Certificate = parsed.GetValue(certificate),
                CertificateKey = parsed.GetValue(key),
                ClientAuthority = parsed.GetValue(clients),
                CertificatePassword = Environment.GetEnvironmentVariable("QUARTIER_CERTIFICATE_PASSWORD"),
                Listen = parsed.GetRequiredValue(listen),
                HostNames = parsed.GetValue(hosts) ?? [],
                PublicUrl = Uri.TryCreate(parsed.GetValue(address), UriKind.Absolute, out var url) ? url : null,
                TopicPrefix = parsed.GetRequiredValue(prefix).Trim('/'),
                AdmitUnknown = parsed.GetValue(admit),
                AnonymousMqtt = parsed.GetValue(anonymous),
            },
            stop));
        return command;
    }

    private static void Check(Option<string> listen, Option<string?> address, params Option[] ports)
    {
        listen.Validators.Add(given =>
        {
            if (!IPAddress.TryParse(given.GetValueOrDefault<string>(), out _))
            {
                given.AddError($"--listen needs an address in digits, such as 127.0.0.1, 0.0.0.0 or ::1, and not \"{given.GetValueOrDefault<string>()}\"");
            }
        });
        foreach (var port in ports)
        {
            port.Validators.Add(given =>
            {
                if (given.GetValueOrDefault<int?>() is < -1 or > ushort.MaxValue)
                {
                    given.AddError($"{port.Name} needs a port from 0 to {ushort.MaxValue}, or -1 for none");
                }
            });
        }

        address.Validators.Add(given =>
        {
            if (!Uri.TryCreate(given.GetValueOrDefault<string?>(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            {
                given.AddError("--public-url needs an address such as https://nester.example.org/");
            }
        });
    }

    private static async Task<int> Serve(GatewayOptions options, CancellationToken stop)
    {
        if (options.AnonymousMqtt && !IPAddress.IsLoopback(IPAddress.Parse(options.Listen)))
        {
            return CommandLine.Usage("--anonymous-mqtt is for the loopback only: leave --listen out.");
        }

        if (options is { CertificateKey: not null, Certificate: null })
        {
            return CommandLine.Usage("--certificate-key is for --certificate.");
        }

        var notify = NotifyOptions.Read(options.DataDirectory, out var fault);
        if (notify is null || notify.Faults().Count > 0)
        {
            return CommandLine.Usage(fault ?? string.Join('\n', notify!.Faults()));
        }

        if (OwnSettings.Faults(options.DataDirectory, GatewayOptions.Sections) is { Count: > 0 } unknown)
        {
            return CommandLine.Usage(string.Join('\n', unknown));
        }

        try
        {
            options = options with { Brokers = OutsideOptions.Read(options.DataDirectory) };
        }
        catch (InvalidOperationException wrong)
        {
            return CommandLine.Usage(wrong.Message);
        }

        foreach (var word in OwnSettings.Notes(options.DataDirectory).Concat(notify.Warnings()).Concat(options.Brokers.SelectMany(broker => broker.Value.Warnings(broker.Key))))
        {
            await Console.Error.WriteLineAsync(word);
        }

        await using var app = GatewayHost.Build(options, TimeProvider.System);
        await app.StartAsync(stop);
        PrintPorts(app, options);
        if (app.Services.GetRequiredService<Endpoints>().Best is { } address)
        {
            FirstLogIn(app, options, address);
        }

        Console.WriteLine("ready");
        await app.WaitForShutdownAsync(stop);
        return CommandLine.Done;
    }

    private static void PrintPorts(WebApplication app, GatewayOptions options)
    {
        var endpoints = app.Services.GetRequiredService<Endpoints>();
        string?[] lines =
        [
            Endpoints.SecureConsole(app) is { } secure ? $"console {secure}" : null,
            Endpoints.Console(app) is { } plain ? $"console {plain}" : null,
            Endpoints.MqttTlsPort(app) is { } mqttTls ? $"mqtt-tls {options.Listen}:{mqttTls}" : null,
            Endpoints.MqttPort(app) is { } mqtt ? $"mqtt {endpoints.PlainAddress}:{mqtt}" : null,
            app.Services.GetRequiredService<DatagramResponder>().Port is > 0 and var time ? $"time {options.Listen}:{time}/udp" : null,
            endpoints.Certificates is { BrowsersAuthority: not null } && endpoints.Best is { } best ? $"browsers trust these pages once they have {best}ca.pem" : null,
        ];
        foreach (var line in lines.OfType<string>())
        {
            Console.WriteLine(line);
        }
    }

    /// <summary>A fresh store would have a console that nobody can enter. Made only once the ports are open: a start that fails
    /// must not use the password up.</summary>
    private static void FirstLogIn(WebApplication app, GatewayOptions options, Uri console)
    {
        var now = app.Services.GetRequiredService<IClock>().GetCurrentInstant();
        if (app.Services.GetRequiredService<Database>().Write(db => AccountChanges.AddFirst(db, now, "gateway")) is not { } password)
        {
            return;
        }

        var data = options.DataDirectory.Any(char.IsWhiteSpace) ? $"'{options.DataDirectory}'" : options.DataDirectory;
        Console.WriteLine($"""
            This store had no accounts, so an administrator was added. The password is shown this once:
            log-in {AccountChanges.FirstAdministrator} password {password}
            Next: log in at {console}log-in, then add an account for each colleague:
              ./quartier account add NAME --role {string.Join('|', Roles.All)} --data {data}
            Password lost: ./quartier account password {AccountChanges.FirstAdministrator} --data {data}
            """);
    }
}
