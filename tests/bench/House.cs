using System.Data.Common;
using System.Net;
using System.Text.RegularExpressions;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Pages;

namespace Quartier.Tests.Bench;

/// <summary>A whole gateway with its console, two hundred pods and the people who have it open.</summary>
internal static partial class House
{
    public const int Pods = 200;

    /// <summary>Few enough for the log-in's limits by address, many enough for the streams' limits by account.</summary>
    public const int StreetWorkers = 10;

    public const string Editor = "editor";

    private const string Password = "bench-password-1";

    public static string StreetWorker(int number) => $"street-{number}";

    public static string PodName(int pod) => $"Nest {pod:000}";

    public static void Seed(DbConnection db, Instant now)
    {
        for (var pod = 0; pod < Pods; pod++)
        {
            RegistryTable.Add(db, Device.New(Load.DevEui(pod), DeviceKind.Shelter, PodName(pod), "Alter Eselsberg", "Eselsberg", now));
        }

        AccountsTable.Put(db, Editor, Password, [Roles.Editor], "bench");
        for (var number = 0; number < StreetWorkers; number++)
        {
            AccountsTable.Put(db, StreetWorker(number), Password, [Roles.Street], "bench");
        }
    }

    public static async Task<HttpClient> LogInAsync(Uri console, string name, CancellationToken stop)
    {
        var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = console, Timeout = Timeout.InfiniteTimeSpan };
        browser.DefaultRequestHeaders.AcceptLanguage.ParseAdd("de");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["name"] = name,
            ["password"] = Password,
            [TokenName] = TokenOf(await browser.GetStringAsync("/log-in", stop)),
        });
        using var answer = await browser.PostAsync("/log-in", form, stop);
        return answer.StatusCode == HttpStatusCode.Redirect ? browser : throw new InvalidDataException($"{name} could not log in: {answer.StatusCode}");
    }

    public const string TokenName = "__RequestVerificationToken";

    public static string TokenOf(string page) => Token().Match(page).Groups[1].Value;

    /// <summary>A network server's event with the moment it happens at.</summary>
    public static byte[] Uplink(int pod, int number, int port, byte[] data) => System.Text.Encoding.UTF8.GetBytes(
        $$$"""{"deduplicationId":"{{{Guid.NewGuid()}}}","time":"{{{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.ffffffZ}}}","deviceInfo":{"tenantName":"Stadt Ulm","applicationId":"17c82e96-be03-4f38-aef3-f83d48582d97","applicationName":"ulmer-nester","deviceName":"pod","devEui":"{{{Load.DevEui(pod)}}}"},"devAddr":"01020304","adr":true,"dr":5,"fCnt":{{{number}}},"fPort":{{{port}}},"confirmed":false,"data":"{{{Convert.ToBase64String(data)}}}","rxInfo":[{"gatewayId":"0016c001f153a14c","uplinkId":1,"rssi":-97,"snr":7.5,"crcStatus":"CRC_OK"}],"txInfo":{"frequency":868100000,"modulation":{"lora":{"bandwidth":125000,"spreadingFactor":7,"codeRate":"CR_4_5"} } } }""");

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]*)\"")]
    private static partial Regex Token();
}

internal static class Percentile
{
    public static double Of(IEnumerable<double> values, int percent)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
    }
}
