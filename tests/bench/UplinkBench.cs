using System.Text.Json;

namespace Quartier.Tests.Bench;

/// <summary>Bytes of the shelter's frames, from the wire vectors: the published form, not our encoder's opinion.</summary>
internal static class UplinkBench
{
    public static IEnumerable<Result> Run() =>
    [
        Longest("shelter-status-v1", "status", 8),
        Longest("shelter-alarm-v1", "alarm", 4),
    ];

    private static Result Longest(string format, string word, int bytesMax)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkout(), "firmware", "wire", "vectors", format + ".json")));
        var lengths = file.RootElement.GetProperty("vectors").EnumerateArray()
            .Where(vector => vector.TryGetProperty("fields", out _))
            .Select(vector => vector.GetProperty("hex").GetString()!.Replace(" ", "", StringComparison.Ordinal).Length / 2).ToArray();
        return new Result("uplink", $"shelter {word}", lengths.Max(), "bytes", $"<= {bytesMax}", lengths.Max() <= bytesMax, $"longest of {lengths.Length} vectors; published room sensors use 11-35");
    }

    private static string Checkout()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Quartier.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new InvalidOperationException("The benchmark runs inside a checkout.");
    }
}
