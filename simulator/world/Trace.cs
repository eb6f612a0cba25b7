using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Quartier.Simulator.World;

/// <param name="Number">Counts from 1.</param>
/// <param name="At">World time.</param>
/// <param name="Actor">Who: a device, a person, the network server.</param>
/// <param name="Event">What, one hyphenated word.</param>
public sealed record TraceLine(long Number, Instant At, string Actor, string Event, string Detail);

/// <summary>What happened, as a table: day, time of day at the place, actor, event, detail, in fixed columns.
/// The hash over all lines is the fingerprint of a run.</summary>
public sealed class Trace
{
    private const int Kept = 400;

    private readonly VirtualWorld world;
    private readonly TextWriter? output;
    private readonly LocalDate firstDay;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<TraceLine> recent = new();
    private long count;

    public Trace(VirtualWorld world, TextWriter? output)
    {
        this.world = world;
        this.output = output;
        firstDay = world.Start.InZone(WorldPlace.Zone).Date;
    }

    /// <summary>Raised on the world's thread.</summary>
    public event Action<TraceLine>? Written;

    public long Count => Interlocked.Read(ref count);

    /// <summary>The last lines, oldest first; safe from any thread.</summary>
    public IReadOnlyList<TraceLine> Recent
    {
        get
        {
            lock (recent)
            {
                return [.. recent];
            }
        }
    }

    public void Write(string actor, string @event, string detail = "")
    {
        var line = new TraceLine(Interlocked.Increment(ref count), world.Now, actor, @event, detail);
        var text = Text(line);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData("\n"u8);
        output?.Write(text);
        output?.Write('\n');
        lock (recent)
        {
            recent.Enqueue(line);
            if (recent.Count > Kept)
            {
                recent.Dequeue();
            }
        }

        Written?.Invoke(line);
    }

    /// <summary>SHA-256 of all lines so far, each ended by a line feed.</summary>
    public string HashSoFar() => Convert.ToHexStringLower(hash.GetCurrentHash());

    public string Text(TraceLine line)
    {
        var local = line.At.InZone(WorldPlace.Zone);
        var day = Period.Between(firstDay, local.Date, PeriodUnits.Days).Days + 1;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{day,3} {local.Hour:00}:{local.Minute:00}:{local.Second:00}.{local.Millisecond:000}  {line.Actor,-16}  {line.Event,-18}  {line.Detail}").TrimEnd();
    }
}
