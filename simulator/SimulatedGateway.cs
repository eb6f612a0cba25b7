using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;
using Quartier.Mqtt;

namespace Quartier.Simulator;

/// <summary>What of a simulated gateway lives and dies with its process: the broker with its sessions, the intake before the pipeline, the
/// round of duties. The parts are the host's own, over a store and a clock of the world's.</summary>
internal sealed class SimulatedGateway : IDisposable
{
    private readonly ServiceProvider parts;
    private readonly RevokedSecrets secrets;
    private readonly DutyHours duties;

    /// <param name="skips">Rounds of duties that would do nothing are left out.</param>
    public SimulatedGateway(Database database, GatewayOptions options, ClockWatch clock, GatewayHealth health, IChance noise, bool skips)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(options);
        services.AddSingleton(database);
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton(health);
        services.AddSingleton<Outgoing>();
        // Wires open no files.
        BrokerHost.Add(services, options.Pipeline, options.OutsideBrokers, options.AnonymousMqtt, ConnectionLimits.Of(long.MaxValue).Broker);
        parts = services.BuildServiceProvider();
        BrokerHost.Attach(parts);
        Broker = parts.GetRequiredService<MqttBroker>();
        Door = new MqttConnectionHandler(Broker);
        Intake = (Intake)parts.GetRequiredService<IPublishIntake>();
        Outgoing = parts.GetRequiredService<Outgoing>();
        duties = new DutyHours(new DutyRound(database, options, clock, Outgoing, health, noise), database, options, clock, health, skips);
        secrets = new RevokedSecrets(database, Broker);
        secrets.Look();
    }

    public MqttBroker Broker { get; }

    /// <summary>Where clients connect.</summary>
    public MqttConnectionHandler Door { get; }

    public Intake Intake { get; }

    public Outgoing Outgoing { get; }

    /// <summary>Called every <see cref="DutyRound.Period"/>.</summary>
    public void DoDuties() => duties.Tick();

    /// <summary>Something that duties go by has changed: rows, or the wall clock.</summary>
    public void Stir() => duties.Stir();

    /// <summary>A secret was changed.</summary>
    public void EndRevoked() => secrets.Look();

    public void Dispose() => parts.Dispose();
}
