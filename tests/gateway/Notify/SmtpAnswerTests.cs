using System.Net.Security;
using System.Text.Json;
using NodaTime;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Store.Outbox;
using Xunit;

namespace Quartier.Tests.Gateway.Notify;

/// <summary>What becomes of a letter for each thing that a mail server may say, or not say.</summary>
public sealed class SmtpAnswerTests
{
    [Theory]
    [InlineData("MAIL", "550 5.7.1 not you", SendOutcome.Refused)]
    [InlineData("MAIL", "530 5.7.0 log in first", SendOutcome.Failed)]
    [InlineData("MAIL", "452 4.3.1 full", SendOutcome.Failed)]
    [InlineData("RCPT", "550 5.1.1 no such user", SendOutcome.Refused)]
    [InlineData("RCPT", "553 5.1.3 no such address", SendOutcome.Refused)]
    [InlineData("RCPT", "450 4.2.0 greylisted", SendOutcome.Failed)]
    [InlineData("DATA", "554 5.5.1 no valid recipients", SendOutcome.Refused)]
    [InlineData("DATA", "421 4.3.2 going down", SendOutcome.Failed)]
    [InlineData(".", "552 5.3.4 too big", SendOutcome.Refused)]
    [InlineData(".", "554 5.7.1 spam", SendOutcome.Refused)]
    [InlineData(".", "451 4.3.0 try later", SendOutcome.Failed)]
    [InlineData("AUTH", "535 5.7.8 wrong password", SendOutcome.Failed)]
    [InlineData("AUTH", "534 5.7.9 too weak", SendOutcome.Failed, "uthentication")]
    [InlineData("AUTH", "454 4.7.0 later", SendOutcome.Failed)]
    public async Task The_code_says_whether_the_letter_is_tried_again(string step, string reply, SendOutcome expected, string? says = null)
    {
        using var server = new ScriptedMailServer(command => command.Split(' ', ':')[0] == step ? reply + "\r\n" : ScriptedMailServer.Usual(command));
        var result = await Send(server, SmtpSecurity.None, step == "AUTH" ? "secret" : null);
        Assert.Equal(expected, result.Outcome);
        Assert.Contains(says ?? reply[..3], result.Note);
        Assert.DoesNotContain('\n', result.Note);
    }

    [Theory]
    [InlineData("421 4.3.2 too many connections\r\n", SendOutcome.Failed)]
    [InlineData("554 5.3.2 no mail here\r\n", SendOutcome.Refused)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", SendOutcome.Failed)]
    [InlineData("\r\n", SendOutcome.Failed)]
    public async Task A_greeting_that_is_none_ends_the_conversation(string greeting, SendOutcome expected)
    {
        using var server = new ScriptedMailServer(ScriptedMailServer.Usual, greeting);
        Assert.Equal(expected, (await Send(server, SmtpSecurity.None)).Outcome);
        Assert.DoesNotContain(await server.Heard(), command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_greeting_without_end_does_not_fill_the_memory()
    {
        using var server = new ScriptedMailServer(ScriptedMailServer.Usual, string.Concat(Enumerable.Repeat($"220-{new string('x', 500)}\r\n", 4_000)));
        var result = await Send(server, SmtpSecurity.None);
        Assert.Equal(SendOutcome.Failed, result.Outcome);
        Assert.Contains("not end", result.Note);
    }

    [Fact]
    public async Task A_wrong_password_is_tried_once_a_letter_whatever_ways_to_log_in_are_offered()
    {
        using var server = new ScriptedMailServer(command => command.StartsWith("AUTH", StringComparison.Ordinal) ? "535 5.7.8 wrong\r\n" : ScriptedMailServer.Usual(command));
        Assert.Equal(SendOutcome.Failed, (await Send(server, SmtpSecurity.None, "wrong")).Outcome);
        Assert.Equal(["EHLO example.org", "AUTH PLAIN"], (await server.Heard()).Where(command => command != "QUIT"));
    }

    [Fact]
    public async Task What_was_slipped_in_before_the_encryption_is_not_taken_for_the_servers_word()
    {
        using var server = new ScriptedMailServer(ScriptedMailServer.Usual, behindStartTls: "250-slipped\r\n250 AUTH LOGIN\r\n");
        await Send(server, SmtpSecurity.StartTls, "secret", (_, _, _, _) => true);
        var heard = await server.Heard();
        Assert.Equal(["EHLO example.org", "STARTTLS"], heard.Take(2));
        Assert.DoesNotContain("AUTH LOGIN", heard);
        Assert.True(heard.Count == 2 || heard[2] == "EHLO example.org", string.Join(", ", heard));
    }

    [Fact]
    public async Task A_server_that_takes_the_letter_and_never_says_good_bye_has_taken_it()
    {
        using var server = new ScriptedMailServer(command => command == "QUIT" ? null : ScriptedMailServer.Usual(command));
        var time = new HeldTime();
        var sending = Send(server, SmtpSecurity.None, time: time);
        await server.FellSilent.Task;
        time.Ring();
        Assert.Equal(SendOutcome.Accepted, (await sending).Outcome);
    }

    [Fact]
    public async Task A_server_that_says_nothing_to_the_letter_is_left_after_the_limit()
    {
        using var server = new ScriptedMailServer(command => command.StartsWith("RCPT", StringComparison.Ordinal) ? null : ScriptedMailServer.Usual(command));
        var time = new HeldTime();
        var sending = Send(server, SmtpSecurity.None, time: time);
        await server.FellSilent.Task;
        Assert.False(sending.IsCompleted);
        time.Ring();
        var result = await sending;
        Assert.Equal(SendOutcome.Failed, result.Outcome);
        Assert.Contains("no answer within 30 s", result.Note);
    }

    private static Task<SendResult> Send(
        ScriptedMailServer server, SmtpSecurity security, string? password = null, RemoteCertificateValidationCallback? check = null, TimeProvider? time = null)
    {
        var options = new SmtpOptions
        {
            Host = "127.0.0.1", Port = server.Port, Security = security, From = "nester@example.org", User = password is null ? null : "nester", Password = password,
        };
        var now = Instant.FromUtc(2026, 11, 21, 22, 0);
        var letter = JsonSerializer.Serialize(new Mail("anna@example.org", "Rauch", "Grüße", true, null));
        return new SmtpChannel(options, time ?? TimeProvider.System, payload => payload, check).SendAsync(
            new OutboxMessage(1, "mail", "s", "alert-1-n1-r1", letter, now, now, now, 1, OutboxState.Sending, null, null), CancellationToken.None);
    }

    /// <summary>Time whose one timer rings when the test says so.</summary>
    private sealed class HeldTime : TimeProvider
    {
        private Action ring = () => { };

        public void Ring() => ring();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ring = () => callback(state);
            return new Timer(_ => { });
        }
    }
}
