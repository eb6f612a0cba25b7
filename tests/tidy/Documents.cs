using System.Text.RegularExpressions;

namespace Quartier.Tests.Tidy;

/// <summary>Rules over texts: links, formats and their vectors, leftovers, words that do not belong.</summary>
internal static partial class Documents
{
    public static IEnumerable<Finding> DeadLinks(SourceFile page, Func<string, bool> exists)
    {
        var folder = Path.GetDirectoryName(page.Path)!.Replace('\\', '/');
        for (var index = 0; index < page.Lines.Length; index++)
        {
            foreach (Match link in Link().Matches(page.Lines[index]))
            {
                var target = link.Groups[1].Value.Split('#')[0];
                if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
                {
                    continue;
                }

                var path = Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, Uri.UnescapeDataString(target)))).Replace('\\', '/');
                if (!exists(path))
                {
                    yield return new Finding(page.Path, index + 1, $"dead link: {target}");
                }
            }
        }
    }

    /// <summary>Each format page has vectors, each vector file a page; each uplink page a JavaScript codec.</summary>
    public static IEnumerable<Finding> Formats(IReadOnlyCollection<string> paths)
    {
        const string Wire = "firmware/wire/";
        var pages = paths.Where(path => path.StartsWith(Wire + "formats/", StringComparison.Ordinal) && path.EndsWith(".md", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var vectors = paths.Where(path => path.StartsWith(Wire + "vectors/", StringComparison.Ordinal) && path.EndsWith(".json", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();
        foreach (var page in pages.Except(vectors))
        {
            yield return new Finding($"{Wire}formats/{page}.md", 1, $"a format without vectors; add vectors/{page}.json");
        }

        foreach (var orphan in vectors.Except(pages).Where(name => name != "regressions"))
        {
            yield return new Finding($"{Wire}vectors/{orphan}.json", 1, $"vectors without a format page; add formats/{orphan}.md");
        }

        foreach (var radio in pages.Where(name => name!.StartsWith("shelter-", StringComparison.Ordinal) || name.StartsWith("alarm-", StringComparison.Ordinal)))
        {
            if (!paths.Contains($"{Wire}js/{radio}.js"))
            {
                yield return new Finding($"{Wire}formats/{radio}.md", 1, $"a radio format without its network-server codec; add js/{radio}.js");
            }
        }
    }

    /// <summary>A page that names the test behind a claim, `Class.Sentence_like_name`, names one that is there.</summary>
    /// <param name="tests">Sources of the tests.</param>
    public static IEnumerable<Finding> NamedTests(SourceFile page, IReadOnlyCollection<SourceFile> tests)
    {
        for (var index = 0; index < page.Lines.Length; index++)
        {
            foreach (Match named in NamedTest().Matches(page.Lines[index]))
            {
                var (type, method) = (named.Groups[1].Value, named.Groups[2].Value);
                if (!tests.Any(file => Regex.IsMatch(file.Text, $@"\bclass {type}\b") && Regex.IsMatch(file.Text, $@"public (async Task|Task|void) {method}\(")))
                {
                    yield return new Finding(page.Path, index + 1, $"there is no test {type}.{method}; name the one that shows this, or say that none does");
                }
            }
        }
    }

    public static IEnumerable<Finding> Leftovers(SourceFile file)
    {
        if (file.IsUnder("tests/tidy") || !Source().IsMatch(file.Path))
        {
            yield break;
        }

        for (var index = 0; index < file.Lines.Length; index++)
        {
            if (Leftover().Match(file.Lines[index]) is { Success: true } found)
            {
                yield return new Finding(file.Path, index + 1, $"'{found.Value}' is a promise nobody keeps; do it or write an issue");
            }
        }
    }

    /// <summary>The project speaks of itself alone: no path of a machine, no host of a registry.</summary>
    public static IEnumerable<Finding> ForeignWords(SourceFile file)
    {
        if (file.IsUnder("tests/tidy"))
        {
            yield break;
        }

        for (var index = 0; index < file.Lines.Length; index++)
        {
            if (Foreign().Match(file.Lines[index]) is { Success: true } found)
            {
                yield return new Finding(file.Path, index + 1, $"'{found.Value}' names a machine or a registry; the project speaks of itself alone");
            }
        }
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([A-Z]\w*)\.([A-Z][A-Za-z0-9]*_\w+)`")]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"\.(cs|js|razor|css|sh|md|json)$|^quartier$|^\.ci/")]
    private static partial Regex Source();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Leftover();

    [GeneratedRegex(@"/(work|root)/|/home/[a-z]+/|registry\.npmjs\.org|api\.nuget\.org|deb\.debian\.org")]
    private static partial Regex Foreign();
}
