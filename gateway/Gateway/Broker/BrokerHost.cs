using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Quartier.Gateway.Ingest;
using Quartier.Mqtt;

namespace Quartier.Gateway.Broker;

/// <summary>The embedded broker inside the gateway's process, on a Kestrel endpoint of its own; the simulator puts the same parts together
/// and connects without sockets.</summary>
public static class BrokerHost
{
    /// <param name="pipeline">How messages to the embedded broker are read.</param>
    /// <param name="outside">Brokers of others, by name.</param>
    /// <param name="admitsEveryone">Clients without a name and password may do anything.</param>
    public static void Add(
        IServiceCollection services, PipelineOptions pipeline, IReadOnlyDictionary<string, OutsideOptions> outside, bool admitsEveryone, int connectionsMax)
    {
        services.Configure<Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets.SocketTransportOptions>(MqttTransport.Tune);
        services.AddSingleton(new BrokerOptions { ConnectionsMax = connectionsMax });
        services.AddSingleton(pipeline);
        services.AddSingleton<Intake>();
        services.AddSingleton<IPublishIntake>(provider => provider.GetRequiredService<Intake>());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<OutsideBrokers>(provider, outside));
        services.AddHostedService(provider => provider.GetRequiredService<OutsideBrokers>());
        if (admitsEveryone)
        {
            services.AddSingleton<IMqttAuthenticator, AdmitEveryone>();
        }
        else
        {
            services.AddSingleton<IMqttAuthenticator, DeviceAuthenticator>();
        }

        services.AddSingleton<IRetainedStore, RetainedTable>();
        services.AddSingleton<MqttBroker>();
        services.AddConnections();
        services.AddHostedService<CredentialWatch>();
        services.AddSingleton<LivenessAnswers>();
    }

    /// <summary>Puts the broker behind a port, after whatever speaks TLS there.</summary>
    public static void Serve(ListenOptions listen) => listen.UseConnectionHandler<MqttConnectionHandler>();

    /// <summary>From here on, what the pipeline and the duties want published reaches the broker's subscribers, or the outside broker that it
    /// is for.</summary>
    public static void Attach(IServiceProvider services)
    {
        var broker = services.GetRequiredService<MqttBroker>();
        var outside = services.GetRequiredService<OutsideBrokers>();
        services.GetRequiredService<Outgoing>().Attach(publication =>
        {
            if (publication.Over is null)
            {
                broker.Publish(publication.Topic, publication.Payload, publication.Retain);
            }
            else
            {
                outside.Publish(publication);
            }
        });
    }
}
