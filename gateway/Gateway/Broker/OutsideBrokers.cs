using Quartier.Gateway.Store;

namespace Quartier.Gateway.Broker;

/// <summary>All outside brokers, each in a loop of its own.</summary>
public sealed class OutsideBrokers(
    IReadOnlyDictionary<string, OutsideOptions> options, Intake intake, Database database, TimeProvider time, GatewayHealth health, ILogger<OutsideBroker> log) : BackgroundService
{
    private readonly SortedDictionary<string, OutsideBroker> brokers = new(
        options.ToDictionary(one => one.Key, one => new OutsideBroker(one.Key, one.Value, intake, database, time, health, log)), StringComparer.Ordinal);

    /// <summary>The status of one has changed. Be quick.</summary>
    public event Action Changed
    {
        add => Each(broker => broker.Changed += value);
        remove => Each(broker => broker.Changed -= value);
    }

    /// <summary>By name; empty when there are none.</summary>
    public IReadOnlyList<OutsideStatus> Status => [.. brokers.Values.Select(broker => broker.Status)];

    /// <param name="command">Names the broker that it goes to.</param>
    public void Publish(Publication command) => brokers[command.Over!].Publish(command);

    private void Each(Action<OutsideBroker> act)
    {
        foreach (var broker in brokers.Values)
        {
            act(broker);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(brokers.Values.Select(broker => Task.Run(() => broker.RunAsync(stoppingToken), CancellationToken.None)));
}
