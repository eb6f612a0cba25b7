using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Quartier.Tests.Provisioning;

/// <summary>The tool as people start it, with the demo's facility account.</summary>
internal static class ProvisionTool
{
    /// <param name="gateway">Address of the console, unless the arguments name another.</param>
    public static async Task<ToolRun> Run(string port, string gateway, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Quartier.Provision.dll"));
        string[] given = ["--port", port, .. arguments];
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
}

internal sealed record ToolRun(int ExitCode, string Output, string Errors)
{
    public JsonNode Result => JsonNode.Parse(Output)!;
}
