using Quartier.Gateway.Pages;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Domain.Alerts;

/// <summary>The store's words on pages.</summary>
public static class CaseWords
{
    public static string Event(AlertEvent item, ReaderLanguage say) => item.What switch
    {
        "raised" => say.Text("Begonnen", "Began") + (item.Detail.Length > 0 ? $" ({item.Detail})" : ""),
        "ended" => say.Text("Zustand zu Ende", "Condition ended"),
        "returned" => say.Text("Zustand ist wieder da", "Condition is back"),
        "called-again" => say.Text("Neuer Alarm in diesem Fall", "New alarm in this case"),
        "notice" => item.Detail.Length > 0
            ? say.Text("Meldung: ", "Notice: ") + string.Join(", ", item.Detail.Split(", ").Select(channel => Channel(channel, say)))
            : say.Text("Meldung fällig, die vorige ist noch unterwegs", "Notice due, the one before is still on its way"),
        "held-back" => say.Text("Niemand gerufen: Kapsel außer Betrieb", "Nobody called: pod out of service"),
        "acknowledged" => say.Text($"{item.Who} kümmert sich", $"{item.Who} takes care of it"),
        "resolved" when item.Who == AlertCases.Device => say.Text("Vorbei, Fall abgeschlossen", "Over, case closed"),
        "resolved-falsealarm" => Closed(item, Alerts.Closing.FalseAlarm, say),
        "resolved-stillreports" => Closed(item, Alerts.Closing.StillReports, say),
        "resolved-outofservice" => Closed(item, Alerts.Closing.OutOfService, say),
        "resolved" => say.Text($"{item.Who} hat den Fall abgeschlossen", $"{item.Who} closed the case"),
        _ => item.What,
    };

    /// <summary>To somebody whose button came second: who was first, if anybody was.</summary>
    public static string Late(Alert alert, ReaderLanguage say) => (alert.AcknowledgedBy ?? alert.ResolvedBy) switch
    {
        null => say.Text("Dieser Fall ist noch offen.", "This case is still open."),
        Alert.ByCondition => say.Text("Der Zustand ist schon vorbei. Danke, Sie müssen nichts mehr tun.", "The condition is over already. Thank you, there is nothing left to do."),
        { } first => say.Text($"{first} war schneller. Danke, Sie müssen nichts mehr tun.", $"{first} was first. Thank you, there is nothing left to do."),
    };

    public static string Closing(Closing closing, ReaderLanguage say) => closing switch
    {
        Alerts.Closing.FalseAlarm => say.Text("Fehlalarm", "False alarm"),
        Alerts.Closing.StillReports => say.Text("Gefahr behoben, der Sensor meldet noch", "Dealt with, the sensor still reports"),
        _ => say.Text("Sensor oder Funk defekt, Kapsel außer Betrieb", "Sensor or radio dead, pod out of service"),
    };

    /// <summary>A closed case whose condition the pod still reports.</summary>
    public static string NotReady(AlertKind kind, ReaderLanguage say) =>
        say.Text("Nicht bereit, meldet noch: ", "Not ready, still reports: ") + NoticeText.Kind(kind, say);

    private static string Closed(AlertEvent item, Closing closing, ReaderLanguage say) =>
        say.Text($"{item.Who} hat den Fall abgeschlossen", $"{item.Who} closed the case") + $" ({Closing(closing, say)}): {item.Detail}";

    public static string Channel(string channel, ReaderLanguage say) => channel switch
    {
        ChannelNames.Mailbox => say.Text("Briefkasten dieses Rechners", "mailbox of this machine"),
        ChannelNames.Nobody => say.Text("Niemand erreichbar", "nobody to reach"),
        ChannelNames.Mail => say.Text("E-Mail", "e-mail"),
        ChannelNames.Team => say.Text("Teamkanal (Webhook)", "team channel (webhook)"),
        ChannelNames.Planning => say.Text("Planungsstelle", "planning backend"),
        _ => channel,
    };

    /// <summary>The channel and, where it goes to one person, the address: the last part of a subject.</summary>
    public static string To(OutboxMessage message, ReaderLanguage say) =>
        message.Channel is ChannelNames.Mailbox or ChannelNames.Mail
            ? $"{Channel(message.Channel, say)} · {message.Subject[(message.Subject.IndexOf('/') + 1)..]}"
            : Channel(message.Channel, say);

    public static string Delivery(OutboxMessage message, ReaderLanguage say) => message.State switch
    {
        OutboxState.Sent => say.Text("zugestellt", "delivered"),
        OutboxState.Sending => say.Text("wird gerade zugestellt", "being delivered"),
        OutboxState.Dead when message.Channel == ChannelNames.Nobody => say.Text("niemand wurde erreicht", "nobody was reached"),
        OutboxState.Dead => say.Text("nicht zustellbar", "cannot be delivered"),
        _ when message.Attempts > 0 => say.Text("wartet auf den nächsten Versuch", "waits for the next attempt"),
        _ => say.Text("wartet", "waiting"),
    };

    public static string Attempt(OutboxAttempt attempt, ReaderLanguage say) => attempt.Result switch
    {
        SendOutcome.Accepted => say.Text("angenommen", "accepted"),
        SendOutcome.Failed => say.Text("gescheitert, neuer Versuch folgt", "failed, tried again"),
        SendOutcome.Refused => say.Text("abgelehnt", "refused"),
        _ => say.Text("Ausgang unbekannt (läuft noch oder wurde unterbrochen)", "outcome unknown (running or interrupted)"),
    };
}
