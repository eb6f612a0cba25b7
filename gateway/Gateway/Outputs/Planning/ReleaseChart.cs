namespace Quartier.Gateway.Outputs.Planning;

/// <summary>One figure in the chart, in pixels of the drawing.</summary>
/// <param name="Y">Null for a suppressed figure: it has a range and no point.</param>
public sealed record ChartMark(LedgerRow Row, double X, double? Y, double Top, double Bottom);

/// <summary>Geometry of the chart: a point for each figure and a line for its 95 % interval. Shape carries the meaning, never colour.</summary>
public sealed record ReleaseChart(IReadOnlyList<ChartMark> Marks, IReadOnlyList<(int Value, double Y)> Steps, int Width)
{
    public const int Height = 240;
    public const int Left = 40;
    public const int Right = 12;
    public const int Top = 12;
    public const int Bottom = 44;

    private const int Column = 56;
    private const int StepsMax = 7;

    public static ReleaseChart Of(IReadOnlyList<LedgerRow> rows)
    {
        var highest = Math.Max(1, rows.Max(row => row.Offered));
        double YOf(int value) => Height - Bottom - ((double)value / highest * (Height - Bottom - Top));
        var marks = rows.Select((row, index) =>
        {
            var (low, high) = ReleaseRules.Interval(row);
            return new ChartMark(row, Left + (Column * (index + 0.5)), row.Value is { } value ? YOf(value) : null, YOf(high), YOf(low));
        });
        var step = (highest + StepsMax - 1) / StepsMax;
        var steps = Enumerable.Range(0, (highest / step) + 1).Select(i => (i * step, YOf(i * step)));
        return new ReleaseChart([.. marks], [.. steps], Left + (Column * rows.Count) + Right);
    }
}
