using NodaTime;

namespace Quartier.Gateway.Store;

/// <summary>The copies that are taken of a store before a newer program changes its tables. They lie beside it, and hold whatever it held:
/// they go by the same clock as the rest, docs/privacy.md.</summary>
public static class UpgradeBackups
{
    /// <summary>A weekend and the Monday after it. What the store deletes meanwhile stands in its copy for so long.</summary>
    public static readonly Duration Kept = Duration.FromDays(3);

    private const string Prefix = "quartier-before-";
    private const string Suffix = ".db";

    /// <param name="migration">The first that the store is about to go through.</param>
    public static string PathFor(string store, string migration) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(store))!, $"{Prefix}{migration[..4]}{Suffix}");

    /// <summary>Deletes those past their time. One from the future, of a clock that was wrong, counts from now on.</summary>
    public static void Forget(string directory, Instant now)
    {
        foreach (var file in Directory.GetFiles(directory, $"{Prefix}*{Suffix}"))
        {
            var taken = Instant.FromDateTimeUtc(File.GetLastWriteTimeUtc(file));
            if (now - taken >= Kept)
            {
                File.Delete(file);
            }
            else if (taken > now)
            {
                File.SetLastWriteTimeUtc(file, now.ToDateTimeUtc());
            }
        }
    }
}
