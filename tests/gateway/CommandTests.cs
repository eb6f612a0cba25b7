using System.Text.Json;
using Quartier.Gateway.Host.Commands;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>The commands as a script calls them: output and exit code. One at a time, since they write to the process's own output.</summary>
[Collection(nameof(CommandTests))]
[CollectionDefinition(nameof(CommandTests), DisableParallelization = true)]
public sealed class CommandTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("quartier-commands-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Encode_is_the_inverse_of_decode()
    {
        var (code, lines, _) = Run("decode", "--fport", "1", "476000033bf01f22", "--json");
        Assert.Equal(CommandLine.Done, code);
        var fields = lines[0].GetProperty("fields");
        Assert.Equal("locked", fields.GetProperty("reason").GetString());
        Assert.Equal(7.9, fields.GetProperty("temperatureCelsius").GetDouble());
        var (again, encoded, _) = Run("encode", "--fport", "1", fields.GetRawText(), "--json");
        Assert.Equal((CommandLine.Done, "476000033bf01f22"), (again, encoded[0].GetProperty("hex").GetString()));
    }

    [Theory]
    [InlineData(2, "{\"kind\":\"cold\",\"sequence\":7,\"value\":3}", "5000072b")]
    [InlineData(11, "{\"sequence\":515}", "0203")]
    public void Encode_knows_every_frame(int port, string fields, string hex) =>
        Assert.Equal(hex, Run("encode", "--fport", $"{port}", fields, "--json").Lines[0].GetProperty("hex").GetString());

    [Theory]
    [InlineData(CommandLine.RefusedInput, "decode", "--fport", "1", "00")]
    [InlineData(CommandLine.RefusedInput, "decode", "--fport", "99", "00")]
    [InlineData(CommandLine.RefusedInput, "encode", "--fport", "2", "{\"kind\":\"dance\",\"sequence\":1}")]
    [InlineData(CommandLine.RefusedInput, "encode", "--fport", "2", "{\"kind\":\"cold\",\"sequence\":99999}")]
    [InlineData(CommandLine.RefusedInput, "encode", "--fport", "1", "{\"occupancy\":\"free\",\"reason\":\"settled\",\"co2Ppm\":-1}")]
    [InlineData(CommandLine.RefusedInput, "encode", "--fport", "1", "{}")]
    [InlineData(CommandLine.RefusedInput, "encode", "--fport", "2", "{\"kind\":\"smoke\"}")]
    [InlineData(CommandLine.RefusedInput, "encode", "--fport", "2", "{\"kind\":\"smoke\",\"sequence\":1,\"bogus\":2}")]
    [InlineData(CommandLine.RefusedInput, "encode", "--fport", "2", "null")]
    [InlineData(CommandLine.RefusedInput, "encode", "--fport", "2", "smoke")]
    [InlineData(CommandLine.RefusedInput, "encode", "--fport", "9", "{}")]
    [InlineData(CommandLine.RefusedInput, "encode", "--fport", "11", "{\"sequence\":-1}")]
    [InlineData(CommandLine.RefusedInput, "decode", "--fport", "1", "")]
    [InlineData(CommandLine.RefusedInput, "decode", "--fport", "-1", "00")]
    [InlineData(CommandLine.WrongUsage, "decode", "--fport", "1", "476")]
    [InlineData(CommandLine.WrongUsage, "decode", "--fport", "1", "0x47")]
    [InlineData(CommandLine.WrongUsage, "decode", "--fport", "eins", "00")]
    [InlineData(CommandLine.WrongUsage, "decode", "--fport", "1", "xyz")]
    [InlineData(CommandLine.WrongUsage, "decode", "00")]
    [InlineData(CommandLine.WrongUsage, "ingest")]
    [InlineData(CommandLine.WrongUsage, "ingest", "/nowhere/at/all.json")]
    [InlineData(CommandLine.WrongUsage, "dance")]
    public void Exit_codes_tell_refused_input_from_wrong_usage(int expected, params string[] arguments) => Assert.Equal(expected, Run(arguments).Code);

    [Fact]
    public void Ingest_answers_a_line_per_file()
    {
        var pod = Write("pod.json", Uplink.Status(Uplink.Occupied(), 1, TestStore.Evening).Payload);
        var broken = Write("broken.json", "{"u8.ToArray());
        var store = Path.Combine(directory, "store");
        var (code, lines, _) = Run("ingest", "--json", "--data", store, pod);
        Assert.Equal((CommandLine.RefusedInput, "refused", "unknown-device"), (code, Text(lines[0], "outcome"), Text(lines[0], "reason")));
        (code, lines, _) = Run("ingest", "--json", "--data", store, "--register", pod, pod, broken);
        Assert.Equal(CommandLine.RefusedInput, code);
        Assert.Equal(["recorded", "duplicate", "refused"], lines.Select(line => Text(line, "outcome")));
        Assert.Equal([pod, pod, broken], lines.Select(line => Text(line, "file")));
        Assert.Equal(Uplink.Pod, Text(lines[0], "device"));
        Assert.Equal("occupied", lines[0].GetProperty("fields").GetProperty("payload").GetProperty("occupancy").GetString());
        Assert.Equal(CommandLine.Done, Run("ingest", "--json", "--data", store, pod).Code);
    }

    [Fact]
    public void A_frame_of_every_vector_survives_the_way_there_and_back()
    {
        var frames = 0;
        foreach (var (format, port) in new[] { ("shelter-status-v1", 1), ("shelter-alarm-v1", 2), ("alarm-confirmation-v1", 11) })
        {
            using var vectors = JsonDocument.Parse(File.ReadAllBytes(Checkout.PathTo("firmware", "wire", "vectors", format + ".json")));
            foreach (var vector in Hexes(vectors.RootElement).Distinct())
            {
                var (code, lines, _) = Run("decode", "--fport", $"{port}", vector, "--json");
                if (code == CommandLine.Done)
                {
                    Assert.Equal(vector, Run("encode", "--fport", $"{port}", lines[0].GetProperty("fields").GetRawText(), "--json").Lines[0].GetProperty("hex").GetString());
                    frames++;
                }
                else
                {
                    Assert.Equal((CommandLine.RefusedInput, "refused"), (code, Text(lines[0], "outcome")));
                }
            }
        }

        Assert.InRange(frames, 20, 10_000);
    }

    private static IEnumerable<string> Hexes(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property => property.NameEquals("hex") ? [property.Value.GetString()!] : Hexes(property.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Hexes),
        _ => [],
    };

    [Fact]
    public void Ingest_reads_no_more_of_a_file_than_an_event_may_have_and_past_a_byte_order_mark()
    {
        var store = Path.Combine(directory, "store");
        var marked = Write("mark.json", [.. "\uFEFF"u8, .. Uplink.Status(Uplink.Free(), 9, TestStore.Evening).Payload]);
        var files = new[] { marked, Write("leer.json", []), Write("riesig.json", new byte[3_000_000]), Write("liste.json", "[]"u8.ToArray()) };
        var (code, lines, _) = Run(["ingest", "--json", "--register", "--data", store, .. files]);
        Assert.Equal(CommandLine.RefusedInput, code);
        Assert.Equal([null, "invalid-json", "too-large", "unknown-event"], lines.Select(line => Text(line, "reason")));
    }

    [Theory]
    [InlineData("import")]
    [InlineData("ingest")]
    [InlineData("offers", "--from", "2026-11-21", "--to", "2026-11-22")]
    public void A_store_that_cannot_be_used_is_wrong_usage_in_one_line(params string[] arguments)
    {
        var file = Write("datei.json", "{}"u8.ToArray());
        var (code, _, errors) = Run([.. arguments, "--data", file, .. arguments.Length == 1 ? new[] { file } : []]);
        Assert.Equal(CommandLine.WrongUsage, code);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(directory, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    internal static (int Code, IReadOnlyList<JsonElement> Lines, string Errors) Run(params string[] arguments)
    {
        var (output, errors) = (Console.Out, Console.Error);
        using var said = new StringWriter();
        using var complained = new StringWriter();
        Console.SetOut(said);
        Console.SetError(complained);
        try
        {
            var code = Quartier.Gateway.Program.Main(arguments);
            var all = said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var lines = all.Where(line => line.StartsWith('{')).ToList();
            if (arguments.Contains("--json"))
            {
                Assert.Equal(all.Length, lines.Count); // A script reads every line; words for people stand on the other output.
            }

            return (code, [.. lines.Select(line => JsonDocument.Parse(line).RootElement)], complained.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }
}
