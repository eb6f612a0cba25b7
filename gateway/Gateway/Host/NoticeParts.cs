using NodaTime.Extensions;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Host;

/// <summary>Outbox, channels and links of one host. Another part adds its own channel by registering an IDeliveryChannel.</summary>
internal static class NoticeParts
{
    /// <summary>Fills in what only the host knows.</summary>
    public static GatewayOptions Complete(GatewayOptions options, TimeProvider time) => options with
    {
        Notify = options.Notify ?? NotifyOptions.Read(options.DataDirectory, out _) ?? new NotifyOptions(),
        ListeningSince = options.ListeningSince ?? time.GetUtcNow().ToInstant(),
    };

    public static void Add(IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton(options.AlertSettings);
        services.AddSingleton(_ => LinkKey.LoadOrCreate(Path.Combine(options.DataDirectory, "keys")));
        services.AddSingleton(_ => WebhookChannel.Client());
        services.AddSingleton(provider => new PublicAddress(() => options.PublicUrl?.ToString() ?? provider.GetRequiredService<Endpoints>().Best?.ToString() ?? "http://localhost"));
        services.AddSingleton(provider => new OutboxPump(
            provider.GetRequiredService<Database>(),
            [.. Team(provider, options), .. provider.GetServices<IDeliveryChannel>()],
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<OutboxLoop>();
    }

    private static IReadOnlyList<IDeliveryChannel> Team(IServiceProvider provider, GatewayOptions options)
    {
        var (key, address) = (provider.GetRequiredService<LinkKey>(), provider.GetRequiredService<PublicAddress>());
        return TeamChannels.From(
            options.Notify!,
            options.KeepsLetters,
            provider.GetRequiredService<HttpClient>(),
            provider.GetRequiredService<TimeProvider>(),
            payload => AcknowledgeLink.Fill(key, address.Current, payload));
    }
}
