using Quartier.Gateway.Host;
using Quartier.Gateway.Outputs.Notify;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>How figures leave and where to. Section Planning of appsettings.json, or environment variables such as
/// Planning__Webhook__Url. Fractions are written 1/2.</summary>
public sealed record PlanningOptions
{
    /// <summary>The planning backend; null when it only pulls.</summary>
    public WebhookOptions? Webhook { get; init; }

    public string EpsilonPerWeek { get; init; } = ReleasePolicy.Default.Week.ToString();

    public string EpsilonPerMonth { get; init; } = ReleasePolicy.Default.Month.ToString();

    public string BudgetPerPodNight { get; init; } = ReleasePolicy.Default.BudgetPerPodNight.ToString();

    public int WaitingDays { get; init; } = ReleasePolicy.Default.WaitingDays;

    public int RoundTo { get; init; } = ReleasePolicy.Default.RoundTo;

    public int SuppressBelow { get; init; } = ReleasePolicy.Default.SuppressBelow;

    /// <summary>Where noise comes from. Not a setting: only a simulated run, which must repeat exactly, has another.</summary>
    public IChance Chance { get; init; } = RejectionChance.Cryptographic;

    /// <summary>Section Planning of appsettings.json in the data directory; environment variables come before it.</summary>
    /// <param name="otherwise">Where there is no such section.</param>
    /// <exception cref="InvalidOperationException">The settings cannot be used; the message says which and why.</exception>
    public static PlanningOptions Read(string dataDirectory, PlanningOptions otherwise)
    {
        var options = GatewayOptions.Section(dataDirectory, "Planning").Get<PlanningOptions>() ?? otherwise;
        return options.Faults() is { Count: > 0 } faults ? throw new InvalidOperationException(string.Join(" ", faults)) : options;
    }

    public ReleasePolicy Policy() => new()
    {
        Week = Epsilon.Parse(EpsilonPerWeek),
        Month = Epsilon.Parse(EpsilonPerMonth),
        BudgetPerPodNight = Epsilon.Parse(BudgetPerPodNight),
        WaitingDays = WaitingDays,
        RoundTo = RoundTo,
        SuppressBelow = SuppressBelow,
    };

    /// <summary>What is wrong with the settings, in words for the person who edits them; empty when they can be used.</summary>
    public IReadOnlyList<string> Faults() => [.. FaultsOf(this)];

    private static IEnumerable<string> FaultsOf(PlanningOptions options)
    {
        foreach (var (name, text) in new[]
        {
            ("EpsilonPerWeek", options.EpsilonPerWeek),
            ("EpsilonPerMonth", options.EpsilonPerMonth),
            ("BudgetPerPodNight", options.BudgetPerPodNight),
        })
        {
            if (!Epsilon.TryParse(text, out var epsilon) || epsilon.Numerator == 0)
            {
                yield return $"Planning:{name} must be a fraction above zero such as 1/2, with a denominator up to {Epsilon.DenominatorMax}.";
            }
        }

        if (options.WaitingDays is < 0 or > 60)
        {
            yield return "Planning:WaitingDays must be 0 to 60.";
        }

        if (options.RoundTo < 1 || options.SuppressBelow < 0)
        {
            yield return "Planning:RoundTo must be at least 1 and Planning:SuppressBelow at least 0.";
        }

        foreach (var fault in options.Webhook?.Faults("Planning:Webhook") ?? [])
        {
            yield return fault;
        }
    }
}
