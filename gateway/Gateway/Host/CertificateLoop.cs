using NodaTime.Extensions;
using Quartier.Gateway.Tls;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Looks after the certificates once a minute, and says aloud at the start what is open without them.</summary>
public sealed partial class CertificateLoop(Endpoints endpoints, GatewayHealth health, TimeProvider time, ILogger<CertificateLoop> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (endpoints.Plain.IsInsecure)
        {
            Insecure(log);
        }
        else if (endpoints.Plain.IsAsBefore)
        {
            AsBefore(log);
        }

        if (endpoints.Certificates is not { } certificates)
        {
            return;
        }

        if (certificates.NotVouchedFor is { IsEmpty: false } names)
        {
            NotVouchedFor(log, names);
        }

        using var timer = new PeriodicTimer(Period, time);
        do
        {
            Look(certificates);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Look(Certificates certificates)
    {
        var now = time.GetUtcNow();
        foreach (var line in certificates.Step(now))
        {
            Said(log, line);
        }

        if (certificates.Fault(now.ToInstant()) is { } fault)
        {
            health.Raise(fault, now.ToInstant());
        }
        else
        {
            health.Clear(CertificateFaults.Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Line}")]
    private static partial void Said(ILogger log, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "connections without TLS are taken from every machine (--insecure): whoever listens on the network reads passwords and reports")]
    private static partial void Insecure(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "connections without TLS are taken from every machine, as before: whoever listens on the network reads passwords and reports; an administrator ends it on the page /connections")]
    private static partial void AsBefore(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the authority for browsers was made before these names were the gateway's and may not vouch for them: {Names}. Browsers warn there. For a new authority, which every phone has to be given again, delete tls/browsers-authority.pem in the data folder and restart")]
    private static partial void NotVouchedFor(ILogger log, ServerNames names);
}
