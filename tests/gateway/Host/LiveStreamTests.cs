using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Xunit;

namespace Quartier.Tests.Gateway.Host;

/// <summary>Who holds a stream of changes, and for how long.</summary>
public sealed class LiveStreamTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public Task InitializeAsync() => gateway.InitializeAsync();

    public Task DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("log-out")]
    [InlineData("twelve hours")]
    [InlineData("password")]
    [InlineData("removed")]
    public async Task A_stream_ends_with_its_session_and_tells_nothing_after_it(string end)
    {
        using var browser = await gateway.LogIn("facility");
        using var lines = await Open(browser);
        switch (end)
        {
            case "log-out":
                Assert.Equal(HttpStatusCode.Redirect, (await GatewayUnderTest.Post(browser, "/fleet", "/log-out")).StatusCode);
                break;
            case "twelve hours":
                gateway.Time.Now += Duration.FromHours(12);
                break;
            case "password":
                gateway.Database.Write(db => AccountChanges.Renew(db, gateway.Time.Now, "test", "facility"));
                break;
            default:
                gateway.Database.Write(db => AccountChanges.Remove(db, gateway.Time.Now, "test", "facility"));
                break;
        }

        gateway.Database.Write(db => RegistryTable.NoteStranger(db, "70b3d57ed00000bb", DeviceKind.Unassigned, "?", gateway.Time.Now));
        var rest = await Rest(lines);
        Assert.EndsWith("event: ended", rest.TrimEnd().Replace("\ndata: ", "", StringComparison.Ordinal).Replace("\ndata:", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("strangers", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_a_command_in_another_process_ended_has_no_stream_at_the_next_sign_of_life()
    {
        using var browser = await gateway.LogIn("planner");
        using var lines = await Open(browser);
        using (var elsewhere = Quartier.Gateway.Store.Database.Open(gateway.Folder, Tables.All))
        {
            elsewhere.Write(db => AccountChanges.Renew(db, gateway.Time.Now, "test", "planner"));
        }

        gateway.Services.GetRequiredService<Quartier.Gateway.Host.Live>().EndStale();
        Assert.Contains("event: ended", await Rest(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_stream_too_many_ends_the_oldest_of_its_account_and_nobody_elses()
    {
        using var planner = await gateway.LogIn("planner");
        using var street = await gateway.LogIn("street");
        using var other = await Open(street);
        using var oldest = await Open(planner);
        var streams = new List<StreamReader>();
        for (var stream = 0; stream < LiveReaders.PerAccountMax; stream++)
        {
            streams.Add(await Open(planner));
        }

        Assert.Contains("event: ended", await Rest(oldest), StringComparison.Ordinal);
        Assert.Equal(LiveReaders.PerAccountMax + 1, gateway.Services.GetRequiredService<Quartier.Gateway.Host.Live>().OpenCount);
        streams.ForEach(stream => stream.Dispose());
    }

    private static async Task<StreamReader> Open(HttpClient browser)
    {
        var answer = await browser.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await lines.ReadLineAsync(patience.Token) is { } line && line != "event: opened")
        {
        }

        return lines;
    }

    private static async Task<string> Rest(StreamReader lines)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await lines.ReadToEndAsync(patience.Token);
    }
}
