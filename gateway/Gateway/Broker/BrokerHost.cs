using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Quartier.Gateway.Host;
using Quartier.Mqtt;

namespace Quartier.Gateway.Broker;

/// <summary>The embedded broker inside the gateway's process, on a Kestrel endpoint of its own; the simulator puts the same parts together
/// and connects without sockets.</summary>
public static class BrokerHost
{
    public static void Add(IServiceCollection services, GatewayOptions options, ConnectionLimits limits)
    {
        services.Configure<Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets.SocketTransportOptions>(MqttTransport.Tune);
        services.AddSingleton(new BrokerOptions { ConnectionsMax = limits.Broker });
        services.AddSingleton<Intake>();
        services.AddSingleton<IPublishIntake>(provider => provider.GetRequiredService<Intake>());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<OutsideBrokers>(provider, options.Brokers ?? new Dictionary<string, OutsideOptions>()));
        services.AddHostedService(provider => provider.GetRequiredService<OutsideBrokers>());
        if (options.AnonymousMqtt)
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
