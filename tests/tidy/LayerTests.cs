using Xunit;

namespace Quartier.Tests.Tidy;

/// <summary>The gateway's layers hold, in its compiled code and in what its sources spell out beyond it.</summary>
public sealed class LayerTests
{
    /// <summary>Arrows that the layers forbid and that stand nevertheless.</summary>
    private static readonly string[] Exceptions = [];

    /// <summary>Namespaces that know each other in a circle nevertheless.</summary>
    private static readonly string[] ExceptedCycles =
    [
        "Domain.Offers, Domain.Offers.Import, Domain.Offers.Import.Hsds, Domain.Offers.Import.ICal, Domain.Offers.Import.Rss",
    ];

    private static readonly Lazy<Arrow[]> Gateway = new(ReadGateway);

    [Fact]
    public void An_arrow_leads_towards_the_lower_layer_or_along_the_table()
    {
        var forbidden = LayerArrows.Forbidden(Gateway.Value).Select(arrow => arrow.ToString()).ToArray();
        Same(Exceptions, forbidden);
    }

    [Fact]
    public void Namespaces_know_each_other_in_no_circle() => Same(ExceptedCycles, [.. LayerArrows.Cycles(Gateway.Value)]);

    /// <summary>The table grants nothing that nobody uses.</summary>
    [Fact]
    public void The_table_of_slices_lists_what_is_known_and_no_more()
    {
        var known = Gateway.Value.Select(arrow => (Layers.SliceOf(arrow.FromSpace), Layers.SliceOf(arrow.ToSpace))).ToHashSet();
        Assert.Empty(Layers.Table.SelectMany(row => row.Value.Select(other => (row.Key, other))).Except(known));
    }

    [Theory]
    [InlineData("object M() => new Quartier.Gateway.Host.Door();")]
    [InlineData("System.Collections.Generic.List<Host.Door[]>? Held;")]
    [InlineData("System.Action M() => () => Host.Door.Open();")]
    [InlineData("void M() { foreach (var a in N()) { _ = a; } } System.Collections.Generic.IEnumerable<int> N() { Host.Door.Open(); yield return 1; }")]
    [InlineData("[Host.Marked] void M() { }")]
    [InlineData("class Inner<T> where T : Host.Door { }")]
    public void A_full_name_of_a_higher_layer_is_found_in_compiled_code(string member)
    {
        var arrows = Planted($"namespace Quartier.Gateway.Domain.Offers {{ class A {{ {member} }} }}");
        Assert.All(LayerArrows.Forbidden(arrows), arrow => Assert.StartsWith("Domain.Offers.A → Host.", arrow.ToString(), StringComparison.Ordinal));
        Assert.NotEmpty(LayerArrows.Forbidden(arrows));
    }

    [Fact]
    public void A_razor_page_that_shows_a_part_of_a_higher_layer_is_found_in_compiled_code()
    {
        var arrows = Planted("""
            namespace Quartier.Gateway.Host { class Frame : Microsoft.AspNetCore.Components.ComponentBase { } }
            namespace Quartier.Gateway.Domain.Offers
            {
                class OfferPage : Microsoft.AspNetCore.Components.ComponentBase
                {
                    protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder)
                    {
                        builder.OpenComponent<Host.Frame>(0);
                        builder.CloseComponent();
                    }
                }
            }
            """);
        Assert.Equal("Domain.Offers.OfferPage → Host.Frame", Assert.Single(LayerArrows.Forbidden(arrows)).ToString());
    }

    [Theory]
    [InlineData("Domain.Shelters.A", "Domain.Accounts.B", false)]
    [InlineData("Domain.Accounts.A", "Domain.Audit.B", true)]
    [InlineData("Domain.Offers.Import.A", "Domain.Offers.B", true)]
    [InlineData("Ingest.A", "Outputs.Notify.B", false)]
    [InlineData("Store.A", "Domain.Audit.B", false)]
    [InlineData("Ingest.A", "Store.B", true)]
    [InlineData("Host.A", "Broker.B", true)]
    [InlineData("Broker.A", "Host.B", false)]
    [InlineData("Program", "Host.A", true)]
    public void Slices_know_each_other_by_the_table_and_layers_by_their_order(string from, string to, bool isAllowed) =>
        Assert.Equal(isAllowed, !LayerArrows.Forbidden([new Arrow(from, to)]).Any());

    [Fact]
    public void A_cycle_is_found_and_what_merely_leads_to_it_is_not_part_of_it()
    {
        Arrow[] arrows = [new("Host.A", "Host.Commands.B"), new("Host.Commands.B", "Broker.C"), new("Broker.C", "Host.D"), new("Program", "Host.A"), new("Host.A", "Store.E")];
        Assert.Equal("Broker, Host, Host.Commands", Assert.Single(LayerArrows.Cycles(arrows)));
        Assert.Empty(LayerArrows.Cycles(arrows.Where(arrow => arrow.From != "Broker.C")));
    }

    [Fact]
    public void A_cycle_is_found_in_compiled_code() =>
        Assert.Equal("Domain.Offers, Host", Assert.Single(LayerArrows.Cycles(Planted("namespace Quartier.Gateway.Domain.Offers { class A { object M() => new Host.Door(); } }"))));

    [Theory]
    [InlineData("gateway/Gateway/Domain/Offers/A.cs", "using Quartier.Gateway.Host;", "Host.*")]
    [InlineData("gateway/Gateway/Domain/Offers/A.cs", "class A { int B = Quartier.Gateway.Host.Door.Width; }", "Host.Door")]
    [InlineData("gateway/Gateway/Domain/Offers/A.cs", "class A { string B = $\"{Host.Door.Width}\"; }", "Host.Door")]
    [InlineData("gateway/Gateway/Domain/Offers/A.cs", "namespace Quartier.Gateway.Domain.Offers; class A { string B = nameof(Host.Door); }", "Host.Door")]
    [InlineData("gateway/Gateway/Domain/Offers/A.razor", "@using Quartier.Gateway.Host", "Host.*")]
    [InlineData("gateway/Gateway/Domain/Offers/A.razor", "<p>@(Quartier.Gateway.Host.Door.Width)</p>", "Host.Door")]
    public void A_constant_of_a_higher_layer_is_found_in_the_sources(string path, string line, string other) =>
        Assert.Equal($"Domain.Offers.A → {other}", Assert.Single(LayerArrows.Forbidden(LayerSources.Of(new SourceFile(path, line), Door)).Distinct()).ToString());

    [Theory]
    [InlineData("gateway/Gateway/Domain/Offers/A.cs", "// Quartier.Gateway.Host.Door\nclass A { object Host; string B = \"Host.Door\"; object C => Host.Name; }")]
    [InlineData("gateway/Gateway/Domain/Offers/A.razor", "<p>@Host.Name says 3.5 km</p>")]
    [InlineData("simulator/A.cs", "using Quartier.Gateway.Host;")]
    public void What_only_looks_like_a_higher_layer_is_let_be(string path, string text) =>
        Assert.Empty(LayerSources.Of(new SourceFile(path, text), Door));

    /// <summary>What the root's imports name, every page knows.</summary>
    [Fact]
    public void The_imports_of_all_pages_belong_to_the_lowest_layer() =>
        Assert.Equal("Pages._Imports → Host.*", Assert.Single(LayerArrows.Forbidden(LayerSources.Of(new SourceFile("gateway/Gateway/_Imports.razor", "@using Quartier.Gateway.Host"), Door))).ToString());

    private static readonly HashSet<string> Door = ["Host.Door"];

    private static Arrow[] Planted(string source)
    {
        const string Host = """

            namespace Quartier.Gateway.Host
            {
                class Door { public static void Open() { _ = new Domain.Offers.Known(); } }
                class MarkedAttribute : System.Attribute { }
            }

            namespace Quartier.Gateway.Domain.Offers { class Known { } }
            """;
        using var compiled = Compiled.From("Quartier.Gateway", source + Host);
        return [.. LayerArrows.OfCompiled(compiled)];
    }

    /// <summary>Compiled code first; of the sources only what it does not tell of the same two namespaces.</summary>
    private static Arrow[] ReadGateway()
    {
        using var assembly = Compiled.Read("Gateway");
        var compiled = LayerArrows.OfCompiled(assembly).ToArray();
        var told = compiled.Select(arrow => (arrow.FromSpace, arrow.ToSpace)).ToHashSet();
        var types = LayerArrows.Types(assembly);
        return [.. compiled, .. Sources.All.SelectMany(file => LayerSources.Of(file, types)).Where(arrow => !told.Contains((arrow.FromSpace, arrow.ToSpace)))];
    }

    private static void Same(string[] excepted, string[] found)
    {
        string[] wrong = [.. found.Except(excepted).Prepend("not allowed:"), .. excepted.Except(found).Prepend("no longer needed, take it off the list:")];
        Assert.True(wrong.Length == 2, string.Join('\n', wrong));
        Assert.Equal(excepted.Order(StringComparer.Ordinal), excepted);
    }
}
