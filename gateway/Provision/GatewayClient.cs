using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Authentication;

namespace Quartier.Provision;

public sealed record Registration(string Id, string? MqttUser, string? MqttSecret, int MqttPort, DateTimeOffset Now, string Place, int TimePort);

/// <param name="Root">DER of what a device verifies the broker against.</param>
public sealed record GatewayTls(int Port, byte[] Root);

public sealed record Contact(bool Called, bool Revoked);

/// <summary>The gateway's registry, over HTTP, with the log-in of a facility account.</summary>
public sealed class GatewayClient(Uri gateway) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Known after the log-in; null where the gateway's own broker speaks no TLS.</summary>
    public GatewayTls? Tls { get; private set; }

    /// <exception cref="ProvisionProblem">Unreachable, or the log-in is refused.</exception>
    public void LogIn(string name, string password)
    {
        using var answer = Send(HttpMethod.Post, "api/provision/session", new { name, password });
        switch (answer.StatusCode)
        {
            case HttpStatusCode.OK:
                var session = answer.Content.ReadFromJsonAsync<Session>().GetAwaiter().GetResult();
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session!.Token);
                Tls = session.Tls;
                return;
            case HttpStatusCode.Unauthorized:
                throw new ProvisionProblem("gateway", "Anmeldung am Gateway abgelehnt.", "The gateway refused the log-in.",
                    "Name und Passwort eines Kontos der Haustechnik angeben (--user, QUARTIER_PASSWORD).", "Give name and password of a facility account (--user, QUARTIER_PASSWORD).");
            case HttpStatusCode.Forbidden:
                throw new ProvisionProblem("gateway", "Dieses Konto darf keine Geräte anmelden.", "This account may not register devices.",
                    "Ein Konto mit der Rolle Haustechnik oder Verwaltung nehmen.", "Use an account with the facility or admin role.");
            default:
                throw Unexpected("gateway", answer);
        }
    }

    /// <param name="id">Empty: the gateway makes one from the place.</param>
    public Registration Register(string kind, string id, string name, string place, string area, bool replace)
    {
        using var answer = Send(HttpMethod.Post, "api/provision/devices", new { kind, id, name, place, area, replace });
        return answer.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.Created => answer.Content.ReadFromJsonAsync<Registration>().GetAwaiter().GetResult()!,
            HttpStatusCode.Conflict => throw Refused(id, answer.Content.ReadFromJsonAsync<Refusal>().GetAwaiter().GetResult()!),
            _ => throw Unexpected("register", answer),
        };
    }

    /// <param name="since">Calls count from this moment of the gateway's clock.</param>
    public Contact ContactOf(string id, DateTimeOffset since)
    {
        using var answer = Send(HttpMethod.Get, $"api/provision/devices/{Uri.EscapeDataString(id)}?since={Uri.EscapeDataString(since.ToString("O", CultureInfo.InvariantCulture))}", null);
        return answer.StatusCode == HttpStatusCode.OK ? answer.Content.ReadFromJsonAsync<Contact>().GetAwaiter().GetResult()! : throw Unexpected("contact", answer);
    }

    public void Dispose() => http.Dispose();

    private HttpResponseMessage Send(HttpMethod method, string path, object? body)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
            return http.Send(request);
        }
        catch (HttpRequestException failure) when (failure.InnerException is AuthenticationException)
        {
            throw new ProvisionProblem("gateway", $"Dieser Rechner traut dem Zertifikat von {http.BaseAddress} nicht.", $"This computer does not trust the certificate of {http.BaseAddress}.",
                $"Hat das Gateway sein eigenes: {new Uri(http.BaseAddress!, "ca.pem")} hier als vertrauenswürdig einrichten, wie auf jedem Telefon. --gateway muss einen Namen aus dem Zertifikat nennen; die Uhr muss stimmen.",
                $"If it is the gateway's own: install {new Uri(http.BaseAddress!, "ca.pem")} as trusted here, as on each phone. --gateway has to say a name of the certificate; the clock has to be right.");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            throw new ProvisionProblem("gateway", $"Das Gateway {http.BaseAddress} ist nicht zu erreichen.", $"The gateway {http.BaseAddress} cannot be reached.",
                "Läuft es, stimmt --gateway, ist der Rechner im richtigen Netz?", "Is it running, is --gateway right, is this machine in the right network?");
        }
    }

    private static ProvisionProblem Refused(string id, Refusal refusal) => refusal.Reason switch
    {
        "registered" => new ProvisionProblem("register", $"{id} ist schon angemeldet.", $"{id} is registered already.",
            "Soll dieses Gerät das alte ersetzen, mit --replace wiederholen; sonst eine andere --id wählen.", "To replace the old device repeat with --replace; else choose another --id."),
        "area-change" => new ProvisionProblem("register", $"{id} gehört zu einem anderen Quartier.", $"{id} belongs to another area.",
            "--area weglassen. Ein anderes Quartier bekommt das Gerät auf der Seite Geräte: freigegebene Zahlen hängen daran.",
            "Leave --area out. The page of devices moves a device to another area: released figures stand on it."),
        "other-kind" => new ProvisionProblem("register", $"{id} ist als Gerät anderer Art angemeldet.", $"{id} is registered as a device of another kind.",
            "Eine andere Kennung wählen.", "Choose another id."),
        _ => new ProvisionProblem("register", $"{id} geht nicht: {refusal.Sentence}.", $"{id} is not possible: {refusal.Sentence}.",
            "Eine andere Kennung wählen.", "Choose another id."),
    };

    private static ProvisionProblem Unexpected(string step, HttpResponseMessage answer)
    {
        var text = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        var detail = text.Length is > 0 and <= 200 ? text.Trim('"') : "";
        return new ProvisionProblem(step, $"Das Gateway antwortet mit {(int)answer.StatusCode}. {detail}".TrimEnd(), $"The gateway answers {(int)answer.StatusCode}. {detail}".TrimEnd(),
            answer.StatusCode == HttpStatusCode.TooManyRequests ? "Eine Minute warten und noch einmal starten." : "Angaben prüfen; das Protokoll des Gateways nennt den Grund.",
            answer.StatusCode == HttpStatusCode.TooManyRequests ? "Wait a minute and start again." : "Check the values; the gateway's log names the reason.");
    }

    private sealed record Session(string Token, GatewayTls? Tls);

    private sealed record Refusal(string Reason, string Sentence);
}
