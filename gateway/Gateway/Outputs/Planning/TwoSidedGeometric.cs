namespace Quartier.Gateway.Outputs.Planning;

/// <summary>The noise of a release: an integer X with P(X = x) = (1 - a) / (1 + a) · a^|x| and a = exp(-ε), drawn exactly.
///
/// Floating point would give some values too often and others never, and both can be used to find the true count
/// (Mironov 2012). So this follows Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy"
/// (2020), algorithms 1 and 2: only uniform integers and comparisons.
///
/// Idea, with ε = s/t: a fair draw of exp(-p/q) needs no exp, because exp(-g) = 1 - g + g²/2 - … is the chance that
/// a run of ever rarer hits g/1, g/2, g/3 … breaks off at an odd place. A one-sided geometric with parameter exp(-1/t)
/// is built from a uniform remainder U below t, kept with chance exp(-U/t), plus t times a geometric with parameter
/// exp(-1); dividing by s gives parameter exp(-s/t). A fair sign makes it two-sided; "minus zero" is drawn again so that
/// zero does not count twice.
/// How long a draw takes depends on the noise, and nothing here hides that (docs/privacy.md).</summary>
public static class TwoSidedGeometric
{
    public static int Sample(Epsilon epsilon, IChance chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epsilon.Numerator, 1);
        while (true)
        {
            if (Attempt(epsilon, chance) is { } noise)
            {
                return noise;
            }
        }
    }

    /// <summary>One round; null when it has to be repeated. Public so that a test can walk its whole tree of decisions.</summary>
    public static int? Attempt(Epsilon epsilon, IChance chance)
    {
        var remainder = chance.Below(epsilon.Denominator);
        if (!HitExpOfMinus(remainder, epsilon.Denominator, chance))
        {
            return null;
        }

        long turns = 0;
        while (HitExpOfMinus(1, 1, chance))
        {
            turns++;
        }

        var size = checked((int)((remainder + (epsilon.Denominator * turns)) / epsilon.Numerator));
        var negative = chance.Hit(1, 2);
        if (negative)
        {
            return size == 0 ? null : -size;
        }

        return size;
    }

    /// <summary>True with probability exp(-numerator/denominator), for a fraction of at most 1.</summary>
    public static bool HitExpOfMinus(long numerator, long denominator, IChance chance)
    {
        long place = 1;
        while (chance.Hit(numerator, checked(denominator * place)))
        {
            place++;
        }

        return place % 2 == 1;
    }
}
