using System.Text.Json;
using Quartier.Gateway.Host.Commands;
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
            var lines = said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{'));
            return (code, [.. lines.Select(line => JsonDocument.Parse(line).RootElement)], complained.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }
}
