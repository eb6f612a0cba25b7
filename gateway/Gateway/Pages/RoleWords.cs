namespace Quartier.Gateway.Pages;

/// <summary>The roles as people read them: a name, and what an account with it may do.</summary>
public static class RoleWords
{
    private static readonly Dictionary<string, ((string German, string English) Name, (string German, string English) May)> Words = new()
    {
        [Roles.Street] = (("Straßensozialarbeit", "Street work"), ("Schlafkapseln, Aufenthalte und Alarme sehen und sich kümmern.", "Sees pods, stays and alarms and takes care of them.")),
        [Roles.Facility] = (("Haustechnik", "Facility"), ("Geräte aufnehmen, einrichten und sperren.", "Admits, sets up and revokes devices.")),
        [Roles.Editor] = (("Redaktion", "Editor"), ("Angebote einlesen und ändern.", "Imports and edits offers.")),
        [Roles.Planner] = (("Sozialplanung", "Social planning"), ("Freigegebene Zahlen sehen, sonst nichts.", "Sees released figures, nothing else.")),
        [Roles.Admin] = (("Verwaltung", "Administrator"), ("Alles, dazu Konten und Protokoll. Jeder Blick auf die Kapseln wird festgehalten.", "Everything, and accounts and the audit log. Each look at the pods is written down.")),
        [Roles.Provider] = (("Anbieter", "Provider"), ("Für Vereine, Gemeinden und andere, die etwas anbieten: bisher nur die eigene Startseite.", "For clubs, churches and others who offer something: so far their own start page only.")),
    };

    public static string Name(string role, ReaderLanguage say) => Words.TryGetValue(role, out var words) ? say.Text(words.Name.German, words.Name.English) : role;

    public static string May(string role, ReaderLanguage say) => Words.TryGetValue(role, out var words) ? say.Text(words.May.German, words.May.English) : "";
}
