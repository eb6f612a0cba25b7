using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Domain.Alerts;

/// <summary>What telling people needs to know.</summary>
/// <param name="Source">This gateway's name in events.</param>
/// <param name="ListeningSince">When this gateway began to listen; see <see cref="AlertRules.IsSilent"/>.</param>
/// <param name="Retention">How long stays, silences and letters are kept (design §8).</param>
public sealed record AlertSettings(string Source, Duration Heartbeat, Instant ListeningSince, Duration Retention)
{
    /// <summary>Mail where a mail server is configured, the mailbox where letters are kept; null: no letters.</summary>
    public string? LetterChannel { get; init; }

    /// <summary>The team's mail addresses; each gets its own letter with its own link.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    /// <summary>The team has a webhook.</summary>
    public bool HasTeamChannel { get; init; }

    /// <summary>Whether a subject line may say more than the pod's name (its area).</summary>
    public bool AreaInSubject { get; init; }
}

/// <summary>Everything about cases that happens by the clock: silence noticed, people told and told again, old cases forgotten.
/// Called once a second by Duties, each in a transaction: a case and its letters change together or not at all.</summary>
public static class AlertNotices
{
    public static readonly Duration SafetyKept = Duration.FromDays(90);

    /// <summary>A pod without radio repeats an alarm for weeks: its number has to be known by then, and says nothing about a stay.</summary>
    public static readonly Duration NumbersKept = Duration.FromDays(90);

    public static void NoticeSilence(DbConnection db, AlertSettings settings, Instant now)
    {
        foreach (var (pod, lastHeardAt) in AlertsTable.HeardBefore(db, now - AlertRules.SilentAfter(settings.Heartbeat)))
        {
            if (AlertRules.IsSilent(lastHeardAt, settings.ListeningSince, now, settings.Heartbeat))
            {
                AlertCases.TakeSilence(db, pod, lastHeardAt);
            }
        }
    }

    public static void Forget(DbConnection db, AlertSettings settings, Instant now)
    {
        AlertsTable.Forget(db, now - settings.Retention, now - NumbersKept, now - SafetyKept);
        LinksTable.Forget(db, now - settings.Retention);
    }

    /// <summary>Tells people of one of <see cref="AlertsTable.NoticeDue"/>'s cases.</summary>
    public static void Tell(DbConnection db, AlertSettings settings, long id, Instant now)
    {
        if (AlertsTable.Find(db, id) is { } alert)
        {
            Tell(db, settings, alert, now);
        }
    }

    private static void Tell(DbConnection db, AlertSettings settings, Alert alert, Instant now)
    {
        var outOfService = SheltersTable.Find(db, alert.Pod)?.Out;
        var notice = new Notice(alert, PlaceOf(db, settings, alert.Pod), ToldOfNewest(db, alert)) { Out = outOfService };
        if (AlertRules.IsHeldBack(alert, notice.IsCall, outOfService is not null))
        {
            AlertsTable.Save(db, alert with { NextNoticeAt = null });
            AlertsTable.Note(db, alert.Id, now, "held-back", "");
            return;
        }

        var told = new List<string>();
        var addressees = Addressees(db, settings, notice);
        foreach (var (addressee, number) in addressees.Select((one, index) => (one, index + 1)))
        {
            if (IsBusy(db, notice, addressee))
            {
                continue;
            }

            if (addressee.Channel == ChannelNames.Team)
            {
                AddEvents(db, settings, notice, now);
            }
            else
            {
                AddLetter(db, settings, notice, addressee, number, now);
            }

            told.Add(addressee.Channel);
        }

        AlertsTable.Save(db, AlertRules.Noticed(alert, now, notice.Told));
        AlertsTable.Note(db, alert.Id, now, "notice", "", string.Join(", ", told.Distinct()));
    }

    /// <summary>How often people were told since the case's newest alarm.</summary>
    private static int ToldOfNewest(DbConnection db, Alert alert) =>
        AlertsTable.History(db, alert.Id).Reverse().TakeWhile(item => item.What is not ("raised" or "called-again")).Count(item => item.What == "notice");

    /// <summary>A call goes to the whole team; that somebody has taken the case, or that it is over, to everybody who was
    /// called, by the channel that called them.</summary>
    private static IReadOnlyList<Addressee> Addressees(DbConnection db, AlertSettings settings, Notice notice)
    {
        Addressee[] team = settings.LetterChannel is { } letters ? [.. settings.Recipients.Select(address => new Addressee(letters, address))] : [];
        team = !settings.HasTeamChannel ? team : [.. team, new Addressee(ChannelNames.Team, ChannelNames.Team)];
        if (team.Length == 0)
        {
            // Said once for each case: a row every quarter of an hour would tell no more.
            return notice.Alert.Notices == 0 ? [new Addressee(ChannelNames.Nobody, ChannelNames.Nobody)] : [];
        }

        if (notice.IsCall)
        {
            return team;
        }

        var prefix = SubjectPrefix(notice.Alert.Id);
        Addressee[] called = [.. OutboxTable.OfSubjectsBeginning(db, prefix)
            .Select(message => new Addressee(message.Channel, message.Subject[prefix.Length..]))
            .Where(one => team.Any(member => member.Channel == one.Channel))
            .Distinct()];
        return called.Length > 0 ? called : team;
    }

    /// <summary>A channel that has not yet got rid of the notice before gets no repetition on top: it is trying all the time. A new
    /// alarm, that somebody has taken the case, or that it is over, follows in any case.</summary>
    private static bool IsBusy(DbConnection db, Notice notice, Addressee addressee) =>
        notice.IsUnanswered && notice.Told > 0 && OutboxTable.HasUnsent(db, addressee.Channel, Subject(notice.Alert, addressee.Recipient));

    private static void AddLetter(DbConnection db, AlertSettings settings, Notice notice, Addressee addressee, int number, Instant now)
    {
        var alert = notice.Alert;
        var isForSomebody = addressee.Channel != ChannelNames.Nobody;
        var link = isForSomebody && notice.IsUnanswered && AlertRules.IsSafety(alert.Kind) ? LinksTable.Add(db, alert.Id, addressee.Recipient, now) : null;
        var mail = new Mail(
            addressee.Recipient,
            NoticeText.Subject(notice),
            NoticeText.Letter(notice, link, AcknowledgeLink.PagePlaceholder($"alerts/{alert.Id}")),
            Urgent: alert.IsOpen && notice.IsCall && AlertRules.IsSafety(alert.Kind),
            Thread: $"{KeyOf(alert)}-case");
        OutboxTable.Add(
            db,
            new NewMessage(
                addressee.Channel,
                Subject(alert, addressee.Recipient),
                string.Create(CultureInfo.InvariantCulture, $"{KeyOf(alert)}-n{alert.Notices + 1}-r{number}"),
                JsonSerializer.Serialize(mail),
                now,
                now + settings.Retention,
                AlertRules.IsSafety(alert.Kind)),
            now);
    }

    /// <summary>A receiver that begins to ring on "raised" has to hear "acknowledged" or "over" as an event of its own, and a second
    /// fire as "raised" again.</summary>
    private static void AddEvents(DbConnection db, AlertSettings settings, Notice notice, Instant now)
    {
        var alert = notice.Alert;
        if (notice.IsCall)
        {
            AddEvent(db, settings, notice, notice.Told == 0 ? "raised" : "repeated", "", now);
        }

        if (!notice.IsUnanswered)
        {
            var what = alert.IsOpen ? "acknowledged" : "over";
            AddEvent(db, settings, notice with { IsNews = true }, what, "-" + what, now);
        }
    }

    private static void AddEvent(DbConnection db, AlertSettings settings, Notice notice, string what, string keyEnd, Instant now)
    {
        var alert = notice.Alert;
        var key = $"{KeyOf(alert)}-n{alert.Notices + 1}{keyEnd}";
        var link = notice.IsUnanswered && AlertRules.IsSafety(alert.Kind)
            ? LinksTable.Add(db, alert.Id, ChannelNames.Team, now)
            : null;
        var content = new JsonObject
        {
            ["case"] = alert.Id,
            ["kind"] = alert.Kind.ToString().ToLowerInvariant(),
            ["pod"] = alert.Pod,
            ["podName"] = notice.Place.Name,
            ["raisedAt"] = InstantPattern.ExtendedIso.Format(alert.RaisedAt),
            ["endedAt"] = alert.EndedAt is { } ended ? InstantPattern.ExtendedIso.Format(ended) : null,
            ["value"] = alert.Value,
            ["notice"] = alert.Notices + 1,
            ["acknowledgedBy"] = alert.AcknowledgedBy,
            ["outOfService"] = notice.Out is not null,
            ["text"] = NoticeText.Subject(notice),
            ["page"] = AcknowledgeLink.PagePlaceholder($"alerts/{alert.Id}"),
            ["acknowledge"] = link,
        };
        var happened = new CloudEvent(key, settings.Source, $"de.quartier.alert.{what}", $"case/{alert.Id}", now, content);
        OutboxTable.Add(
            db,
            new NewMessage(
                ChannelNames.Team, Subject(alert, ChannelNames.Team), key, happened.ToJson(), now, now + settings.Retention, AlertRules.IsSafety(alert.Kind)),
            now);
    }

    private static Place PlaceOf(DbConnection db, AlertSettings settings, string pod) =>
        RegistryTable.Find(db, pod) is { } device
            ? new Place(device.Name, settings.AreaInSubject ? device.Area : null)
            : new Place(pod, null);

    /// <summary>Orders the messages of one case to one recipient; one recipient's trouble holds up nobody else.</summary>
    private static string Subject(Alert alert, string recipient) => SubjectPrefix(alert.Id) + recipient;

    public static string SubjectPrefix(long id) => $"alert-{id}/";

    /// <summary>Unique for ever, also when the store is restored from a backup and counts its cases anew.</summary>
    private static string KeyOf(Alert alert) =>
        string.Create(CultureInfo.InvariantCulture, $"alert-{alert.Id}-{alert.RaisedAt.ToUnixTimeMilliseconds()}");

    /// <summary>Who hears of a case, by which channel; the webhook is its own recipient.</summary>
    private sealed record Addressee(string Channel, string Recipient);
}
