using Xunit;

namespace Quartier.Tests.Tidy;

/// <summary>A new version of a pod's format touches the wire, one decoder and nothing else.</summary>
public sealed class WireFormatTests
{
    private static readonly HashSet<string> Planted = ["ShelterStatusV1", "Occupancy", "Ports"];

    [Fact]
    public void A_numbered_format_of_the_wire_is_known_in_Ingest_alone()
    {
        using var gateway = Compiled.Read("Gateway");
        using var wire = Compiled.Read("Wire");
        var types = WireFormats.Types(wire);
        Assert.Superset(Planted, types);
        Assert.Empty(WireFormats.OfCompiled(gateway));
        Assert.Empty(Sources.All.SelectMany(file => WireFormats.OfSource(file, types)));
    }

    [Fact]
    public void A_pod_fills_every_field_of_what_it_sends()
    {
        using var shelter = Compiled.Read("Shelter");
        using var wire = Compiled.Read("Wire");
        Assert.Empty(WireFormats.Unfilled(shelter, wire));
    }

    [Theory]
    [InlineData("status.Smoke = true;", "ShelterStatusV1.Sos")]
    [InlineData("status.Smoke = status.Sos; status.Sos = false;", null)]
    public void A_field_that_nobody_fills_is_found_in_compiled_code(string does, string? found)
    {
        using var both = Compiled.From("Quartier.Both", $$"""
            namespace Quartier.Wire { public class ShelterStatusV1 { public const int Bytes = 8; public bool Smoke; public bool Sos; public int Encode() => 8; } }
            namespace Quartier.Wire { public class NeverSentV2 { public bool Smoke; } }
            namespace Quartier.Shelter { class App { int M(Quartier.Wire.ShelterStatusV1 status) { {{does}} return status.Encode(); } } }
            """);
        Assert.Equal(found, WireFormats.Unfilled(both, both).SingleOrDefault());
    }

    [Theory]
    [InlineData("Domain.Shelters", "ShelterStatusV1", false)]
    [InlineData("Domain.Alerts", "ShelterAlarmV2", false)]
    [InlineData("Outputs.Planning", "ShelterStatusV1", false)]
    [InlineData("Host", "ShelterStatusV1", false)]
    [InlineData("Ingest", "ShelterStatusV1", true)]
    [InlineData("Domain.Shelters", "Ports", false)]
    [InlineData("Domain.Shelters", "Occupancy", true)]
    [InlineData("Domain.Alerts", "AlarmKind", true)]
    [InlineData("Domain.Registry", "ScreenHello", true)]
    public void What_is_about_pods_shares_words_with_the_firmware_and_no_layout(string space, string type, bool isAllowed) =>
        Assert.Equal(isAllowed, WireFormats.May(space, type));

    [Theory]
    [InlineData("Quartier.Wire.ShelterStatusV1? M() => null;")]
    [InlineData("System.Collections.Generic.List<Quartier.Wire.ShelterStatusV1[]>? Held;")]
    [InlineData("bool M(object o) => o is Quartier.Wire.ShelterStatusV1;")]
    public void A_format_is_found_in_compiled_code(string member)
    {
        using var compiled = Compiled.From("Quartier.Gateway", $"namespace Quartier.Gateway.Domain.Shelters {{ class A {{ {member} }} }} namespace Quartier.Wire {{ class ShelterStatusV1 {{ }} }}");
        Assert.Equal("Domain.Shelters.A → ShelterStatusV1", Assert.Single(WireFormats.OfCompiled(compiled)));
    }

    [Theory]
    [InlineData("gateway/Gateway/Domain/Shelters/A.cs", "class A { byte[] B = new byte[ShelterStatusV1.Bytes]; }", 1)]
    [InlineData("gateway/Gateway/Domain/PodBoard/A.razor", "<p>@ShelterStatusV1.Bytes</p>", 1)]
    [InlineData("gateway/Gateway/Domain/Shelters/A.cs", "// as ShelterStatusV1\nclass A { Occupancy B; }", 0)]
    [InlineData("gateway/Gateway/Ingest/A.cs", "class A { byte[] B = new byte[ShelterStatusV1.Bytes]; }", 0)]
    [InlineData("simulator/A.cs", "class A { ShelterStatusV1 B; }", 0)]
    public void A_constant_of_a_format_is_found_in_the_sources(string path, string text, int found) =>
        Assert.Equal(found, WireFormats.OfSource(new SourceFile(path, text), Planted).Count());
}
