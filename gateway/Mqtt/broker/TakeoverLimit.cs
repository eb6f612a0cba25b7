namespace Quartier.Mqtt;

/// <summary>Two clients with one log-in throw each other out as fast as they reconnect. Beyond some times a minute each newcomer has to
/// wait, one behind the other, so that whoever is connected is served meanwhile. Called under the broker's lock.</summary>
internal sealed class TakeoverLimit(BrokerOptions options, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<LogIn, Recent> byLogIn = [];

    /// <summary>Counts one takeover.</summary>
    /// <returns>How long it has to wait first.</returns>
    public TimeSpan Count(LogIn logIn)
    {
        var now = time.GetTimestamp();
        var recent = byLogIn.TryGetValue(logIn, out var known) && !IsOver(known) ? known : new Recent(now, 0, now);
        recent = recent with { Count = recent.Count + 1 };
        if (recent.Count > options.TakeoversFree)
        {
            recent = recent with { NextAt = Math.Max(recent.NextAt, now) + (long)(options.TakeoverPause.TotalSeconds * time.TimestampFrequency) };
        }

        byLogIn[logIn] = recent;
        return recent.Count > options.TakeoversFree ? time.GetElapsedTime(now, recent.NextAt) : TimeSpan.Zero;
    }

    /// <summary>Drops what is older than the window.</summary>
    public void Forget()
    {
        foreach (var (logIn, _) in byLogIn.Where(entry => IsOver(entry.Value)).ToArray())
        {
            byLogIn.Remove(logIn);
        }
    }

    private bool IsOver(Recent recent) => time.GetElapsedTime(recent.Since) >= Window;

    /// <param name="Since">Timestamp of the first in the window.</param>
    /// <param name="NextAt">Timestamp at which the last that waits may take over.</param>
    private readonly record struct Recent(long Since, int Count, long NextAt);
}
