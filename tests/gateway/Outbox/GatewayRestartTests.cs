using System.Diagnostics;
using System.Text.RegularExpressions;
using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Shelters;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;
using Quartier.Simulator.Demo;
using Quartier.Tests.Gateway.Notify;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Gateway.Outbox;

/// <summary>The gateway as a process of its own, before foreign receivers, ended by SIGKILL.</summary>
public sealed partial class GatewayRestartTests
{
    private const string Follower = "the event behind the alarm's";

    /// <summary>Goal: a letter that was handed over when the process ended goes again under the same Message-ID, and nothing else goes
    /// twice. Method: the mail server takes the data and does not answer; the gateway is killed while it waits. A second event of the
    /// same subject leaves only when the first is recorded: its arrival says that the first must never come again.</summary>
    [Fact]
    public async Task Killed_between_sent_and_recorded_it_sends_the_same_letter_again_and_the_event_only_once()
    {
        var folder = StoreFolder.Create("restart");
        using var webhook = await Peer.Webhook("sixteen or more signs", 200);
        var silent = await Peer.Smtp("PLAIN", "silent");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "appsettings.json"), Settings(silent.Port, webhook.Port));
        RaiseSmoke(folder.FullName);

        var first = StartGateway(folder.FullName);
        var before = MessageId((await silent.Next()).GetProperty("raw").GetString()!);
        Assert.True((await webhook.Next()).GetProperty("signed").GetBoolean());
        Assert.Equal(Follower, (await webhook.Next()).GetProperty("key").GetString());
        first.Kill();
        await first.WaitForExitAsync();
        var port = silent.Port;
        silent.Dispose();

        using var mail = await Peer.Smtp("PLAIN", "accept", port);
        using var second = StartGateway(folder.FullName);
        Assert.Equal(before, MessageId((await mail.Next()).GetProperty("raw").GetString()!));
        second.Kill();
        await second.WaitForExitAsync();

        using var store = Database.Open(folder.FullName, Tables.All);
        var letter = store.Read(db => OutboxTable.Latest(db, 9)).Single(message => message.Channel == "mail");
        Assert.Null(store.Read(db => OutboxTable.Attempts(db, letter.Position))[0].Result);
        Assert.All(webhook.Rest(), request => Assert.Equal(Follower, request.GetProperty("key").GetString()));
    }

    private static void RaiseSmoke(string folder)
    {
        using var store = Database.Open(folder, Tables.All);
        var now = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        var settings = new GatewayOptions { DataDirectory = folder, Notify = NotifyOptions.Read(folder, out _) }.AlertSettings;
        store.Write(db =>
        {
            DemoQuarter.SeedDevices(db, now);
            AlertCases.Take(db, new AlarmReport(DemoQuarter.Karlsplatz, now, AlarmKind.Smoke, true, 1, 0));
            AlertNotices.Tell(db, settings, 1, now);
            var raised = OutboxTable.Latest(db, 9).Single(message => message.Channel == ChannelNames.Team);
            var next = new CloudEvent(Follower, "urn:test", "de.quartier.test", "test", now, new System.Text.Json.Nodes.JsonObject());
            OutboxTable.Add(db, new NewMessage(raised.Channel, raised.Subject, Follower, next.ToJson(), now), now);
        });
    }

    private static Process StartGateway(string folder)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[]
                 {
                     Path.Combine(AppContext.BaseDirectory, "Quartier.Gateway.dll"),
                     "serve", "--data", folder, "--http-port", "0", "--mqtt-port", "-1",
                 })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static string Settings(int smtpPort, int webhookPort) => $$"""
        { "Notify": {
          "Smtp": { "Host": "127.0.0.1", "Port": {{smtpPort}}, "Security": "None", "From": "nester@example.org" },
          "Webhook": { "Url": "http://127.0.0.1:{{webhookPort}}/", "Secret": "sixteen or more signs" },
          "Team": [ "anna@example.org" ] } }
        """;

    private static string MessageId(string raw) => MessageIdLine().Match(raw).Value;

    [GeneratedRegex("^Message-ID: <[^>]+>", RegexOptions.Multiline)]
    private static partial Regex MessageIdLine();
}
