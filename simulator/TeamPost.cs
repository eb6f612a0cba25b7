using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Simulator;

/// <summary>What leaves a simulated gateway for people and machines outside: letters, the team's chat, the planning backend. Each answers at
/// once; what is due is looked for every ten seconds, after the duties of the same second.</summary>
public sealed class TeamPost
{
    public const int RoundMs = 10_000;

    private readonly OutboxPump pump;

    public TeamPost(Simulation run)
    {
        pump = new OutboxPump(
            run.Gateway.Database,
            [
                new Receiver(ChannelNames.Mail, () => new SendResult(SendOutcome.Accepted, "250 OK")),
                new Receiver(ChannelNames.Team, () => IsChatDead ? new SendResult(SendOutcome.Failed, "no answer within 15 s") : new SendResult(SendOutcome.Accepted, "204")),
                new Receiver(ChannelNames.Planning, () => new SendResult(SendOutcome.Accepted, "204")),
            ],
            run.Gateway.Clock,
            (step, message) => Passed?.Invoke(step, message));
        run.Quarter.World.Every(RoundMs, () => run.Quarter.World.After(0, Round));
    }

    /// <summary>After each step of a delivery.</summary>
    public event Action<PumpStep, OutboxMessage>? Passed;

    /// <summary>Everything that was due has been tried.</summary>
    public event Action? Rounded;

    public bool IsChatDead { get; set; }

    private void Round()
    {
        pump.Round();
        Rounded?.Invoke();
    }

    private sealed class Receiver(string name, Func<SendResult> answer) : IDeliveryChannel
    {
        public string Name => name;

        public Task<SendResult> SendAsync(OutboxMessage message, CancellationToken stop) => Task.FromResult(answer());
    }
}
