using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Console;
using NodaTime;
using Quartier.Gateway.Broker;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Fleet;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Domain.PodBoard;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Outputs.Preview;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Puts the gateway together: store, broker, console. The simulator and the tests build the very same host.</summary>
public static class GatewayHost
{
    public static WebApplication Build(GatewayOptions options, TimeProvider time)
    {
        OwnerOnly.Prepare(options.DataDirectory);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(GatewayHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
        });
        options = options with
        {
            Planning = PlanningOptions.Read(options.DataDirectory, options.Planning),
            Brokers = options.Brokers ?? OutsideOptions.Read(options.DataDirectory),
        };
        builder.Logging.ClearProviders().AddConsole(console => console.FormatterName = LineFormatter.FormatterName).AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>().SetMinimumLevel(LogLevel.Warning)
            // Keys lie in the data folder, whose rights protect the store as well; that pages with a form are not cached is wanted.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error).AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error);
        var database = Database.Open(options.DataDirectory, Tables.All);
        var clock = new ClockWatch(time, SystemTime.IsSynchronised);
        database.Write(clock.Begin);
        options = NoticeParts.Complete(options, clock) with { BuildsBesideWriter = true };
        var limits = ConnectionLimits.OfThisProcess();
        var endpoints = new Endpoints(options, limits, clock);
        builder.WebHost.ConfigureKestrel(endpoints.Listen);
        AddParts(builder.Services, options, clock, database, endpoints, limits);
        var app = builder.Build();
        if (options.Seed is { } seed)
        {
            database.Write(db => seed(db, clock.Now));
        }

        BrokerHost.Attach(app.Services);
        AllowedHosts.Use(app);
        Security.Use(app);
        app.Use(LiveAnswers.SayWhatChanged);
        Map(app);
        var access = Endpoints.ForDevices(app);
        app.Lifetime.ApplicationStarted.Register(() => database.Write(db => RootOffers.Set(db, access.Tls(), access.Ports().Time)));
        return app;
    }

    private static void AddParts(IServiceCollection services, GatewayOptions options, ClockWatch clock, Database database, Endpoints endpoints, ConnectionLimits limits)
    {
        services.AddSingleton(options);
        services.AddSingleton(clock);
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton<IClock>(new ProvidedClock(clock));

        // By a function, so that the container closes it.
        services.AddSingleton(_ => database);
        services.AddSingleton(_ => endpoints);
        services.AddHostedService<CertificateLoop>();
        services.AddSingleton(limits);
        services.AddSingleton<IConnectionListenerFactory, CountedSockets>();
        services.AddHostedService<ConnectionLoop>();
        services.AddSingleton<GatewayHealth>();
        services.AddSingleton<Live>();
        services.AddSingleton<BoardLive>();
        services.AddSingleton<Outgoing>();
        services.AddSingleton<ImportRunner>();
        services.AddSingleton<OfferShelf>();
        services.AddSingleton<DrawOffer>(ScreenPreview.DrawOffer);
        services.AddHostedService<CatalogueLoop>();
        services.AddHostedService<DutiesLoop>();
        services.AddHostedService<EraseLoop>();
        services.AddSingleton<DatagramResponder>();
        services.AddHostedService(provider => provider.GetRequiredService<DatagramResponder>());
        services.AddSingleton<CurrentBanner>(() => endpoints.Plain.Banner(() => database.Read(ScreenTransports.CountPlain)));
        services.AddHttpContextAccessor();
        services.AddScoped(provider => provider.GetRequiredService<IHttpContextAccessor>().HttpContext is { } context ? ReaderLanguage.For(context.Request) : ReaderLanguage.German);
        services.AddDataProtection().SetApplicationName("Quartier").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(options.DataDirectory, "keys")));
        services.AddRazorComponents();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Default);
        Security.Add(services);
        PlanningParts.Add(services, options);
        BrokerHost.Add(services, options.Pipeline, options.OutsideBrokers, options.AnonymousMqtt, limits.Broker);
        NoticeParts.Add(services, options);
    }

    /// <summary>Every page and endpoint, slice by slice.</summary>
    private static void Map(WebApplication app)
    {
        Live.MapLive(app);
        AccountsApi.MapAccounts(app);
        OwnAccountApi.MapOwnAccount(app);
        InvitationApi.MapInvitation(app);
        AdministrationApi.MapAdministration(app, () => app.Services.GetRequiredService<Endpoints>().Best);
        AuditApi.MapAudit(app);
        FleetApi.MapFleet(app, app.Services.GetRequiredService<GatewayOptions>().ShelterHeartbeat);
        ProvisionApi.MapProvision(app, Endpoints.ForDevices(app));
        PodBoardApi.MapPodBoard(app);
        OffersApi.MapOffers(app);
        RefusalsApi.MapRefusals(app);
        PlanningApi.MapPlanning(app);
        HsdsApi.MapHsds(app);
        AlertsApi.MapAlerts(app);
        LinkApi.MapLinks(app);
        DeliveriesApi.MapDeliveries(app);
        HealthApi.MapHealth(app);
        ClockApi.MapClock(app);
        ConnectionsApi.MapConnections(app);
        MqttOverWebSocket.Map(app, context => ErrorPages.NotFound().ExecuteAsync(context));
        app.MapFallback(ErrorPages.NotFound).AllowAnonymous();
    }

    private sealed class ProvidedClock(ClockWatch clock) : IClock
    {
        public Instant GetCurrentInstant() => clock.Now;
    }
}
