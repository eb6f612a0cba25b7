using System.Text.Encodings.Web;
using System.Text.Json;

namespace Quartier.Provision;

/// <summary>Tells the person at the laptop what is going on: words on standard error; with --json the result alone on standard output.</summary>
public sealed class Report(bool json, bool english)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Text(string german, string inEnglish) => english ? inEnglish : german;

    public void Progress(string german, string inEnglish) => Console.Error.WriteLine("· " + Text(german, inEnglish));

    public void Done(string device, string kind, string german, string inEnglish, string? appKey)
    {
        if (json)
        {
            Write(new { outcome = "done", device, kind, appKey });
            return;
        }

        Console.Out.WriteLine("✓ " + Text(german, inEnglish));
        if (appKey is not null)
        {
            Console.Out.WriteLine(Text(
                $"AppKey, nur jetzt zu sehen; beim Netzwerkserver eintragen: {appKey}",
                $"AppKey, shown only now; enter it at the network server: {appKey}"));
        }
    }

    public void Failed(ProvisionProblem problem)
    {
        if (json)
        {
            Write(new { outcome = "failed", step = problem.Step, reason = problem.Reason, remedy = problem.Remedy });
            return;
        }

        Console.Error.WriteLine("✗ " + Text(problem.GermanReason, problem.Reason));
        Console.Error.WriteLine("  → " + Text(problem.GermanRemedy, problem.Remedy));
    }

    private static void Write(object line) => Console.Out.WriteLine(JsonSerializer.Serialize(line, Format));
}
