using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>What is asked of a password, and what is wrong with one, as people read it.</summary>
public static class PasswordWords
{
    public static string Hint(ReaderLanguage say) => say.Text(
        $"Mindestens {PasswordRules.LengthMin} Zeichen. Gut zu merken und schwer zu raten sind vier Wörter, die nichts miteinander zu tun haben.",
        $"At least {PasswordRules.LengthMin} characters. Four words that have nothing to do with each other are easy to remember and hard to guess.");

    public static string Of(PasswordFault fault, ReaderLanguage say) => fault switch
    {
        PasswordFault.TooShort => say.Text($"Zu kurz: Es müssen mindestens {PasswordRules.LengthMin} Zeichen sein.", $"Too short: it needs at least {PasswordRules.LengthMin} characters."),
        PasswordFault.TooLong => say.Text($"Zu lang: Es dürfen höchstens {PasswordRules.LengthMax} Zeichen sein.", $"Too long: it may have at most {PasswordRules.LengthMax} characters."),
        PasswordFault.TooPlain => say.Text(
            "Zu leicht zu raten: Es besteht vor allem aus Ihrem Namen, einem sehr häufigen Wort oder einer Reihe wie 1234 oder aaaa. Bitte etwas Eigenes hinzunehmen.",
            "Too easy to guess: it is mostly your name, a very common word or a row such as 1234 or aaaa. Please add something of your own."),
        _ => say.Text("Die Wiederholung ist eine andere. Bitte beide Male dasselbe eingeben.", "The repetition differs. Please type the same both times."),
    };
}
