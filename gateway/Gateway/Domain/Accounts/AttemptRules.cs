using NodaTime;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>Tries that failed under one key, an account or an address.</summary>
public readonly record struct Failures(int Count, Instant Last);

/// <summary>How long somebody who failed has to wait. No limit locks anybody out: the longest wait is a minute, so that whoever
/// tries on purpose gets 1,440 tries a day, and whoever mistyped loses seconds.</summary>
public static class AttemptRules
{
    /// <summary>Tries before the first wait: of a person's fingers, and of everybody behind one address.</summary>
    public const int FreeOfOne = 5;
    public const int FreeOfMany = 10;

    public static readonly Duration WaitMax = Duration.FromMinutes(1);

    /// <summary>So long after the last failure all is forgotten.</summary>
    public static readonly Duration ForgottenAfter = Duration.FromHours(1);

    private const int DoublingsMax = 6;

    /// <summary>1, 2, 4 … 60 seconds after the free ones.</summary>
    public static Duration WaitAfter(int failures, int free) =>
        failures < free ? Duration.Zero : Duration.Min(WaitMax, Duration.FromSeconds(1 << Math.Min(failures - free, DoublingsMax)));

    public static Duration WaitLeft(Failures failures, int free, Instant now) =>
        IsForgotten(failures, now) ? Duration.Zero : Duration.Max(Duration.Zero, failures.Last + WaitAfter(failures.Count, free) - now);

    /// <summary>Also when the clock was set back behind the last failure: nobody waits for a time that may be a year away.</summary>
    public static bool IsForgotten(Failures failures, Instant now) => now < failures.Last || now - failures.Last > ForgottenAfter;
}
