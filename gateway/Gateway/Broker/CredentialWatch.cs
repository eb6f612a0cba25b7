using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Store;
using Quartier.Mqtt;

namespace Quartier.Gateway.Broker;

/// <summary>Ends what hangs on a secret that no longer counts, whoever changed it: a page or the provisioning tool at once, a command
/// in a process of its own within a second.</summary>
public sealed partial class CredentialWatch(Database database, MqttBroker broker, TimeProvider time, ILogger<CredentialWatch> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private Dictionary<string, string> known = [];

    /// <summary>Before the first client can log in, so that no change is missed.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Look();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void OnChanged(IReadOnlySet<string> tables)
        {
            if (tables.Contains("mqtt_credentials"))
            {
                due.Writer.TryWrite(true);
            }
        }

        database.Changed += OnChanged;
        await using var timer = time.CreateTimer(_ => due.Writer.TryWrite(true), null, Period, Period);
        try
        {
            await foreach (var _ in due.Reader.ReadAllAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        finally
        {
            database.Changed -= OnChanged;
        }
    }

    private void Look()
    {
        try
        {
            var seals = database.Read(Credentials.Seals);
            foreach (var (name, seal) in known)
            {
                if (seals.GetValueOrDefault(name) is var now && now != seal)
                {
                    broker.Revoke(name, keep: now);
                }
            }

            known = seals;
        }
        catch (SqliteException failure)
        {
            // Looked at again in a second; what is known stays, so that no change is missed.
            NotRead(failure);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The secrets at the broker could not be read; a connection whose secret was changed may still be open")]
    private partial void NotRead(Exception cause);
}
