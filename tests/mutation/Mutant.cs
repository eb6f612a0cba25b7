using System.Text.Json;
using Quartier.Tests.Support;

namespace Quartier.Tests.Mutation;

/// <summary>One small lie put into the code, and the suite that has to notice it.</summary>
/// <param name="File">Path under the root.</param>
/// <param name="Find">Stands exactly once in that file.</param>
/// <param name="Suite">Folder of the test project.</param>
/// <param name="Tests">Part of the full names of the tests that have to notice.</param>
public sealed record Mutant(string Name, string File, string Find, string Put, string Suite, string Tests)
{
    public static IReadOnlyList<Mutant> Listed() =>
        JsonSerializer.Deserialize<Mutant[]>(System.IO.File.ReadAllText(Checkout.PathTo("tests", "mutation", "mutants.json")), JsonSerializerOptions.Web)!;

    /// <returns>The text with the lie in it; null when the place is gone or no longer the only one.</returns>
    public string? In(string text)
    {
        var at = text.IndexOf(Find, StringComparison.Ordinal);
        return at < 0 || text.IndexOf(Find, at + 1, StringComparison.Ordinal) >= 0 ? null : text[..at] + Put + text[(at + Find.Length)..];
    }
}
