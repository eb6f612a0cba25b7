using System.Threading.Channels;
using NodaTime.Extensions;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Builds the catalogue beside the writer, when offers changed and every second; the writer only puts the result in place.</summary>
public sealed class CatalogueLoop(Database database, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void OnChanged(IReadOnlySet<string> tables)
        {
            if (tables.Contains("catalogue_state"))
            {
                due.Writer.TryWrite(true);
            }
        }

        database.Changed += OnChanged;
        await using var timer = time.CreateTimer(_ => due.Writer.TryWrite(true), null, TimeSpan.Zero, Period);
        try
        {
            await foreach (var _ in due.Reader.ReadAllAsync(stoppingToken))
            {
                var now = time.GetUtcNow().ToInstant();
                if (database.Read(db => Catalogue.Prepare(db, now)) is { } build)
                {
                    await database.WriteAsync(db => Catalogue.Apply(db, build, now));
                }
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
}
