namespace Quartier.Gateway.Domain.Accounts;

/// <summary>Why a chosen password is not taken.</summary>
public enum PasswordFault
{
    TooShort,
    TooLong,

    /// <summary>Little is left of it without the account's name, common words, repetitions and rows of signs.</summary>
    TooPlain,

    /// <summary>The repetition is another.</summary>
    Differs,
}

/// <summary>What a person may choose as a password. Length counts and no kind of sign is asked for; what guessing tries first is refused.</summary>
public static class PasswordRules
{
    public const int LengthMin = 12;
    public const int LengthMax = 128;

    private const int OwnSignsMin = 6;
    private const int RowLength = 4;
    private const int DifferentMin = 5;

    private static readonly string[] CommonWords =
        ["quartier", "passwort", "password", "kennwort", "geheim", "secret", "willkommen", "welcome", "hallo", "hello", "admin", "letmein", "sommer", "winter", "login"];

    private static readonly string[] Rows = ["qwertzuiop", "qwertyuiop", "asdfghjkl", "yxcvbnm", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz"];

    /// <returns>Null: it may be taken.</returns>
    public static PasswordFault? Check(string name, string password, string repeated) =>
        password.Length < LengthMin ? PasswordFault.TooShort
        : password.Length > LengthMax ? PasswordFault.TooLong
        : IsPlain(name, password) ? PasswordFault.TooPlain
        : password != repeated ? PasswordFault.Differs
        : null;

    private static bool IsPlain(string name, string password)
    {
        var rest = password.ToLowerInvariant();
        if (rest.Distinct().Count() < DifferentMin)
        {
            return true;
        }

        foreach (var word in CommonWords.Prepend(name.ToLowerInvariant()).Where(word => word.Length > 1))
        {
            rest = rest.Replace(word, "", StringComparison.Ordinal);
        }

        return WithoutRows(rest).Length < OwnSignsMin;
    }

    // Takes out "1234", "rewq", "aaaa" wherever four or more signs of a row follow each other.
    private static string WithoutRows(string text)
    {
        var kept = new List<char>();
        for (var at = 0; at < text.Length;)
        {
            var length = RowAt(text, at);
            if (length >= RowLength)
            {
                at += length;
                continue;
            }

            kept.Add(text[at++]);
        }

        return string.Concat(kept);
    }

    private static int RowAt(string text, int from)
    {
        var longest = 1;
        while (from + longest < text.Length && IsRow(text.AsSpan(from, longest + 1)))
        {
            longest++;
        }

        return longest;
    }

    private static bool IsRow(ReadOnlySpan<char> part)
    {
        var forward = part.ToString();
        var backward = string.Concat(forward.Reverse());
        return forward.All(sign => sign == forward[0])
            || Rows.Any(row => row.Contains(forward, StringComparison.Ordinal) || row.Contains(backward, StringComparison.Ordinal));
    }
}
