using System.Runtime.CompilerServices;
using System.Threading.Channels;
using NodaTime;
using NodaTime.Extensions;

namespace Quartier.Gateway.Store;

/// <summary>When to look at a table again: when it was changed in this process, and once a period for what another process changed, or
/// what only time does. Turns that fall into one are one.</summary>
internal static class TableTurns
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <returns>The time of each turn; ends when the host stops.</returns>
    public static async IAsyncEnumerable<Instant> Of(Database database, string table, TimeProvider time, [EnumeratorCancellation] CancellationToken stop)
    {
        var due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void OnChanged(IReadOnlySet<string> tables)
        {
            if (tables.Contains(table))
            {
                due.Writer.TryWrite(true);
            }
        }

        database.Changed += OnChanged;
        await using var end = stop.Register(() => due.Writer.TryComplete());
        await using var timer = time.CreateTimer(_ => due.Writer.TryWrite(true), null, TimeSpan.Zero, Period);
        try
        {
            await foreach (var _ in due.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return time.GetUtcNow().ToInstant();
            }
        }
        finally
        {
            database.Changed -= OnChanged;
        }
    }
}
