using System.Diagnostics;
using System.Text.Json.Nodes;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Wire;

/// <summary>The JavaScript codecs in Node, called as ChirpStack v4 and as The Things Stack call them.</summary>
public sealed class NetworkServerCodecTests
{
    private static readonly string[] Servers = ["chirpstack", "ttn"];
    private static readonly string[] Uplinks = ["shelter-status-v1", "shelter-alarm-v1"];

    [Fact]
    public void Every_vector_gives_the_same_in_both_network_servers()
    {
        var requests = new List<JsonObject>();
        var vectors = new List<Vector>();
        foreach (var vector in Uplinks.Append("alarm-confirmation-v1").SelectMany(Vectors.Of))
        {
            foreach (var server in Servers)
            {
                foreach (var file in new[] { vector.Format, "shelter" })
                {
                    var call = vector.Format == "alarm-confirmation-v1" ? "decodeDownlink" : "decodeUplink";
                    requests.Add(Request(file, server, call, vector.Port, vector.Bytes));
                    vectors.Add(vector);
                }
            }
        }

        var answers = Ask(requests);
        for (var i = 0; i < answers.Count; i++)
        {
            Same.Json(vectors[i].Fields, answers[i]["data"], $"{vectors[i]} in {requests[i]["server"]} with {requests[i]["file"]}: {answers[i].ToJsonString()}");
            Assert.Equal(vectors[i].Refusal, (string?)answers[i]["refusal"]);
        }
    }

    [Fact]
    public void The_downlink_encoder_gives_the_bytes_of_every_vector_and_refuses_the_rest()
    {
        var vectors = Vectors.Of("alarm-confirmation-v1").Where(vector => vector.Fields is not null).ToList();
        foreach (var server in Servers)
        {
            var answers = Ask([.. vectors.Select(vector => Downlink(server, vector.Fields!))]);
            for (var i = 0; i < vectors.Count; i++)
            {
                Same.Json(new JsonArray([.. vectors[i].Bytes.Select(b => (JsonNode)(int)b)]), answers[i]["bytes"], vectors[i].ToString());
                Assert.Equal(11, (int)answers[i]["fPort"]!);
            }

            var refused = Ask([.. new[] { "{}", "{\"sequence\":-1}", "{\"sequence\":65536}", "{\"sequence\":1.5}", "{\"sequence\":\"1\"}", "{\"sequence\":null}" }
                .Select(data => Downlink(server, JsonNode.Parse(data)!.AsObject()))]);
            Assert.All(refused, answer => Assert.Equal("sequence", (string?)answer["refusal"]));
        }
    }

    [Fact]
    public void Ten_thousand_random_payloads_mean_the_same_in_JavaScript_and_in_CSharp()
    {
        var gen = new Gen(10_000);
        var pages = Uplinks.Select(FormatPage.Of).ToList();
        var seeds = Uplinks.SelectMany(Vectors.Of).Where(vector => vector.Fields is not null).ToList();
        var requests = new List<JsonObject>();
        var payloads = new List<(int Port, byte[] Bytes)>();
        for (var i = 0; i < 10_000; i++)
        {
            // A third of random bytes is nearly always refused, so the others are accepted frames with a few bits changed.
            var seed = gen.Pick(seeds);
            var bytes = gen.Chance(333) ? gen.Bytes(gen.Next(12)) : (byte[])seed.Bytes.Clone();
            for (var change = gen.Next(3); change > 0 && bytes.Length > 0; change--)
            {
                bytes[gen.Next(bytes.Length)] ^= (byte)(1 << gen.Next(8));
            }

            payloads.Add((seed.Port, bytes));
            requests.Add(Request("shelter", gen.Pick(Servers), "decodeUplink", seed.Port, bytes));
        }

        var answers = Ask(requests);
        var accepted = 0;
        for (var i = 0; i < answers.Count; i++)
        {
            var expected = WireJson.Decode(pages.Single(page => page.Port == payloads[i].Port), payloads[i].Bytes);
            Same.Json(expected, answers[i]["data"], $"port {payloads[i].Port} {Convert.ToHexString(payloads[i].Bytes)}: {answers[i].ToJsonString()}");
            accepted += expected is null ? 0 : 1;
        }

        Assert.InRange(accepted, 2_000, 8_000);
    }

    [Fact]
    public void Normalized_data_carry_only_what_is_known_in_the_units_of_The_Things_Stack()
    {
        var known = Vectors.Of("shelter-status-v1").Single(vector => vector.Name == "someone has locked the pod");
        var unknown = Vectors.Of("shelter-status-v1").Single(vector => vector.Name == "every sensor broken, nothing known");
        var answers = Ask([Normalize(known), Normalize(unknown)]);
        Same.Json(JsonNode.Parse("""{"air":{"location":"indoor","temperature":7.9,"relativeHumidity":64,"co2":680},"action":{"motion":{"detected":true},"contactState":"closed"},"battery":3.55}"""), answers[0]["data"], "known");
        Same.Json(JsonNode.Parse("""{"air":{"location":"indoor"},"action":{"motion":{"detected":false},"contactState":"closed"}}"""), answers[1]["data"], "unknown");
    }

    [Fact]
    public void The_combined_codec_is_what_its_parts_give()
    {
        var js = Checkout.PathTo("firmware", "wire", "js");
        var built = Node([Path.Combine(js, "build-shelter.js")], "");
        Golden.Matches("firmware/wire/js/shelter.js", built);
    }

    [Fact]
    public void The_codecs_are_ES5_without_modules_and_within_the_size_that_The_Things_Stack_takes()
    {
        foreach (var file in Uplinks.Append("alarm-confirmation-v1").Append("shelter"))
        {
            var text = File.ReadAllText(Checkout.PathTo("firmware", "wire", "js", file + ".js"));
            Assert.InRange(text.Length, 1, 40_960);
            foreach (var newer in new[] { "=>", "let ", "const ", "`", "require", "module", "Buffer(", "Buffer.", "class " })
            {
                var code = string.Join('\n', text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
                Assert.DoesNotContain(newer, code);
            }
        }
    }

    private static JsonObject Request(string file, string server, string call, int port, byte[] bytes) => new()
    {
        ["file"] = file + ".js",
        ["server"] = server,
        ["call"] = call,
        ["input"] = new JsonObject { ["bytes"] = new JsonArray([.. bytes.Select(b => (JsonNode)(int)b)]), ["fPort"] = port },
    };

    private static JsonObject Downlink(string server, JsonObject data) => new()
    {
        ["file"] = "alarm-confirmation-v1.js",
        ["server"] = server,
        ["call"] = "encodeDownlink",
        ["input"] = new JsonObject { ["data"] = data.DeepClone(), ["fPort"] = 11 },
    };

    private static JsonObject Normalize(Vector vector) => new()
    {
        ["file"] = "shelter-status-v1.js",
        ["server"] = "ttn",
        ["call"] = "normalizeUplink",
        ["input"] = new JsonObject { ["data"] = vector.Fields!.DeepClone() },
    };

    private static List<JsonObject> Ask(List<JsonObject> requests)
    {
        var input = string.Join('\n', requests.Select(request => request.ToJsonString()));
        var output = Node([Checkout.PathTo("tests", "wire", "codecs.js"), Checkout.PathTo("firmware", "wire", "js")], input);
        var answers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.Equal(requests.Count, answers.Count);
        Assert.All(answers, answer => Assert.Null(answer["thrown"]));
        return answers;
    }

    private static string Node(string[] arguments, string input)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach(arguments, start.ArgumentList.Add);
        Process? node;
        try
        {
            node = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException("node is not installed: apt-get install nodejs, or run ./quartier test, which does.");
        }

        using (node)
        {
            var errors = node!.StandardError.ReadToEndAsync();
            var writing = Task.Run(async () =>
            {
                await node.StandardInput.WriteAsync(input);
                node.StandardInput.Close();
            });
            var output = node.StandardOutput.ReadToEnd();
            writing.GetAwaiter().GetResult();
            node.WaitForExit();
            Assert.True(node.ExitCode == 0, errors.Result);
            return output;
        }
    }
}
