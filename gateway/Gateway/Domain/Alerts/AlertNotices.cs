using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Outputs.Outbox;

namespace Quartier.Gateway.Domain.Alerts;

/// <summary>What telling people needs to know.</summary>
/// <param name="Source">This gateway's name in events.</param>
/// <param name="ListeningSince">When this gateway began to listen; see <see cref="AlertRules.IsSilent"/>.</param>
/// <param name="Retention">How long stays, silences and letters are kept (design §8).</param>
public sealed record AlertSettings(NotifyOptions Notify, string Source, Duration Heartbeat, Instant ListeningSince, Duration Retention)
{
    /// <summary>"mail" where a mail server is configured, else the demo mailbox.</summary>
    public string LetterChannel => Notify.Smtp is null ? MailboxChannel.ChannelName : SmtpChannel.ChannelName;

    public IReadOnlyList<string> Recipients => Notify.Team.Length > 0 ? Notify.Team : ["team@localhost"];

    public static AlertSettings From(GatewayOptions options) => new(
        options.Notify ?? new NotifyOptions(), options.PublicUrl?.ToString() ?? "urn:quartier", options.ShelterHeartbeat, options.ListeningSince ?? Instant.MinValue, options.RawRetention);
}

/// <summary>Everything about cases that happens by the clock: silence noticed, people told and told again, old cases forgotten.
/// Called once a second by Duties, inside its transaction: a case and its letters change together or not at all.</summary>
public static class AlertNotices
{
    public static readonly Duration SafetyKept = Duration.FromDays(400);

    public static void Step(SqliteConnection db, AlertSettings settings, Instant now)
    {
        foreach (var (pod, lastHeardAt) in AlertsTable.HeardBefore(db, now - AlertRules.SilentAfter(settings.Heartbeat)))
        {
            if (AlertRules.IsSilent(lastHeardAt, settings.ListeningSince, now, settings.Heartbeat))
            {
                AlertDesk.TakeSilence(db, pod, lastHeardAt);
            }
        }

        foreach (var alert in AlertsTable.NoticeDue(db, now))
        {
            Tell(db, settings, alert, now);
        }

        AlertsTable.Forget(db, now - settings.Retention, now - SafetyKept);
        LinksTable.Forget(db, now - settings.Retention);
    }

    /// <summary>Tells other systems, not people, that somebody takes care: they can stop ringing.</summary>
    public static void TellAcknowledged(SqliteConnection db, AlertSettings settings, Alert alert, Instant now)
    {
        if (settings.Notify.Webhook is not null)
        {
            AddEvent(db, settings, alert, PlaceOf(db, settings, alert.Pod), "acknowledged", now);
        }
    }

    private static void Tell(SqliteConnection db, AlertSettings settings, Alert alert, Instant now)
    {
        var place = PlaceOf(db, settings, alert.Pod);
        var acknowledgeable = alert.IsOpen && AlertRules.IsSafety(alert.Kind);
        var told = new List<string>();
        foreach (var (recipient, number) in settings.Recipients.Select((address, index) => (address, index + 1)))
        {
            if (!IsBusy(db, alert, settings.LetterChannel, recipient))
            {
                AddLetter(db, settings, alert, place, recipient, number, acknowledgeable, now);
                told.Add(settings.LetterChannel);
            }
        }

        if (settings.Notify.Webhook is not null && !IsBusy(db, alert, WebhookChannel.TeamChannelName, WebhookChannel.TeamChannelName))
        {
            AddEvent(db, settings, alert, place, alert.IsOpen ? alert.Notices == 0 ? "raised" : "repeated" : "over", now);
            told.Add(WebhookChannel.TeamChannelName);
        }

        var after = AlertRules.Noticed(alert, now);
        AlertsTable.Save(db, after);
        AlertsTable.Note(db, alert.Id, now, "notice", "", string.Join(", ", told.Distinct()));
    }

    /// <summary>A channel that has not yet got rid of the notice before gets no repetition on top: it is trying all the time. That
    /// it is over follows in any case.</summary>
    private static bool IsBusy(SqliteConnection db, Alert alert, string channel, string recipient) =>
        alert.IsOpen && OutboxTable.HasUnsent(db, channel, Subject(alert, recipient));

    private static void AddLetter(
        SqliteConnection db, AlertSettings settings, Alert alert, Place place, string recipient, int number, bool acknowledgeable, Instant now)
    {
        var link = acknowledgeable ? LinksTable.Add(db, alert.Id, recipient, now) : null;
        var mail = new Mail(
            recipient,
            NoticeText.Subject(alert, place),
            NoticeText.Letter(alert, place, link, AcknowledgeLink.PagePlaceholder($"alerts/{alert.Id}")),
            Urgent: acknowledgeable,
            Thread: $"{KeyOf(alert)}-case");
        OutboxTable.Add(
            db,
            new NewMessage(
                settings.LetterChannel,
                Subject(alert, recipient),
                string.Create(CultureInfo.InvariantCulture, $"{KeyOf(alert)}-n{alert.Notices + 1}-r{number}"),
                JsonSerializer.Serialize(mail),
                now,
                now + settings.Retention),
            now);
    }

    private static void AddEvent(SqliteConnection db, AlertSettings settings, Alert alert, Place place, string what, Instant now)
    {
        var key = what == "acknowledged" ? $"{KeyOf(alert)}-acknowledged-{alert.AcknowledgedAt?.ToUnixTimeSeconds()}" : $"{KeyOf(alert)}-n{alert.Notices + 1}";
        var link = alert.IsOpen && alert.AcknowledgedAt is null && AlertRules.IsSafety(alert.Kind)
            ? LinksTable.Add(db, alert.Id, WebhookChannel.TeamChannelName, now)
            : null;
        var content = new JsonObject
        {
            ["case"] = alert.Id,
            ["kind"] = alert.Kind.ToString().ToLowerInvariant(),
            ["pod"] = alert.Pod,
            ["podName"] = place.Name,
            ["raisedAt"] = InstantPattern.ExtendedIso.Format(alert.RaisedAt),
            ["endedAt"] = alert.EndedAt is { } ended ? InstantPattern.ExtendedIso.Format(ended) : null,
            ["value"] = alert.Value,
            ["notice"] = alert.Notices + 1,
            ["acknowledgedBy"] = alert.AcknowledgedBy,
            ["text"] = NoticeText.Subject(alert, place),
            ["page"] = AcknowledgeLink.PagePlaceholder($"alerts/{alert.Id}"),
            ["acknowledge"] = link,
        };
        var happened = new CloudEvent(key, settings.Source, $"de.quartier.alert.{what}", $"case/{alert.Id}", now, content);
        OutboxTable.Add(
            db,
            new NewMessage(
                WebhookChannel.TeamChannelName, Subject(alert, WebhookChannel.TeamChannelName), key, happened.ToJson(), now, now + settings.Retention),
            now);
    }

    private static Place PlaceOf(SqliteConnection db, AlertSettings settings, string pod) =>
        RegistryTable.Find(db, pod) is { } device
            ? new Place(device.Name, settings.Notify.AreaInSubject ? device.Area : null)
            : new Place(pod, null);

    /// <summary>Orders the messages of one case to one recipient; one recipient's trouble holds up nobody else.</summary>
    private static string Subject(Alert alert, string recipient) => SubjectPrefix(alert.Id) + recipient;

    public static string SubjectPrefix(long id) => $"alert-{id}/";

    /// <summary>Unique for ever, also when the store is restored from a backup and counts its cases anew.</summary>
    private static string KeyOf(Alert alert) =>
        string.Create(CultureInfo.InvariantCulture, $"alert-{alert.Id}-{alert.RaisedAt.ToUnixTimeMilliseconds()}");
}
