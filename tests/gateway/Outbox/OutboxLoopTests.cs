using Microsoft.Extensions.Logging.Abstractions;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store.Outbox;
using Xunit;

namespace Quartier.Tests.Gateway.Outbox;

public sealed class OutboxLoopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Mailroom room = new();

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task A_mail_server_that_never_answers_holds_up_no_other_channel()
    {
        var (mail, webhook) = (new Receiver("mail", answers: false), new Receiver("webhook", answers: true));
        using var loop = new OutboxLoop(
            room.Store, new OutboxPump(room.Store, [mail, webhook], room.Clock), room.Clock, NullLogger<OutboxLoop>.Instance);
        await loop.StartAsync(CancellationToken.None);
        room.Add("letter");
        Assert.Equal("letter", await mail.Next());
        room.Add("first", channel: "webhook");
        Assert.Equal("first", await webhook.Next());
        room.Add("second", channel: "webhook");
        Assert.Equal("second", await webhook.Next());
        await loop.StopAsync(CancellationToken.None);
        Assert.Equal(OutboxState.Waiting, room.Find("letter").State);
    }

    [Fact]
    public async Task What_waits_for_a_channel_of_an_earlier_configuration_says_so()
    {
        room.Add("left over", channel: "pigeon");
        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pump = new OutboxPump(room.Store, [], room.Clock, (step, _) =>
        {
            if (step == PumpStep.Recorded)
            {
                tried.TrySetResult();
            }
        });
        using var loop = new OutboxLoop(room.Store, pump, room.Clock, NullLogger<OutboxLoop>.Instance);
        await loop.StartAsync(CancellationToken.None);
        await tried.Task.WaitAsync(Patience);
        await loop.StopAsync(CancellationToken.None);
        Assert.Contains("not configured", room.Find("left over").LastError, StringComparison.Ordinal);
    }

    /// <summary>Tells what it was given; one that does not answer waits until it is stopped.</summary>
    private sealed class Receiver(string name, bool answers) : IDeliveryChannel
    {
        private readonly System.Threading.Channels.Channel<string> keys = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public string Name => name;

        public async Task<string> Next() => await keys.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        public async Task<SendResult> SendAsync(OutboxMessage message, CancellationToken stop)
        {
            keys.Writer.TryWrite(message.Key);
            if (!answers)
            {
                await new TaskCompletionSource().Task.WaitAsync(stop);
            }

            return new SendResult(SendOutcome.Accepted, "ok");
        }
    }
}
