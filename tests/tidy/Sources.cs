using System.Diagnostics;
using Quartier.Tests.Support;

namespace Quartier.Tests.Tidy;

/// <summary>What git tracks or would track; build output and installed peers are none of it.</summary>
internal static class Sources
{
    private static readonly Lazy<SourceFile[]> Files = new(Read);

    public static IEnumerable<SourceFile> All => Files.Value;

    public static IEnumerable<SourceFile> CSharp => All.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal));

    private static SourceFile[] Read()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "ls-files --cached --others --exclude-standard")
        {
            WorkingDirectory = Checkout.Root,
            RedirectStandardOutput = true,
        })!;
        var paths = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        string[] binary = [".png", ".tinyfnt", ".ico", ".woff2"];
        return paths
            .Where(path => !binary.Contains(Path.GetExtension(path)) && File.Exists(Checkout.PathTo(path)))
            .Select(path => new SourceFile(path, File.ReadAllText(Checkout.PathTo(path))))
            .ToArray();
    }
}
