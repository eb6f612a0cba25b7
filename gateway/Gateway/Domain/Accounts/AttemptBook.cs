using NodaTime;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>Failures by key, at most so many keys. Not safe for several threads.</summary>
/// <param name="free">Failures before the first wait.</param>
public sealed class AttemptBook(int free, int keysMax = AttemptBook.KeysMax)
{
    public const int KeysMax = 10_000;

    private readonly Dictionary<string, Failures> failures = [];

    public int Count => failures.Count;

    public Duration WaitLeft(string key, Instant now) =>
        failures.TryGetValue(key, out var known) ? AttemptRules.WaitLeft(known, free, now) : Duration.Zero;

    public void Fail(string key, Instant now)
    {
        var known = failures.TryGetValue(key, out var held) && !AttemptRules.IsForgotten(held, now) ? held.Count : 0;
        if (known == 0 && !failures.ContainsKey(key) && failures.Count >= keysMax)
        {
            MakeRoom(now);
        }

        failures[key] = new Failures(known + 1, now);
    }

    /// <summary>The last failure was none.</summary>
    public void TakeBack(string key)
    {
        if (failures.TryGetValue(key, out var known))
        {
            Put(key, known with { Count = known.Count - 1 });
        }
    }

    public void Forget(string key) => failures.Remove(key);

    private void Put(string key, Failures next)
    {
        if (next.Count > 0)
        {
            failures[key] = next;
        }
        else
        {
            failures.Remove(key);
        }
    }

    // The fewest failures go first: a flood of made-up names must not wash away what is known about the one name that is meant.
    private void MakeRoom(Instant now)
    {
        foreach (var key in failures.Where(entry => AttemptRules.IsForgotten(entry.Value, now)).Select(entry => entry.Key).ToList())
        {
            failures.Remove(key);
        }

        var leaving = failures.OrderBy(entry => entry.Value.Count).ThenBy(entry => entry.Value.Last).Take(Math.Max(0, failures.Count - (keysMax * 9 / 10))).Select(entry => entry.Key).ToList();
        leaving.ForEach(key => failures.Remove(key));
    }
}
