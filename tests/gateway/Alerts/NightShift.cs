using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;
using Quartier.Simulator.Demo;
using Quartier.Tests.Gateway.Outbox;
using Quartier.Wire;

namespace Quartier.Tests.Gateway.Alerts;

/// <summary>The real gateway with the demo quarter at night, its clock in the test's hand, and street workers in front of it.</summary>
internal sealed partial class NightShift : IAsyncDisposable
{
    public const string Pod = DemoQuarter.Karlsplatz;

    private readonly DirectoryInfo folder = StoreFolder.Create("street");
    private readonly WebApplication app;
    private int sequence;

    private NightShift(NotifyOptions notify)
    {
        var options = DemoQuarter.In(new GatewayOptions
        {
            DataDirectory = folder.FullName, HttpPort = 0, MqttPort = -1, Notify = notify, PublicUrl = new Uri("https://nester.example/"),
        });
        app = GatewayHost.Build(options, Clock);
    }

    public StandingClock Clock { get; } = new(Instant.FromUtc(2026, 11, 21, 22, 0));

    public Database Store => app.Services.GetRequiredService<Database>();

    public GatewayHealth Health => app.Services.GetRequiredService<GatewayHealth>();

    public LinkKey Key => app.Services.GetRequiredService<LinkKey>();

    public static async Task<NightShift> Begin(params string[] team)
    {
        var shift = new NightShift(new NotifyOptions { Team = team });
        await shift.app.StartAsync();
        return shift;
    }

    public void Pass(int minutes)
    {
        Clock.Pass(Duration.FromMinutes(minutes));
        Tick();
    }

    /// <summary>One tick of the host's timer, and everything that is due leaves.</summary>
    public void Tick()
    {
        Duties.Step(Store, Clock.Now, [], app.Services.GetRequiredService<GatewayOptions>(), Health);
        Settle();
    }

    /// <summary>Waits until the host's pump has dealt with every letter to the mailbox.</summary>
    public void Settle()
    {
        using var changed = new SemaphoreSlim(0);
        void Wake(IReadOnlySet<string> tables) => changed.Release();
        Store.Changed += Wake;
        try
        {
            while (Store.Read(db => OutboxTable.Latest(db, 1000)).Any(message =>
                       message.Channel == ChannelNames.Mailbox && message.State is (OutboxState.Waiting or OutboxState.Sending)))
            {
                if (!changed.Wait(TimeSpan.FromSeconds(30)))
                {
                    throw new TimeoutException("The outbox does not move.");
                }
            }
        }
        finally
        {
            Store.Changed -= Wake;
        }
    }

    public void Alarm(AlarmKind kind, bool active = true)
    {
        sequence += active ? 1 : 0;
        Store.Write(db => AlertCases.Take(db, new AlarmReport(Pod, Clock.Now, kind, active, sequence, 0)));
        Tick();
    }

    /// <summary>An alarm under a number of the test's own choice.</summary>
    public void Alarm(AlarmKind kind, bool active, int number)
    {
        sequence = Math.Max(sequence, number);
        Store.Write(db => AlertCases.Take(db, new AlarmReport(Pod, Clock.Now, kind, active, number, 0)));
        Tick();
    }

    public void Status(Occupancy occupancy, bool smoke = false)
    {
        var status = new PodStatus
        {
            Occupancy = occupancy,
            Reason = OccupancyReason.Starting,
            Smoke = smoke,
        };
        Store.Write(db =>
        {
            Quartier.Gateway.Domain.Registry.RegistryTable.Heard(db, Pod, Clock.Now);
            AlertCases.Take(db, new ShelterObservation(Pod, Clock.Now, status));
        });
        Tick();
    }

    public IReadOnlyList<(OutboxMessage Message, Mail Letter)> Letters() =>
        [.. Store.Read(db => OutboxTable.Latest(db, 1000)).Reverse().Select(message => (message, JsonSerializer.Deserialize<Mail>(message.Payload)!))];

    public IEnumerable<string> Subjects() => Letters().Select(letter => letter.Letter.Subject);

    /// <summary>The path of the one-time link in the newest letter to this address, as it would stand in the mail.</summary>
    public string Link(string to) =>
        LinkInText().Match(AcknowledgeLink.Fill(Key, "https://nester.example", Letters().Last(letter => letter.Letter.To == to).Letter.Text)).Value["https://nester.example".Length..];

    public HttpClient Phone() => new(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) };

    public async Task<HttpClient> LogIn(string name)
    {
        var phone = Phone();
        var answer = await Post(phone, "/log-in", "/log-in", new() { ["name"] = name, ["password"] = $"{name}-demo" });
        return answer.StatusCode == HttpStatusCode.Found ? phone : throw new InvalidOperationException($"log-in of {name}: {answer.StatusCode}");
    }

    public static async Task<HttpResponseMessage> Post(HttpClient phone, string from, string to, Dictionary<string, string>? fields = null)
    {
        fields ??= [];
        fields["__RequestVerificationToken"] = FormToken().Match(await phone.GetStringAsync(from)).Groups[1].Value;
        return await phone.PostAsync(to, new FormUrlEncodedContent(fields));
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    [GeneratedRegex(@"https://nester\.example/l/\S+")]
    private static partial Regex LinkInText();
}
