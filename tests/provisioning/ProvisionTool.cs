using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Quartier.Tests.Provisioning;

/// <summary>The tool as people start it, with the demo's facility account.</summary>
internal static class ProvisionTool
{
    /// <param name="gateway">Address of the console, unless the arguments name another.</param>
    public static Task<ToolRun> Run(string port, string gateway, params string[] arguments) => Without(gateway, ["--port", port, .. arguments]);

    /// <summary>The same without a port.</summary>
    public static async Task<ToolRun> Without(string gateway, params string[] given)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Quartier.Provision.dll"));
        Array.ForEach(given, start.ArgumentList.Add);
        if (!given.Contains("--gateway"))
        {
            start.ArgumentList.Add("--gateway");
            start.ArgumentList.Add(gateway);
        }

        start.Environment["QUARTIER_PASSWORD"] = "facility-demo";
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ToolRun(process.ExitCode, output, await errors);
    }

    /// <summary>The tool at a terminal, where somebody types an answer to each question when it stands there.</summary>
    public static async Task<(int ExitCode, string Shown)> AtTerminal(
        string port, string gateway, string[] arguments, params (string Question, string Answer)[] dialogue)
    {
        string[] words = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Quartier.Provision.dll"), "--port", port, "--gateway", gateway, .. arguments];
        var start = new ProcessStartInfo("script") { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] given = ["--quiet", "--return", "--command", string.Join(' ', words.Select(word => $"'{word}'")), "/dev/null"];
        Array.ForEach(given, start.ArgumentList.Add);
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["TERM"] = "xterm";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("script did not start: apt-get install bsdutils");
        var shown = new StringBuilder();
        foreach (var (question, answer) in dialogue)
        {
            while (!shown.ToString().Contains(question, StringComparison.Ordinal))
            {
                var next = new char[1];
                if (await process.StandardOutput.ReadAsync(next.AsMemory()) == 0)
                {
                    throw new InvalidOperationException($"It never asked \"{question}\": {shown}");
                }

                shown.Append(next);
            }

            await process.StandardInput.WriteAsync(answer + "\r");
            await process.StandardInput.FlushAsync();
        }

        shown.Append(await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, shown.ToString());
    }
}

internal sealed record ToolRun(int ExitCode, string Output, string Errors)
{
    public JsonNode Result => JsonNode.Parse(Output)!;
}
