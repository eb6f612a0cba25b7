using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Host;

/// <summary>Releases, keys and the channel to the planning backend of one host.</summary>
internal static class PlanningParts
{
    public static void Add(IServiceCollection services, GatewayOptions options)
    {
        PlannerKeyScheme.Add(services);
        services.AddSingleton(Releases.Of(options.Planning));
        if (options.Planning.Webhook is { } webhook)
        {
            services.AddSingleton<IDeliveryChannel>(provider => new WebhookChannel(
                ChannelNames.Planning,
                webhook,
                provider.GetRequiredService<HttpClient>(),
                provider.GetRequiredService<TimeProvider>(),
                payload => payload,
                PlanningPush.Renewed));
        }
    }
}
