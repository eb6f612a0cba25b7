using Xunit;

namespace Quartier.Tests.Support;

/// <summary>Expected output kept as a file. UPDATE_GOLDEN=1 rewrites it and still fails that run.</summary>
public static class Golden
{
    public static void Matches(string expectedPath, string actual) =>
        Matches(expectedPath, System.Text.Encoding.UTF8.GetBytes(actual));

    /// <param name="expectedPath">Path under the checkout, for example tests/screen/golden/now.de.png.</param>
    public static void Matches(string expectedPath, byte[] actual)
    {
        var path = Checkout.PathTo(expectedPath);
        var expected = File.Exists(path) ? File.ReadAllBytes(path) : null;
        if (expected is not null && expected.AsSpan().SequenceEqual(actual))
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, actual);
            Assert.Fail($"{expectedPath} was rewritten. Look at it, then run again without UPDATE_GOLDEN.");
        }

        var kept = Checkout.PathTo("artifacts", "golden", expectedPath.Replace('/', '_'));
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        File.WriteAllBytes(kept, actual);
        Assert.Fail(expected is null
            ? $"{expectedPath} does not exist. What was drawn is in {kept}; UPDATE_GOLDEN=1 writes it."
            : $"{expectedPath} differs at byte {FirstDifference(expected, actual)}. What was drawn is in {kept}.");
    }

    private static int FirstDifference(byte[] expected, byte[] actual)
    {
        var shared = Math.Min(expected.Length, actual.Length);
        for (var i = 0; i < shared; i++)
        {
            if (expected[i] != actual[i])
            {
                return i;
            }
        }

        return shared;
    }
}
