using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway.Live;

/// <summary>A rendered list cut into its parts.</summary>
public sealed class LivePartRulesTests
{
    [Fact]
    public void A_part_ends_with_its_own_element_however_many_of_its_kind_lie_in_it()
    {
        const string summary = "<ul class=\"chips\" data-part=\"summary\"><li>1 frei</li><li>2 belegt</li></ul>";
        const string first = "<li data-part=\"a\"><article><ul><li>x</li></ul><link></article></li>";
        const string second = "<li data-part=\"b\"></li>";
        var cut = LivePartRules.Cut($"{summary}\n<ul class=\"cards\">\n{first}\n{second}</ul><p>Ende</p>");

        Assert.Equal([("summary", summary), ("a", first), ("b", second)], cut.Parts);
        Assert.Equal("<ul data-part=\"summary\"></ul>\n<ul class=\"cards\">\n<li data-part=\"a\"></li>\n<li data-part=\"b\"></li></ul><p>Ende</p>", cut.Frame);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<p>nichts</p>")]
    [InlineData("<li data-part=\"a\"><li>")]
    [InlineData("<li data-part=\"a\"")]
    public void Cutting_is_total(string html) => Assert.True(LivePartRules.Cut(html).Parts.Count <= 1);

    [Fact]
    public void How_long_ago_something_was_is_no_change() => Assert.Equal(
        LivePartRules.Face("<p>Gemeldet <time datetime=\"2026-11-28T08:00:00Z\" data-ago>vor 3 Minuten</time>, 5 °C</p>"),
        LivePartRules.Face("<p>Gemeldet <time datetime=\"2026-11-28T08:00:00Z\" data-ago>vor 4 Minuten</time>, 5 °C</p>"));

    [Fact]
    public void Another_report_is_a_change() => Assert.NotEqual(
        LivePartRules.Face("<time datetime=\"2026-11-28T08:00:00Z\" data-ago>vor 3 Minuten</time>"),
        LivePartRules.Face("<time datetime=\"2026-11-28T08:01:00Z\" data-ago>vor 3 Minuten</time>"));
}
