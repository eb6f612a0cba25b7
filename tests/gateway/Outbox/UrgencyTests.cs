using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store.Outbox;
using Xunit;

namespace Quartier.Tests.Gateway.Outbox;

/// <summary>Within a channel safety goes before everything quiet, and one message that cannot go holds up no other.</summary>
public sealed class UrgencyTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Mailroom room = new();

    public void Dispose() => room.Dispose();

    [Fact]
    public void Safety_leaves_before_quiet_letters_that_were_written_first()
    {
        room.Add("stay", "alert-1/anna");
        room.Add("silence", "alert-2/anna");
        room.Add("smoke", "alert-3/anna", urgent: true);
        room.Pump().Round();
        Assert.Equal(["smoke", "stay", "silence"], room.Channel.Received);
    }

    [Fact]
    public void A_mail_server_that_does_not_answer_is_not_tried_with_a_quiet_letter_while_an_alarm_waits_for_it()
    {
        var tried = new List<string>();
        room.Channel.Answer = message =>
        {
            tried.Add(message.Key);
            return new SendResult(SendOutcome.Failed, "no answer");
        };
        room.Add("stay", "alert-1/anna");
        room.Add("smoke", "alert-2/anna", urgent: true);
        room.Pump().Round();
        Assert.Equal(["smoke"], tried);
        Assert.True(room.Store.Read(db => OutboxTable.NextDue(db, room.Clock.Now, "mail", urgent: false)) is null, "what is held back is not due: the loop would spin");

        room.Clock.Pass(OutboxTable.QuietWaits);
        room.Pump().Round();
        Assert.Equal(["smoke", "smoke", "stay"], tried);
    }

    [Fact]
    public async Task A_quiet_letter_that_hangs_in_the_line_holds_up_no_alarm_on_the_same_channel()
    {
        var mail = new HangingChannel();
        using var loop = new OutboxLoop(room.Store, new OutboxPump(room.Store, [mail], room.Clock), room.Clock, NullLogger<OutboxLoop>.Instance);
        await loop.StartAsync(CancellationToken.None);
        room.Add("stay", "alert-1/anna");
        Assert.Equal("stay", await mail.Tried.Reader.ReadAsync().AsTask().WaitAsync(Patience));
        room.Add("smoke", "alert-2/anna", urgent: true);
        Assert.Equal("smoke", await mail.Tried.Reader.ReadAsync().AsTask().WaitAsync(Patience));
        await loop.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_message_that_its_channel_stumbles_over_has_failed_and_the_others_go()
    {
        room.Channel.Answer = message => message.Key == "bad"
            ? throw new InvalidOperationException("header must contain only ASCII")
            : new SendResult(SendOutcome.Accepted, "ok");
        room.Add("bad", "alert-1/anna");
        room.Add("good", "alert-2/anna");
        await room.Pump().RoundAsync("mail", CancellationToken.None);
        Assert.Equal(["good"], room.Channel.Received);
        Assert.Equal((OutboxState.Waiting, "header must contain only ASCII"), (room.Find("bad").State, room.Find("bad").LastError));
    }

    private sealed class HangingChannel : IDeliveryChannel
    {
        public string Name => "mail";

        public System.Threading.Channels.Channel<string> Tried { get; } = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public async Task<SendResult> SendAsync(OutboxMessage message, CancellationToken stop)
        {
            Tried.Writer.TryWrite(message.Key);
            await new TaskCompletionSource().Task.WaitAsync(stop);
            return default;
        }
    }
}
