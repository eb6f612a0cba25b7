using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>A message with everything that is known of it.</summary>
public sealed record Delivery(OutboxMessage Message, IReadOnlyList<OutboxAttempt> Attempts, Mail? Letter, string? Event);

/// <summary>"Zustellungen": what left the house, what could not, and a button to try again.</summary>
public static class DeliveriesApi
{
    private const int Shown = 100;

    public static void MapDeliveries(WebApplication app)
    {
        var group = app.MapGroup("/deliveries").RequireAuthorization(policy => policy.RequireRole(Roles.Street, Roles.Admin));
        group.MapGet("", async (Database database, IClock clock, ClaimsPrincipal person) => new RazorComponentResult<DeliveriesPage>(await List(database, clock, person)));
        group.MapGet("/list", async (Database database, IClock clock, ClaimsPrincipal person) => new RazorComponentResult<DeliveryList>(await List(database, clock, person)));
        group.MapGet("/{position:long}", One);
        group.MapPost("/{position:long}/replay", Replay);
    }

    /// <summary>What a message is about: a letter's subject, an event's own text, else its key.</summary>
    public static string HeadlineOf(OutboxMessage message) =>
        IsLetter(message) && JsonSerializer.Deserialize<Mail>(message.Payload) is { } mail ? mail.Subject
        : message.Channel == ChannelNames.Team && JsonNode.Parse(message.Payload)?["data"]?["text"] is JsonValue text ? text.ToString()
        : message.Key;

    private static bool IsLetter(OutboxMessage message) => message.Channel is ChannelNames.Mailbox or ChannelNames.Nobody or ChannelNames.Mail;

    private static async Task<Dictionary<string, object?>> List(Database database, IClock clock, ClaimsPrincipal person)
    {
        await LogLook(database, clock, person, "");
        return new()
        {
            ["Messages"] = database.Read(db => OutboxTable.Dead(db).Concat(OutboxTable.Latest(db, Shown)))
                .DistinctBy(message => message.Position).Where(message => MaySee(person, message)).ToList(),
            ["Now"] = clock.GetCurrentInstant(),
        };
    }

    private static async Task<Results<RazorComponentResult<DeliveryPage>, NotFound>> One(
        Database database, IClock clock, LinkKey key, PublicAddress address, ClaimsPrincipal person, long position)
    {
        var message = database.Read(db => OutboxTable.Find(db, position));
        if (message is null || !MaySee(person, message))
        {
            return TypedResults.NotFound();
        }

        await LogLook(database, clock, person, $"delivery {position}");
        // Only in the mailbox is the reader also the addressee: there the letter's link works.
        var payload = message.Channel == ChannelNames.Mailbox
            ? AcknowledgeLink.Fill(key, address.Current, message.Payload)
            : AcknowledgeLink.Hide(message.Payload, "[Link / link]");
        var letter = IsLetter(message) ? JsonSerializer.Deserialize<Mail>(payload) : null;
        return new RazorComponentResult<DeliveryPage>(new
        {
            Delivery = new Delivery(message, database.Read(db => OutboxTable.Attempts(db, position)), letter, letter is null ? payload : null),
            Now = clock.GetCurrentInstant(),
        });
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> Replay(
        Database database, IClock clock, IEnumerable<IDeliveryChannel> channels, ClaimsPrincipal person, long position)
    {
        var now = clock.GetCurrentInstant();
        var seen = await database.WriteAsync(db =>
        {
            if (OutboxTable.Find(db, position) is not { } message || !MaySee(person, message))
            {
                return false;
            }

            if (OutboxTable.Replay(db, position, now, channels))
            {
                AuditTable.Add(db, now, person.Identity!.Name!, "delivery.replayed", $"delivery {position}");
            }

            return true;
        });
        return seen ? TypedResults.LocalRedirect($"/deliveries/{position}") : TypedResults.NotFound();
    }

    private static Task LogLook(Database database, IClock clock, ClaimsPrincipal person, string at) => AuditedViews.Log(database, clock, person, "delivery.looked-at", at);

    // Letters to the team are for the team; what other parts send is for administrators.
    private static bool MaySee(ClaimsPrincipal person, OutboxMessage message) =>
        person.IsInRole(Roles.Admin) || (person.IsInRole(Roles.Street) && TeamChannels.Names.Contains(message.Channel));
}
