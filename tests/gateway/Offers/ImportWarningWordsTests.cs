using System.Text.RegularExpressions;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Pages;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>An editor reads sentences, whatever a reader of feeds noticed.</summary>
public sealed partial class ImportWarningWordsTests
{
    [Fact]
    public void Every_kind_of_warning_that_a_reader_gives_has_words()
    {
        var given = Directory.EnumerateFiles(Checkout.PathTo("gateway", "Gateway", "Domain", "Offers", "Import"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Given().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value)
            .ToHashSet(StringComparer.Ordinal);
        Assert.True(given.Count > 20, "the readers' warnings are not found any more");
        Assert.Equal(given.Order(StringComparer.Ordinal), ImportWarningWords.Known.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_words_say_where()
    {
        Assert.Equal("Eine Zeile ist nicht lesbar und wurde ausgelassen: k1 (Zeile 7)", ImportWarningWords.Of(ReaderLanguage.German, "line-malformed: k1 (line 7)"));
        Assert.Equal("Eine Zeile ist nicht lesbar und wurde ausgelassen: Zeile 7", ImportWarningWords.Of(ReaderLanguage.German, "line-malformed: line 7"));
        Assert.Equal("The calendar holds no event.", ImportWarningWords.Of(ReaderLanguage.English, "calendar-empty"));
    }

    [GeneratedRegex("\\$\"([a-z]+(?:-[a-z]+)+): |(?<=Warnings\\.(?:Add\\(|Insert\\(0, )\")([a-z]+(?:-[a-z]+)+)(?=\"\\))")]
    private static partial Regex Given();
}
