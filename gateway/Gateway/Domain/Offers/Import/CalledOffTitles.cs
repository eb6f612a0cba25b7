using System.Text.RegularExpressions;

namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>R9: titles by which people call a date off because their calendar or feed has no field for it ("ENTFÄLLT: Mittagstisch").</summary>
internal static partial class CalledOffTitles
{
    [GeneratedRegex(@"^\W*(?:leider\s+|heute\s+|muss\s+(?:leider\s+)?)?(?:abgesagt|abgesagte[rs]?|entfällt|entfallen|fällt\s+aus|fällt\s+leider\s+aus|ausfallen|ausgefallen|findet\s+nicht\s+statt|gestrichen|storniert|cancell?ed|absage\s*[:!\-–—]|ausfall\s*[:!\-–—])(?!\p{L})\W*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CancelledTitle();

    [GeneratedRegex(@"^\W*(?:verschoben\s+auf\s+unbestimmte|postponed|auf\s+unbestimmte\s+zeit\s+verschoben)(?!\p{L})(?:\s+zeit)?\W*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PostponedTitle();

    public static bool IsCancelled(string title) => CancelledTitle().IsMatch(title);

    public static bool IsPostponed(string title) => PostponedTitle().IsMatch(title);

    /// <summary>The title as it was before.</summary>
    public static string Without(string title) => PostponedTitle().Replace(CancelledTitle().Replace(title, ""), "");
}
