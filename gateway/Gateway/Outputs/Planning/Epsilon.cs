using System.Globalization;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>A privacy loss as an exact fraction, in lowest terms; sums of losses are compared with the budget without rounding.</summary>
public readonly record struct Epsilon : IComparable<Epsilon>
{
    public const int DenominatorMax = 1000;

    private readonly long denominatorLessOne;

    public Epsilon(long numerator, long denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numerator);
        ArgumentOutOfRangeException.ThrowIfLessThan(denominator, 1);
        var divisor = GreatestCommonDivisor(numerator, denominator);
        Numerator = numerator / divisor;
        denominatorLessOne = (denominator / divisor) - 1;
    }

    public static Epsilon Zero => default;

    public long Numerator { get; }

    public long Denominator => denominatorLessOne + 1;

    public static Epsilon operator +(Epsilon a, Epsilon b) => checked(
        new Epsilon((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator));

    /// <summary>What is left of a after b; zero when b is more.</summary>
    public static Epsilon operator -(Epsilon a, Epsilon b) => checked(
        new Epsilon(Math.Max(0, (a.Numerator * b.Denominator) - (b.Numerator * a.Denominator)), a.Denominator * b.Denominator));

    public static bool operator >(Epsilon a, Epsilon b) => a.CompareTo(b) > 0;

    public static bool operator <(Epsilon a, Epsilon b) => a.CompareTo(b) < 0;

    public static bool operator >=(Epsilon a, Epsilon b) => a.CompareTo(b) >= 0;

    public static bool operator <=(Epsilon a, Epsilon b) => a.CompareTo(b) <= 0;

    public int CompareTo(Epsilon other) => checked((Numerator * other.Denominator).CompareTo(other.Numerator * Denominator));

    /// <summary>"1", "1/2". The form in the ledger, in JSON and in CSV.</summary>
    public override string ToString() => Denominator == 1
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    public static bool TryParse(string? text, out Epsilon epsilon)
    {
        epsilon = Zero;
        var parts = (text ?? string.Empty).Split('/');
        var denominator = 1;
        if (parts.Length > 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var numerator)
            || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out denominator))
            || denominator is < 1 or > DenominatorMax)
        {
            return false;
        }

        epsilon = new Epsilon(numerator, denominator);
        return true;
    }

    public static Epsilon Parse(string text) =>
        TryParse(text, out var epsilon) ? epsilon : throw new FormatException($"\"{text}\" is not a fraction such as 1/2.");

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
