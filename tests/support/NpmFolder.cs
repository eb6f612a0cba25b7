using System.Diagnostics;

namespace Quartier.Tests.Support;

/// <summary>Packages of npm as a lock file names them, installed once a checkout.</summary>
public static class NpmFolder
{
    /// <param name="source">Path from the root of the folder with package.json and package-lock.json.</param>
    /// <param name="target">Name under artifacts/.</param>
    /// <param name="arguments">For npm ci.</param>
    /// <returns>The folder whose node_modules holds the packages.</returns>
    public static string Install(string source, string target, params string[] arguments)
    {
        var folder = Checkout.PathTo("artifacts", target);
        Directory.CreateDirectory(folder);
        // Several processes ask; the first installs, the others wait at the file.
        using var turn = WaitForTurn(Path.Combine(folder, ".lock"));
        var wanted = File.ReadAllText(Checkout.PathTo(source, "package-lock.json"));
        var stamp = Path.Combine(folder, "installed.json");
        if (File.Exists(stamp) && File.ReadAllText(stamp) == wanted)
        {
            return folder;
        }

        foreach (var name in new[] { "package.json", "package-lock.json" })
        {
            File.Copy(Checkout.PathTo(source, name), Path.Combine(folder, name), overwrite: true);
        }

        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("npm did not start; install node and npm, then try again.");
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
