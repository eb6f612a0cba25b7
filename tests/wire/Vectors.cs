using System.Text.Json.Nodes;
using Quartier.Tests.Support;

namespace Quartier.Tests.Wire;

/// <summary>One line of firmware/wire/vectors/*.json.</summary>
public sealed record Vector(string Format, string Name, string Source, int Port, string? Message, byte[] Bytes, JsonObject? Fields, string? Refusal)
{
    public override string ToString() => $"{Format}: {Name}";
}

public static class Vectors
{
    /// <summary>The format's own vectors and what regressions.json holds for it.</summary>
    public static IReadOnlyList<Vector> Of(string format) => [.. Read(format), .. Read("regressions").Where(vector => vector.Format == format)];

    private static IReadOnlyList<Vector> Read(string format)
    {
        var path = Checkout.PathTo("firmware", "wire", "vectors", format + ".json");
        var file = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        return [.. file["vectors"]!.AsArray().Select(line => Read(format, line!.AsObject()))];
    }

    private static Vector Read(string format, JsonObject line) => new(
        (string?)line["format"] ?? format,
        (string)line["name"]!,
        (string)line["source"]!,
        (int?)line["port"] ?? 0,
        (string?)line["message"],
        Convert.FromHexString((string)line["hex"]!),
        line["fields"]?.AsObject(),
        (string?)line["refusal"]);
}
