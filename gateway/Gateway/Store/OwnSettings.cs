using System.Reflection;

namespace Quartier.Gateway.Store;

/// <summary>A key of an earlier version: what it held is taken over, or dropped where nothing takes its place.</summary>
/// <param name="Now">Null: it has no successor.</param>
public sealed record RetiredKey(string Old, string? Now);

/// <summary>appsettings.json in the data directory. What is ours in it is checked: a misspelt key would otherwise be silence at night.
/// Logging, Kestrel and environment variables are not ours.</summary>
public static class OwnSettings
{
    public const string FileName = "appsettings.json";

    private const int NearAtMost = 3;

    private static readonly string[] NotOurs = ["Logging", "Kestrel", "AllowedHosts", "Urls", "DetailedErrors"];

    /// <summary>Add a key here in the version that retires it; a start never fails for it.</summary>
    public static readonly IReadOnlyList<RetiredKey> Retired = [];

    /// <summary>The file's settings, with what stands under a retired key also under the key of today, unless that is set itself.</summary>
    /// <exception cref="InvalidDataException">The file is no JSON.</exception>
    public static IConfiguration Read(string dataDirectory, IReadOnlyList<RetiredKey>? retired = null)
    {
        var file = FileOf(dataDirectory);
        var taken = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var key in retired ?? Retired)
        {
            foreach (var (path, value) in file.AsEnumerable().Where(pair => pair.Value is not null && key.Now is not null && IsUnder(pair.Key, key.Old)))
            {
                taken[key.Now + path[key.Old.Length..]] = value;
            }
        }

        return new ConfigurationBuilder().AddInMemoryCollection(taken).AddConfiguration(file).Build();
    }

    /// <summary>A section of the file; environment variables (Notify__Smtp__Host) come before it.</summary>
    public static IConfigurationSection Section(string dataDirectory, string name) =>
        new ConfigurationBuilder()
            .AddConfiguration(Read(dataDirectory))
            .AddEnvironmentVariables()
            .Build().GetSection(name);

    /// <summary>Each key of ours that does not exist, with the nearest that does; empty when all is well.</summary>
    /// <param name="sections">Those that are ours, with what each is read into.</param>
    public static IReadOnlyList<string> Faults(string dataDirectory, IReadOnlyDictionary<string, Type> sections, IReadOnlyList<RetiredKey>? retired = null)
    {
        var known = new List<string>(sections.Keys);
        var faults = new List<string>();
        foreach (var section in FileOf(dataDirectory).GetChildren().Where(section => !NotOurs.Contains(section.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (sections.TryGetValue(section.Key, out var shape))
            {
                Walk(section, shape, retired ?? Retired, faults);
            }
            else if (!IsRetired(section.Path, retired ?? Retired))
            {
                faults.Add(Unknown(section.Path, section.Key, known));
            }
        }

        return faults;
    }

    /// <summary>Each retired key that the file still has, and what became of it.</summary>
    public static IReadOnlyList<string> Notes(string dataDirectory, IReadOnlyList<RetiredKey>? retired = null)
    {
        var file = FileOf(dataDirectory);
        return [.. (retired ?? Retired).Where(key => file.GetSection(key.Old).Exists()).Select(key => key.Now is { } now
            ? $"{FileName}: {key.Old} is called {now} now; it was taken over. Please rename it."
            : $"{FileName}: {key.Old} is no longer used. Please delete it.")];
    }

    private static IConfigurationRoot FileOf(string dataDirectory) =>
        new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(Path.Combine(dataDirectory, FileName)), optional: true).Build();

    private static void Walk(IConfigurationSection section, Type shape, IReadOnlyList<RetiredKey> retired, List<string> faults)
    {
        if (shape.IsGenericType)
        {
            // By names that the installation chooses.
            foreach (var named in section.GetChildren())
            {
                Walk(named, shape.GenericTypeArguments[1], retired, faults);
            }

            return;
        }

        var known = shape.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).ToList();
        foreach (var child in section.GetChildren())
        {
            if (known.FirstOrDefault(property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is not { } property)
            {
                if (!IsRetired(child.Path, retired))
                {
                    faults.Add(Unknown(child.Path, child.Key, [.. known.Select(one => one.Name)]));
                }
            }
            else if (property.PropertyType is { IsClass: true, IsArray: false } inner && inner != typeof(string))
            {
                Walk(child, inner, retired, faults);
            }
        }
    }

    private static string Unknown(string path, string key, List<string> known)
    {
        var nearest = known.MinBy(name => Distance(key.ToUpperInvariant(), name.ToUpperInvariant()))!;
        var hint = Distance(key.ToUpperInvariant(), nearest.ToUpperInvariant()) <= NearAtMost ? $"Did you mean {nearest}?" : $"Known here: {string.Join(", ", known)}.";
        return $"{FileName}: there is no setting {path}. {hint}";
    }

    private static bool IsRetired(string path, IReadOnlyList<RetiredKey> retired) => retired.Any(key => IsUnder(path, key.Old) || IsUnder(key.Old, path));

    private static bool IsUnder(string path, string of) =>
        path.StartsWith(of, StringComparison.OrdinalIgnoreCase) && (path.Length == of.Length || path[of.Length] == ':');

    /// <summary>Letters to insert, delete or change (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
