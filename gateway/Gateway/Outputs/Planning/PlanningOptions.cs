using Quartier.Gateway.Outputs.Notify;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>How figures leave and where to. Section Planning of appsettings.json, or environment variables such as
/// Planning__Webhook__Url. Fractions are written 1/2.</summary>
public sealed record PlanningOptions
{
    private static readonly Epsilon Least = new(1, 100);

    private static readonly Epsilon FigureMost = new(2, 1);

    private static readonly Epsilon BudgetMost = new(3, 1);

    /// <summary>The planning backend; null when it only pulls.</summary>
    public WebhookOptions? Webhook { get; init; }

    public string EpsilonPerWeek { get; init; } = ReleasePolicy.Default.Week.ToString();

    public string EpsilonPerMonth { get; init; } = ReleasePolicy.Default.Month.ToString();

    public string BudgetPerPodNight { get; init; } = ReleasePolicy.Default.BudgetPerPodNight.ToString();

    public int WaitingDays { get; init; } = ReleasePolicy.Default.WaitingDays;

    public int RoundTo { get; init; } = ReleasePolicy.Default.RoundTo;

    public int SuppressBelow { get; init; } = ReleasePolicy.Default.SuppressBelow;

    public int MinimumPods { get; init; } = ReleasePolicy.Default.MinimumPods;

    /// <summary>Section Planning of appsettings.json in the data directory; environment variables come before it.</summary>
    /// <param name="otherwise">Where there is no such section.</param>
    /// <exception cref="InvalidOperationException">The settings cannot be used; the message says which and why.</exception>
    public static PlanningOptions Read(string dataDirectory, PlanningOptions otherwise)
    {
        var options = OwnSettings.Section(dataDirectory, "Planning").Get<PlanningOptions>() ?? otherwise;
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
        MinimumPods = MinimumPods,
    };

    /// <summary>What is wrong with the settings, in words for the person who edits them; empty when they can be used.</summary>
    public IReadOnlyList<string> Faults() => [.. FaultsOf(this)];

    private static IEnumerable<string> FaultsOf(PlanningOptions options)
    {
        foreach (var (name, text, most) in new[]
        {
            ("EpsilonPerWeek", options.EpsilonPerWeek, FigureMost),
            ("EpsilonPerMonth", options.EpsilonPerMonth, FigureMost),
            ("BudgetPerPodNight", options.BudgetPerPodNight, BudgetMost),
        })
        {
            if (Fraction(text, most) is null)
            {
                yield return $"Planning:{name} is \"{text}\"; it must be a fraction from {Least} to {most}, such as 1/2, with a denominator up to "
                    + $"{Epsilon.DenominatorMax}. Above {most} a figure would tell about single nights (docs/privacy.md).";
            }
        }

        if (Fraction(options.BudgetPerPodNight, BudgetMost) is { } budget
            && (Fraction(options.EpsilonPerWeek, FigureMost) > budget || Fraction(options.EpsilonPerMonth, FigureMost) > budget))
        {
            yield return $"Planning:BudgetPerPodNight is {budget}, less than one weekly or monthly figure costs: none would ever be released.";
        }

        foreach (var (name, value, least, most, why) in new[]
        {
            ("WaitingDays", options.WaitingDays, 2, 40, "Late reports need some days, and pod-nights are deleted after 75."),
            ("RoundTo", options.RoundTo, 1, 20, "1 does not round."),
            ("SuppressBelow", options.SuppressBelow, 0, 50, "0 shows every figure."),
            ("MinimumPods", options.MinimumPods, 2, 50, "A figure about a single pod tells of whoever sleeps there."),
        })
        {
            if (value < least || value > most)
            {
                yield return $"Planning:{name} is {value}; it must be {least} to {most}. {why}";
            }
        }

        foreach (var fault in options.Webhook?.Faults("Planning:Webhook") ?? [])
        {
            yield return fault;
        }
    }

    /// <summary>The setting as a fraction; null when it is none or out of its bounds.</summary>
    private static Epsilon? Fraction(string text, Epsilon most) =>
        Epsilon.TryParse(text, out var epsilon) && epsilon >= Least && epsilon <= most ? epsilon : null;
}
