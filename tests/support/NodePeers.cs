using System.Diagnostics;

namespace Quartier.Tests.Support;

/// <summary>npm's foreign peers (tests/support/peers/package.json), installed once a checkout into artifacts/peers.</summary>
public static class NodePeers
{
    private static readonly Lazy<string> Installed = new(Install);

    /// <summary>Folder whose node_modules holds the peers; run node with this as working directory or NODE_PATH = {Folder}/node_modules.</summary>
    public static string Folder => Installed.Value;

    private static string Install()
    {
        var folder = Checkout.PathTo("artifacts", "peers");
        Directory.CreateDirectory(folder);
        // Test assemblies run as separate processes; the first installs, the others wait at the file.
        using var turn = WaitForTurn(Path.Combine(folder, ".lock"));
        var wanted = File.ReadAllText(Checkout.PathTo("tests", "support", "peers", "package-lock.json"));
        var stamp = Path.Combine(folder, "installed.json");
        if (File.Exists(stamp) && File.ReadAllText(stamp) == wanted)
        {
            return folder;
        }

        foreach (var name in new[] { "package.json", "package-lock.json" })
        {
            File.Copy(Checkout.PathTo("tests", "support", "peers", name), Path.Combine(folder, name), overwrite: true);
        }

        using var npm = Process.Start(new ProcessStartInfo("npm", "ci --ignore-scripts --no-audit --no-fund")
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("npm did not start; install node and npm, then run ./quartier test.");
        var errors = npm.StandardError.ReadToEndAsync();
        npm.StandardOutput.ReadToEnd();
        npm.WaitForExit();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm ci failed in {folder}: {errors.Result}");
        }

        File.WriteAllText(stamp, wanted);
        return folder;
    }

    private static FileStream WaitForTurn(string path)
    {
        // flock semantics through FileShare.None: another process's open fails at once, so the wait is npm's own run time.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 600)
            {
                Thread.Sleep(200);
            }
        }
    }
}
