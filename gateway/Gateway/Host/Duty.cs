using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Outputs.Planning;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>One kind of work that falls due by time alone. It looks itself whether something is due.</summary>
/// <param name="Name">On /healthz, in plain ASCII.</param>
/// <param name="German">What fails when it fails, for a sentence: "Freigaben". Likewise English.</param>
/// <param name="ToDoGerman">What helps. Likewise ToDoEnglish.</param>
/// <param name="Page">Whose work suffers when it fails: their page; null: that of everybody who watches over the gateway.</param>
/// <param name="IsFinal">It deletes or releases for good: it waits while a fault holds that back.</param>
/// <param name="IsPatient">After a failure it waits a little longer each time, so that it does not hold up others every second.</param>
public sealed record Duty(
    string Name, string German, string English, string ToDoGerman, string ToDoEnglish, Action<DutyTurn> Run, string? Page = null, bool IsFinal = false, bool IsPatient = true)
{
    private const int LongestPauseSeconds = 60;

    public string FaultName => $"duty {Name}";

    public Fault Fault => new(FaultName, $"{German}: gelingt nicht.", $"{English}: fails.", ToDoGerman, ToDoEnglish, Page);

    /// <summary>How long it rests after so many failures in a row: 2, 4, 8 … 60 s.</summary>
    public Duration PauseAfter(int failures) =>
        IsPatient ? Duration.FromSeconds(Math.Min(1 << Math.Min(failures, 10), LongestPauseSeconds)) : Duration.Zero;
}

/// <summary>One turn of a duty. Each piece of its work is a transaction of its own: one that fails takes no other with it.</summary>
public sealed class DutyTurn(Database store, Instant now, GatewayOptions options, IChance? chance)
{
    private readonly List<Exception> failures = [];
    private readonly List<Publication> effects = [];

    public Instant Now => now;

    public GatewayOptions Options => options;

    /// <summary>See <see cref="Releases.Of"/>.</summary>
    public IChance? Chance => chance;

    public IReadOnlyList<Exception> Failures => failures;

    /// <summary>What has to be published, of committed work alone.</summary>
    public IReadOnlyList<Publication> Effects => effects;

    public void Write(Action<DbConnection> work) => Write((db, _) => work(db));

    public void Write(Action<DbConnection, List<Publication>> work) => effects.AddRange(Write(
        db =>
        {
            var own = new List<Publication>();
            work(db, own);
            return own;
        },
        []));

    /// <returns>What the work returned; otherwise where it failed.</returns>
    public T Write<T>(Func<DbConnection, T> work, T otherwise)
    {
        var attempt = store.Attempt(work);
        if (attempt.IsFaulted)
        {
            failures.AddRange(attempt.Exception.InnerExceptions);
            return otherwise;
        }

        return attempt.Result;
    }
}
