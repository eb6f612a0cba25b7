using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway.Live;

/// <summary>What a page gets of a list that it has seen at a version.</summary>
public sealed class LiveListTests : IDisposable
{
    private readonly TestStore store = new();
    private readonly ManualTime time = new(TestStore.Evening);
    private readonly LiveList list;
    private int renderings;
    private string html = Html(("a", "1"), ("b", "1"));

    public LiveListTests() => list = new LiveList(store.Database, time, "devices");

    public void Dispose()
    {
        list.Dispose();
        store.Dispose();
    }

    [Fact]
    public async Task A_page_gets_the_parts_that_changed_since_it_looked_and_nothing_else()
    {
        var first = await Ask(0);
        Assert.Equal((html, false), (first.Html, first.IsChange));
        Assert.Equal((null, true), Told(await Ask(first.Version)));

        Change(Html(("a", "1"), ("b", "2")));
        var second = await Ask(first.Version);
        Assert.Equal((Part("b", "2"), true), Told(second));
        Assert.Equal((null, true), Told(await Ask(second.Version)));
        Assert.Equal((Part("b", "2"), true), Told(await Ask(first.Version)));
    }

    [Fact]
    public async Task Another_order_a_new_part_and_a_gone_one_come_with_the_frame()
    {
        var first = await Ask(0);
        Change(Html(("c", "1"), ("a", "1")));
        var answer = await Ask(first.Version);
        Assert.Equal("<div data-frame><ul><li data-part=\"c\"></li><li data-part=\"a\"></li></ul></div>" + Part("c", "1"), answer.Html);
    }

    [Fact]
    public async Task Fifty_pages_are_one_rendering()
    {
        var first = await Ask(0);
        Change(Html(("a", "2"), ("b", "1")));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Ask(first.Version)));
        Assert.Equal(2, renderings);
    }

    [Fact]
    public async Task A_page_that_saw_another_process_or_the_future_gets_the_whole_list()
    {
        var first = await Ask(0);
        Assert.Equal((html, false), Told(await Ask(first.Version - 1)));
        Assert.Equal((html, false), Told(await Ask(first.Version + 1)));
    }

    [Fact]
    public async Task What_only_the_clock_changed_comes_within_seconds_of_that_clock()
    {
        var first = await Ask(0);
        html = Html(("a", "1"), ("b", "unbekannt"));
        Assert.Equal((null, true), Told(await Ask(first.Version)));
        time.Now += NodaTime.Duration.FromMinutes(40);
        Assert.Equal((Part("b", "unbekannt"), true), Told(await Ask(first.Version)));
    }

    [Fact]
    public async Task Languages_are_lists_of_their_own()
    {
        var german = await Ask(0);
        Change(Html(("a", "2"), ("b", "1")));
        await list.Since("en", 0, () => Task.FromResult(Html(("a", "two"), ("b", "one"))));
        Assert.Equal((Part("a", "2"), true), Told(await Ask(german.Version)));
    }

    private static (string? Html, bool IsChange) Told(LiveAnswer answer) => (answer.Html, answer.IsChange);

    private Task<LiveAnswer> Ask(long seen) => list.Since("de", seen, () =>
    {
        renderings++;
        return Task.FromResult(html);
    });

    private void Change(string next)
    {
        html = next;
        store.Database.Write(db => RegistryTable.Add(db, Device.New("x", DeviceKind.Shelter, "X", "", "", TestStore.Evening)));
    }

    private static string Html(params (string Key, string Text)[] parts) => $"<ul>{string.Concat(parts.Select(part => Part(part.Key, part.Text)))}</ul>";

    private static string Part(string key, string text) => $"<li data-part=\"{key}\"><p>{text}</p></li>";
}
