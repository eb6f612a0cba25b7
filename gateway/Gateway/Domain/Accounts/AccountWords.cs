using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>Why an account was not changed, as an administrator reads it.</summary>
public static class AccountWords
{
    public static string Of(AccountRefusal refusal, ReaderLanguage say) => refusal switch
    {
        AccountRefusal.BadName => say.Text(
            $"Der Name darf Buchstaben, Ziffern und . _ - @ enthalten, muss mit Buchstabe oder Ziffer beginnen und ist höchstens {AccountRules.NameMax} Zeichen lang, ohne Leerzeichen.",
            $"A name has letters, digits and . _ - @, begins with a letter or digit and is at most {AccountRules.NameMax} characters long, without spaces."),
        AccountRefusal.BadRole => say.Text("Bitte mindestens eine Aufgabe ankreuzen.", "Please tick at least one role."),
        AccountRefusal.NameTaken => say.Text(
            "Diesen Namen gibt es schon (Groß und Klein zählen nicht). Passwort vergessen? Auf der Seite des Kontos gibt es einen neuen Link.",
            "There is such a name (letter case does not count). Password lost? The account's page makes a new link."),
        AccountRefusal.LastAdministrator => say.Text(
            "Das ginge nicht gut: Danach könnte sich niemand mehr als Verwaltung anmelden. Erst eine zweite Person mit dieser Aufgabe anlegen, die ihr Passwort schon gewählt hat.",
            "Nobody could log in as administrator after this. First add a second person with that role, who has chosen a password."),
        AccountRefusal.ChangedMeanwhile => say.Text(
            "Jemand anders hat die Aufgaben inzwischen geändert. Hier stehen sie, wie sie jetzt sind; bitte noch einmal prüfen.",
            "Somebody else changed the roles meanwhile. Here they are as they stand now; please check again."),
        AccountRefusal.Own => say.Text("Ihr eigenes Passwort ändern Sie oben unter „Konto“.", "You change your own password under “Account” at the top."),
        _ => say.Text("Dieses Konto gibt es nicht mehr.", "There is no such account any more."),
    };
}
