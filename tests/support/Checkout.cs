namespace Quartier.Tests.Support;

/// <summary>Finds places of this checkout from wherever a test runs.</summary>
public static class Checkout
{
    /// <summary>Folder that holds Quartier.sln.</summary>
    public static readonly string Root = FindRoot();

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Quartier.sln")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException($"No Quartier.sln above {AppContext.BaseDirectory}.");
    }
}
