using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Gateway.Host.Commands;
using Xunit;

namespace Quartier.Tests.Gateway.Offers;

/// <summary>import and offers as a script calls them: every line, every exit code, files and addresses.</summary>
[Collection(nameof(CommandTests))]
public sealed class OfferCommandTests : IAsyncLifetime
{
    private const string Now = "2026-11-21T09:00";

    private readonly string directory = Directory.CreateTempSubdirectory("quartier-offers-").FullName;
    private readonly WebApplication server = Server();

    public Task InitializeAsync() => server.StartAsync();

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void Every_entry_is_a_line_with_its_outcome_reason_and_dates_in_both_times()
    {
        var (code, lines, _) = Import(File("a.xml", Feed(Item("Kurs", "g", "2027-03-28T02:30"), Item("Alt", "h", "2026-11-01T10:00"))));
        Assert.Equal(CommandLine.Done, code);
        Assert.Equal(["added", "skipped"], lines.Select(line => Text(line, "outcome")));
        var next = lines[0].GetProperty("next")[0];
        Assert.Equal(("2027-03-28T01:30:00Z", "2027-03-28T03:30:00+02:00"), (Text(next, "start_utc"), Text(next, "start_local")));
        Assert.Equal(["time-in-clock-change: g"], lines[0].GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()));
        Assert.Equal(("h", "past", "Alt"), (Text(lines[1], "item"), Text(lines[1], "reason"), Text(lines[1], "title")));
        Assert.Empty(lines[1].GetProperty("warnings").EnumerateArray());
    }

    [Fact]
    public void A_warning_stands_with_its_entry_and_one_about_the_file_with_all()
    {
        string Event(string uid, string rule) => $"BEGIN:VEVENT\nUID:{uid}\nSUMMARY:S\nDTSTART;TZID=Mond/Krater:20261201T100000\nRRULE:{rule}\nEND:VEVENT\n";
        var lines = Import(File("k.ics", $"BEGIN:VCALENDAR\n{Event("u", "FREQ=WOCHE")}{Event("v", "FREQ=DAILY")}END:VCALENDAR\n")).Lines;
        string Warnings(int line) => string.Join(", ", lines[line].GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(("rule-malformed: u (FREQ=WOCHE), zone-unknown: Mond/Krater", "zone-unknown: Mond/Krater"), (Warnings(0), Warnings(1)));
    }

    [Fact]
    public void The_same_again_changes_nothing_and_a_refusal_in_between_neither()
    {
        var file = File("a.xml", Feed(Item("Kurs", "g", "2026-12-01T10:00"), Item("Treff", "h", "2026-12-02T10:00")));
        Import(file);
        var before = Listed();
        Assert.Equal(2, before.Length);
        Assert.All(Import(file).Lines, line => Assert.Equal("unchanged", Text(line, "outcome")));
        var (code, lines, _) = Import(File("b.xml", Feed(Item("Neu", "n", "2026-12-03T10:00"))[..^20]), file);
        Assert.Equal(CommandLine.RefusedInput, code);
        Assert.Equal(["refused", "unchanged", "unchanged"], lines.Select(line => Text(line, "outcome")));
        Assert.Equal(before, Listed());
        foreach (var field in new[] { "file", "place", "reason", "what", "remedy", "what_de", "remedy_de" })
        {
            Assert.NotEmpty(Text(lines[0], field)!);
        }
    }

    [Fact]
    public void A_store_knows_nothing_of_another_and_a_rehearsal_leaves_no_trace()
    {
        var file = File("a.xml", Feed(Item("Kurs", "g", "2026-12-01T10:00")));
        Assert.Equal("added", Text(Import("--dry-run", file).Lines[0], "outcome"));
        Assert.Empty(Listed());
        Import(file);
        Assert.Single(Listed());
        Assert.Empty(Run("offers", "--json", "--data", Path.Combine(directory, "anderer"), "--from", "2026-01-01", "--to", "2027-12-31").Lines);
    }

    [Theory]
    [InlineData("2026-12-31", "2026-12-31", "Jahreswechsel Silvester")]
    [InlineData("2027-01-01", "2027-01-01", "Jahreswechsel")] // Still running.
    [InlineData("2027-01-02", "2027-01-02", "")]
    [InlineData("2026-12-31T23:00:00Z", "2027-01-01", "Jahreswechsel")]
    [InlineData("2027-03-28", "2027-03-28", "Umstellung")]
    [InlineData("2027-03-28T01:59", "2027-03-28T03:00", "")]
    [InlineData("2027-03-28T03:00", "2027-03-28T03:31", "Umstellung")]
    [InlineData("2026-10-25T00:00Z", "2026-10-25T01:00Z", "Ende")]
    [InlineData("2026-10-25T01:00Z", "2026-10-25T02:00Z", "")]
    public void A_window_holds_what_begins_or_runs_in_it(string from, string to, string titles)
    {
        Import("--keep-past", File("a.xml", Feed(
            Item("Silvester", "1", "2026-12-31"), Item("Jahreswechsel", "2", "2026-12-31T22:00", "2027-01-01T02:00"), Item("Umstellung", "3", "2027-03-28T02:30"), Item("Ende", "4", "2026-10-25T02:30"))));
        var (code, lines, _) = Run("offers", "--json", "--data", Store, "--from", from, "--to", to);
        Assert.Equal(CommandLine.Done, code);
        Assert.Equal(titles, string.Join(' ', lines.Select(line => Text(line, "title")).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("offers", "--from", "2026-12-02", "--to", "2026-12-01")]
    [InlineData("offers", "--from", "2026-12-01T10:00", "--to", "2026-12-01T10:00")]
    [InlineData("offers", "--from", "2026-02-30", "--to", "2026-12-01")]
    [InlineData("offers", "--from", "heute", "--to", "2026-12-01")]
    [InlineData("offers", "--to", "2026-12-01")]
    [InlineData("offers", "--from", "0001-01-01", "--to", "9999-12-31")]
    [InlineData("import")]
    [InlineData("import", "--kind", "party", "x.xml")]
    [InlineData("import", "--now", "gestern", "x.xml")]
    [InlineData("import", "nirgends.xml")]
    [InlineData("import", "ftp://example.org/x.xml")]
    [InlineData("import", "--from", "2026-12-02", "--to", "2026-12-01", "x.xml")]
    [InlineData("render", "--page", "now", "--at", "1965-01-01", "--out", "x.png")]
    [InlineData("render", "--page", "now", "--at", "2026-12-01", "--out", "/nirgends/x.png")]
    public void What_cannot_be_meant_is_wrong_usage_and_says_why(params string[] arguments)
    {
        var (code, lines, errors) = Run([.. arguments, "--json", "--data", Store]);
        Assert.Equal(CommandLine.WrongUsage, code);
        Assert.Empty(lines);
        Assert.NotEmpty(errors);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_fetched_and_is_the_base_of_its_links()
    {
        var (code, lines, _) = Import($"{Address}/umleitung");
        Assert.Equal((CommandLine.Done, "added", $"{Address}/ordner/termin"), (code, Text(lines[0], "outcome"), Text(lines[0], "url")));
    }

    [Theory]
    [InlineData("/kreis", "unreachable", "redirects")]
    [InlineData("/fehlt", "unreachable", "404")]
    [InlineData("/fremd", "unreachable", "own network")]
    [InlineData("/datei", "unreachable", "http and https")]
    [InlineData("/gross", "too-large", "5 MiB")]
    [InlineData("/seite", "not-xml", "web page")]
    [InlineData("/abbruch", "unreachable", "source")] // How far it came when it was cut is a matter of luck.
    public void An_address_that_gives_no_feed_is_refused_with_the_reason(string path, string reason, string what)
    {
        var (code, lines, _) = Import(Address + path);
        Assert.Equal((CommandLine.RefusedInput, "refused", reason), (code, Text(lines[0], "outcome"), Text(lines[0], "reason")));
        Assert.Contains(what, Text(lines[0], "what"), StringComparison.Ordinal);
        Assert.Empty(Listed());
    }

    [Fact]
    public async Task A_body_that_drips_for_ever_ends_with_the_time_for_all_of_it()
    {
        using var fetch = new FeedFetch(allowPrivate: true, timeout: TimeSpan.FromMilliseconds(300));
        var (content, _, refusal) = await fetch.Get(new Uri(Address + "/tropft"), CancellationToken.None);
        Assert.Null(content);
        Assert.Equal(RefusalClass.Unreachable, refusal?.Class);
    }

    [Fact]
    public async Task Only_the_command_line_may_ask_the_own_network()
    {
        using var fetch = new FeedFetch(allowPrivate: false);
        Assert.Contains("own network", (await fetch.Get(new Uri(Address + "/ordner/feed"), CancellationToken.None)).Refusal!.WhatEnglish, StringComparison.Ordinal);
    }

    private static WebApplication Server()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/umleitung", () => Results.Redirect("/ordner/feed"));
        app.MapGet("/ordner/feed", () => Results.Text(Feed("<item><title>12.12. Kurs</title><link>termin</link></item>"), "text/html"));
        app.MapGet("/kreis", () => Results.Redirect("/kreis"));
        app.MapGet("/fremd", () => Results.Redirect("http://127.0.0.1:9/feed"));
        app.MapGet("/datei", () => Results.Redirect("file:///etc/passwd"));
        app.MapGet("/seite", () => Results.Text("<!DOCTYPE html><html><body>Wartung</body></html>", "application/rss+xml"));
        app.MapGet("/gross", async (HttpContext context) => await context.Response.Body.WriteAsync(new byte[6 * 1024 * 1024]));
        app.MapGet("/abbruch", async (HttpContext context) =>
        {
            context.Response.ContentLength = 1_000;
            await context.Response.Body.WriteAsync("<rss>"u8.ToArray());
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        app.MapGet("/tropft", async (HttpContext context, CancellationToken gone) =>
        {
            await context.Response.Body.WriteAsync("<rss>"u8.ToArray(), gone);
            await context.Response.Body.FlushAsync(gone);
            using var never = new SemaphoreSlim(0);
            await never.WaitAsync(gone);
        });
        return app;
    }

    private string Address => server.Urls.First();

    private string Store => Path.Combine(directory, "store");

    private string[] Listed() => Run("offers", "--json", "--data", Store, "--from", "2026-01-01", "--to", "2027-12-31").Lines.Select(line => line.GetRawText()).ToArray();

    private (int Code, IReadOnlyList<JsonElement> Lines, string Errors) Import(params string[] inputs) => Run(["import", "--json", "--data", Store, "--now", Now, .. inputs]);

    private static (int Code, IReadOnlyList<JsonElement> Lines, string Errors) Run(params string[] arguments) => CommandTests.Run(arguments);

    private string File(string name, string content)
    {
        var path = Path.Combine(directory, name);
        System.IO.File.WriteAllText(path, content, new UTF8Encoding(false));
        return path;
    }

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();

    private static string Feed(params string[] items) => $"<rss version=\"2.0\" xmlns:ev=\"http://purl.org/rss/1.0/modules/event/\"><channel><title>K</title>{string.Concat(items)}</channel></rss>";

    private static string Item(string title, string guid, string start, string end = "") =>
        $"<item><title>{title}</title><guid isPermaLink=\"false\">{guid}</guid><ev:startdate>{start}</ev:startdate>{(end.Length > 0 ? $"<ev:enddate>{end}</ev:enddate>" : "")}</item>";
}
