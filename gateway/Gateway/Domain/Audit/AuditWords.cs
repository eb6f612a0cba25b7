using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Domain.Audit;

/// <summary>The audit log's actions as people read them. The log keeps the words of the code: they must not change with a page.</summary>
public static class AuditWords
{
    private static readonly Dictionary<string, (string German, string English)> Words = new()
    {
        ["account.log-in"] = ("hat sich angemeldet", "logged in"),
        ["account.log-in-refused"] = ("Anmeldung abgelehnt", "log-in refused"),
        ["account.log-out"] = ("hat sich abgemeldet", "logged out"),
        ["account.added"] = ("Konto angelegt", "account added"),
        ["account.password-renewed"] = ("neues Passwort vergeben", "password renewed"),
        ["account.invited"] = ("Konto angelegt, mit Link für ein Passwort", "account added, with a link to choose a password"),
        ["account.password-reset"] = ("neuer Link für ein Passwort; das bisherige gilt nicht mehr", "a new link to choose a password; the old one is good no more"),
        ["account.password-chosen"] = ("hat mit dem Link ein Passwort gewählt", "chose a password by the link"),
        ["account.roles-changed"] = ("Aufgaben geändert", "roles changed"),
        ["account.password-changed"] = ("hat das eigene Passwort geändert", "changed their own password"),
        ["account.password-change-refused"] = ("altes Passwort falsch beim Ändern", "old password wrong on a change"),
        ["account.session-ended"] = ("hat eine Anmeldung beendet", "ended a session"),
        ["account.sessions-ended"] = ("hat alle anderen Anmeldungen beendet", "ended all other sessions"),
        ["account.removed"] = ("Konto gelöscht", "account removed"),
        ["network-server.log-in"] = ("Zugang für den Netzwerkserver vergeben", "network server's log-in given"),
        ["broker.log-in-refused"] = ("Anmeldung am Broker abgelehnt", "log-in at the broker refused"),
        ["board.looked-at"] = ("hat die Schlafkapseln angesehen", "looked at the pods"),
        ["clock.confirmed"] = ("die Systemzeit ist bestätigt", "the system's time is confirmed"),
        ["connections.plain-ended"] = ("nimmt nur noch verschlüsselte Verbindungen an", "takes encrypted connections only"),
        ["alert.looked-at"] = ("hat Alarme und Fälle angesehen", "looked at alarms and cases"),
        ["alert.acknowledged"] = ("kümmert sich", "takes care of it"),
        ["alert.acknowledged-late"] = ("wollte sich kümmern, jemand war schneller", "wanted to take care, somebody was first"),
        ["alert.in-service"] = ("hat die Kapsel wieder in Betrieb genommen", "put the pod back in service"),
        ["alert.out-of-service"] = ("hat die Kapsel außer Betrieb genommen", "took the pod out of service"),
        ["alert.resolved"] = ("hat den Fall abgeschlossen", "closed the case"),
        ["alert.link-used"] = ("benutzter Link noch einmal geöffnet", "a used link was tried again"),
        ["alert.link-late"] = ("Link benutzt, jemand war schneller", "a link was used, somebody was first"),
        ["alert.link-expired"] = ("abgelaufener Link", "an expired link"),
        ["alert.link-forged"] = ("gefälschter Link", "a forged link"),
        ["delivery.looked-at"] = ("hat Zustellungen angesehen", "looked at deliveries"),
        ["delivery.replayed"] = ("hat noch einmal zugestellt", "sent again"),
        ["refusal.looked-at"] = ("hat abgelehnte Nachrichten angesehen", "looked at refused messages"),
        ["device.registered"] = ("hat ein Gerät aufgenommen", "admitted a device"),
        ["device.provisioned"] = ("hat ein Gerät eingerichtet", "set up a device"),
        ["device.area-changed"] = ("hat ein Gerät einem anderen Quartier zugeordnet", "moved a device to another area"),
        ["device.revoked"] = ("hat ein Gerät gesperrt", "revoked a device"),
        ["offer.edited"] = ("hat ein Angebot geändert", "edited an offer"),
        ["offer.hidden"] = ("hat ein Angebot zurückgezogen", "withdrew an offer"),
        ["offers.imported"] = ("hat Angebote eingelesen", "imported offers"),
        ["planner-key.created"] = ("hat einen Schlüssel angelegt", "created a key"),
        ["planner-key.revoked"] = ("hat einen Schlüssel gesperrt", "revoked a key"),
        ["release.asked"] = ("hat eine Zahl freigegeben", "released a figure"),
    };

    /// <summary>Every action that the code writes; a test finds one without words.</summary>
    public static IReadOnlyCollection<string> Known => Words.Keys;

    public static string Action(string action, ReaderLanguage say) => Words.TryGetValue(action, out var words) ? say.Text(words.German, words.English) : action;
}
