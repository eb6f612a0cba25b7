using Xunit;

namespace Quartier.Tests.Support;

/// <summary>Formats and vectors from outside, read where they are: QUARTIER_DATA, else ../shared/data beside the checkout.</summary>
public static class SharedData
{
    public static readonly string? Root = Find();

    public static string PathTo(params string[] parts) =>
        Path.Combine([Root ?? throw new InvalidOperationException("The shared data is absent: mark the test [SharedDataFact] or [SharedDataTheory]."), .. parts]);

    private static string? Find()
    {
        var configured = Environment.GetEnvironmentVariable("QUARTIER_DATA");
        var path = string.IsNullOrEmpty(configured) ? Checkout.PathTo("..", "shared", "data") : configured;
        return Directory.Exists(path) ? Path.GetFullPath(path) : null;
    }

    internal const string AbsentReason = "shared data absent (set QUARTIER_DATA or place ../shared beside the checkout)";
}

/// <summary>A fact over the shared data; skipped with its reason on a checkout that has none.</summary>
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute()
    {
        if (SharedData.Root is null)
        {
            Skip = SharedData.AbsentReason;
        }
    }
}

/// <summary>A theory over the shared data; skipped with its reason on a checkout that has none. Its member data must return no rows then.</summary>
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute()
    {
        if (SharedData.Root is null)
        {
            Skip = SharedData.AbsentReason;
        }
    }
}
