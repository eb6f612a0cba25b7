using System.Globalization;

namespace Quartier.Tests.Bench;

/// <summary>One line of the table.</summary>
/// <param name="Met">Null where there is no budget.</param>
internal sealed record Result(string Bench, string Measure, double Value, string Unit, string Budget, bool? Met, string Conditions)
{
    public static Result Ratio(string bench, string measure, double value, double atLeast, string conditions) =>
        new(bench, measure, value, "x", string.Create(CultureInfo.InvariantCulture, $">= {atLeast:0.0}"), value >= atLeast, conditions);

    public static Result AtMost(string bench, string measure, double value, string unit, double limit, string conditions) =>
        new(bench, measure, value, unit, string.Create(CultureInfo.InvariantCulture, $"<= {limit:0.0}"), value <= limit, conditions);

    public static Result Plain(string bench, string measure, double value, string unit, string conditions) =>
        new(bench, measure, value, unit, "", null, conditions);

    public string Line() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Bench,-12} {Measure,-38} {Shown(),12} {Unit,-9} {Budget,-8} {Met switch { true => "met", false => "MISSED", _ => "" },-6}  {Conditions}");

    private string Shown() => Math.Abs(Value) >= 100 ? Value.ToString("N0", CultureInfo.InvariantCulture) : Value.ToString("0.00", CultureInfo.InvariantCulture);
}

internal static class Median
{
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
