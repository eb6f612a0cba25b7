using Microsoft.Extensions.Configuration;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>A misspelt setting is a word at the start and not silence at night; a retired one never stops the start.</summary>
public sealed class OwnSettingsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-settings-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("""{ "Notfy": { "Team": ["a@example.org"] } }""", "there is no setting Notfy. Did you mean Notify?")]
    [InlineData("""{ "Notify": { "Smpt": { "Host": "x" } } }""", "there is no setting Notify:Smpt. Did you mean Smtp?")]
    [InlineData("""{ "Notify": { "Smtp": { "Hots": "x" } } }""", "there is no setting Notify:Smtp:Hots. Did you mean Host?")]
    [InlineData("""{ "Planning": { "Webhook": { "Addresse": "x" } } }""", "there is no setting Planning:Webhook:Addresse. Known here: Url, Secret.")]
    public void An_unknown_setting_of_ours_is_named_with_the_nearest_right_name(string json, string fault)
    {
        Write(json);
        Assert.EndsWith(fault, Assert.Single(OwnSettings.Faults(folder.FullName, GatewayOptions.Sections)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Logging": { "LogLevel": { "Default": "Debug" } }, "Kestrel": { "Anything": 1 } }""")]
    [InlineData("""{ "notify": { "team": ["a@example.org"], "areaInSubject": true, "webhook": { "url": "https://x.example/" } } }""")]
    [InlineData("{}")]
    public void What_is_right_or_not_ours_is_no_fault(string json)
    {
        Write(json);
        Assert.Empty(OwnSettings.Faults(folder.FullName, GatewayOptions.Sections));
    }

    [Fact]
    public void A_retired_key_is_taken_over_and_named_and_stops_no_start()
    {
        RetiredKey[] retired = [new("Notify:Mail", "Notify:Smtp"), new("Notify:Pager", null)];
        Write("""{ "Notify": { "Mail": { "Host": "old.example", "Port": 25 }, "Smtp": { "Port": 465 }, "Pager": "x" } }""");
        Assert.Empty(OwnSettings.Faults(folder.FullName, GatewayOptions.Sections, retired));
        Assert.Equal(
            [
                "appsettings.json: Notify:Mail is called Notify:Smtp now; it was taken over. Please rename it.",
                "appsettings.json: Notify:Pager is no longer used. Please delete it.",
            ],
            OwnSettings.Notes(folder.FullName, retired));
        var smtp = OwnSettings.Read(folder.FullName, retired).GetSection("Notify").Get<NotifyOptions>()!.Smtp!;
        Assert.Equal(("old.example", 465), (smtp.Host, smtp.Port));
    }

    [Fact]
    public async Task Serve_refuses_a_misspelt_section_and_warns_where_alarms_would_reach_nobody()
    {
        Write("""{ "Notfy": {} }""");
        var (said, code) = await Serve();
        Assert.Equal(2, code);
        Assert.Contains("there is no setting Notfy. Did you mean Notify?", said, StringComparison.Ordinal);

        Write("{}");
        (said, code) = await Serve();
        Assert.Null(code);
        Assert.StartsWith("WARNING: neither Notify:Smtp nor Notify:Webhook is set", said, StringComparison.Ordinal);
    }

    /// <returns>What it says to whoever starts it, and its exit code; null when it was ready, and was stopped then.</returns>
    private async Task<(string Said, int? Code)> Serve()
    {
        var start = new System.Diagnostics.ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "Quartier.Gateway.dll"), "serve", "--data", folder.FullName, "--http-port", "0", "--mqtt-port", "-1" })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = System.Diagnostics.Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready")
            {
                process.Kill();
                await process.WaitForExitAsync();
                return (await said, null);
            }
        }

        await process.WaitForExitAsync();
        return (await said, process.ExitCode);
    }

    private void Write(string json) => File.WriteAllText(Path.Combine(folder.FullName, OwnSettings.FileName), json);
}
