using System.Diagnostics;
using Quartier.Tests.Support;

namespace Quartier.Tests.Mutation;

/// <summary>A copy of the checkout in which mutants live, so that no lie ever stands in the working tree. Kept between runs: only
/// what has changed is copied, so that a build there is short.</summary>
internal sealed class ScratchTree
{
    private readonly string root = Checkout.PathTo("artifacts", "mutation", "tree");

    public ScratchTree()
    {
        var tracked = Ask("git", "ls-files --cached --others --exclude-standard -z").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        foreach (var path in tracked.Where(path => File.Exists(Checkout.PathTo(path))))
        {
            Restore(path);
        }
    }

    public void Write(string path, string text) => File.WriteAllText(Path.Combine(root, path), text);

    public void Restore(string path)
    {
        var (from, to) = (Checkout.PathTo(path), Path.Combine(root, path));
        if (File.Exists(to) && File.ReadAllBytes(from).AsSpan().SequenceEqual(File.ReadAllBytes(to)))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.WriteAllBytes(to, File.ReadAllBytes(from));
    }

    public bool Build(string suite) => Run($"build {suite} -c Release -v q -nologo -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false");

    public bool Test(string suite, string tests) => Run($"test {suite} -c Release --no-build --nologo --filter FullyQualifiedName~{tests}");

    private bool Run(string arguments)
    {
        using var dotnet = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["QUARTIER_DATA"] = SharedData.Root },
        })!;
        var unread = dotnet.StandardError.ReadToEndAsync();
        var said = dotnet.StandardOutput.ReadToEnd();
        unread.Wait();
        dotnet.WaitForExit();

        // A filter that fits no test would kill every mutant or none; the runner calls it success.
        return dotnet.ExitCode == 0 && !said.Contains("No test matches", StringComparison.Ordinal);
    }

    private static string Ask(string program, string arguments)
    {
        using var asked = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Checkout.Root, RedirectStandardOutput = true })!;
        var said = asked.StandardOutput.ReadToEnd();
        asked.WaitForExit();
        return said;
    }
}
