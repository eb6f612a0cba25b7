using System.Text.RegularExpressions;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway;

public sealed partial class AuditWordsTests
{
    /// <summary>Goal: no code word on the page. Method: every literal in the sources that has the form of an action, in a file that
    /// writes to the log, must have words, and every word must have its literal.</summary>
    [Fact]
    public void Every_action_that_is_logged_has_words_for_people()
    {
        var written = Directory.EnumerateFiles(Checkout.PathTo("gateway", "Gateway"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && Path.GetFileName(file) != "AuditWords.cs")
            .Select(File.ReadAllText)
            .Where(text => text.Contains("AuditTable.Add(", StringComparison.Ordinal) || text.Contains("AuditedViews.Log(", StringComparison.Ordinal))
            .SelectMany(text => Action().Matches(text)).Select(match => match.Groups[1].Value)
            .Concat(new[] { LinkState.Used, LinkState.Late, LinkState.Expired }.Select(state => $"alert.link-{state.ToString().ToLowerInvariant()}"))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Equal(AuditWords.Known.Order(StringComparer.Ordinal), written);
    }

    [GeneratedRegex("\"((?:account|alert|board|broker|clock|connections|delivery|device|network-server|offer|offers|planner-key|refusal|release)\\.[a-z-]+)\"")]
    private static partial Regex Action();
}
