using System.Text.Json;
using Quartier.Mqtt;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Mqtt;

public class TopicFilterTests
{
    public static TheoryData<string, string, bool> SharedRows()
    {
        var rows = new TheoryData<string, string, bool>();
        if (SharedData.Root is not null)
        {
            using var file = JsonDocument.Parse(File.ReadAllText(SharedData.PathTo("mqtt", "topic_matching.json")));
            foreach (var row in file.RootElement.GetProperty("rows").EnumerateArray())
            {
                rows.Add(row.GetProperty("filter").GetString()!, row.GetProperty("topic").GetString()!, row.GetProperty("match").GetBoolean());
            }
        }

        return rows;
    }

    [SharedDataTheory]
    [MemberData(nameof(SharedRows))]
    public void A_row_of_the_shared_table_matches_as_stated(string filter, string topic, bool match)
    {
        Assert.Equal(match, TopicFilter.Parse(filter).Matches(topic));
        Assert.Equal(match, MatchesInTree(filter, topic));
    }

    [Theory]
    [InlineData("quartier/v1/+/hello", "quartier/v1/eselsberg-1/hello", true)]
    [InlineData("quartier/v1/+/hello", "quartier/v1/hello", false)]
    [InlineData("quartier/#", "quartier", true)]
    [InlineData("#", "$SYS/broker", false)]
    [InlineData("+/broker", "$SYS/broker", false)]
    [InlineData("$SYS/#", "$SYS/broker", true)]
    [InlineData("a/+/c/#", "a//c", true)]
    [InlineData("a/b", "a/B", false)]
    public void A_filter_matches_level_by_level(string filter, string topic, bool match)
    {
        Assert.Equal(match, TopicFilter.Parse(filter).Matches(topic));
        Assert.Equal(match, MatchesInTree(filter, topic));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/#/b")]
    [InlineData("a#")]
    [InlineData("a+")]
    [InlineData("+a/b")]
    [InlineData("##")]
    [InlineData("a\0b")]
    public void A_malformed_filter_is_not_read(string filter) => Assert.False(TopicFilter.TryParse(filter, out _));

    [Theory]
    [InlineData("#", "a/+/b", true)]
    [InlineData("#", "$SYS/#", false)]
    [InlineData("quartier/v1/x/#", "quartier/v1/x/#", true)]
    [InlineData("quartier/v1/x/#", "quartier/v1/x", true)]
    [InlineData("quartier/v1/x/#", "quartier/v1/+/hello", false)]
    [InlineData("quartier/v1/+/hello", "quartier/v1/x/hello", true)]
    [InlineData("quartier/v1/+/hello", "quartier/v1/#", false)]
    [InlineData("a/+", "a/#", false)]
    [InlineData("+", "#", false)]
    [InlineData("a/+/#", "a/b/c", true)]
    public void A_right_covers_a_subscription_only_as_a_whole(string right, string wanted, bool covered) =>
        Assert.Equal(covered, TopicFilter.Parse(right).Covers(TopicFilter.Parse(wanted)));

    // Own oracle: a random filter and topic over a tiny alphabet, so that hits are frequent, against a slow recursive reading of section 4.7.
    [Fact]
    public void Filter_and_tree_agree_with_a_slow_second_reader()
    {
        var gen = new Gen(20261121);
        string[] words = ["a", "b", "", "$x"];
        for (var round = 0; round < 20_000; round++)
        {
            var topic = string.Join('/', Enumerable.Range(0, gen.Next(1, 4)).Select(_ => gen.Pick(words)));
            var levels = Enumerable.Range(0, gen.Next(1, 4)).Select(_ => gen.Chance(300) ? "+" : gen.Pick(words)).ToList();
            if (gen.Chance(300))
            {
                levels[^1] = "#";
            }

            var filter = string.Join('/', levels);
            if (topic.Length == 0 || filter.Length == 0)
            {
                continue;
            }

            var expected = !(topic[0] == '$' && (filter[0] is '+' or '#')) && SlowMatch(filter.Split('/'), topic.Split('/'));
            Assert.True(expected == TopicFilter.Parse(filter).Matches(topic), $"{filter} and {topic}");
            Assert.True(expected == MatchesInTree(filter, topic), $"{filter} and {topic} in the tree");
        }
    }

    private static bool SlowMatch(ReadOnlySpan<string> filter, ReadOnlySpan<string> topic)
    {
        if (filter is ["#"])
        {
            return true;
        }

        if (filter.IsEmpty || topic.IsEmpty)
        {
            return filter.IsEmpty && topic.IsEmpty;
        }

        return (filter[0] == "+" || filter[0] == topic[0]) && SlowMatch(filter[1..], topic[1..]);
    }

    private static bool MatchesInTree(string filter, string topic)
    {
        var tree = new SubscriptionTree();
        var session = new Session(new LogIn(null, "c"), 0, new BrokerOptions(), TimeProvider.System);
        tree.Add(session, TopicFilter.Parse(filter), new SubscriptionOptions(Qos.AtLeastOnce));
        var found = tree.Match(TopicName.From(topic)).Sessions.Length == 1;
        tree.Remove(session, TopicFilter.Parse(filter));
        Assert.Empty(tree.Match(TopicName.From(topic)).Sessions);
        return found;
    }
}
