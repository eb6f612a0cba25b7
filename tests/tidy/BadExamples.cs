using Xunit;

namespace Quartier.Tests.Tidy;

/// <summary>Each rule fails on an example made to break it: a rule that cannot fail teaches nothing.</summary>
public sealed class BadExamples
{
    [Theory]
    [InlineData("firmware/wire/Status.cs", "using Quartier.Board;")]
    [InlineData("firmware/shelter/App.cs", "    using Quartier.Screen;")]
    [InlineData("gateway/Gateway/Domain/Offers/Offer.cs", "using Quartier.Kiosk;")]
    [InlineData("gateway/Mqtt/Codec.cs", "using static Quartier.Wire.Crc32;")]
    [InlineData("simulator/world/World.cs", "using Quartier.Device;")]
    [InlineData("firmware/wire/Status.cs", "int a = Quartier.Board.Invariant.Limit;")]
    [InlineData("gateway/Gateway/Domain/Offers/OfferPage.razor", "@using Quartier.Kiosk")]
    [InlineData("gateway/Gateway/Domain/Offers/OfferPage.razor", "@(Quartier.Kiosk.Words.Now)")]
    public void An_arrow_against_the_table_is_found(string path, string line) =>
        Assert.Single(Arrows.OfSources(new SourceFile(path, line)));

    [Theory]
    [InlineData("Quartier.Wire", "Quartier.Wire", "object M() => new Quartier.Board.Flash();")]
    [InlineData("Quartier.Gateway", "Quartier.Gateway.Domain.Offers", "System.Collections.Generic.List<Quartier.Board.Flash[]> Held;")]
    [InlineData("Quartier.Gateway", "Quartier.Gateway.Domain.Offers", "System.Action M() => () => Quartier.Board.Flash.Wipe();")]
    [InlineData("Quartier.Gateway", "Quartier.Gateway.Ingest", "[Quartier.Board.Marked] void M() { }")]
    public void An_arrow_that_hides_in_compiled_code_is_found(string assembly, string space, string member)
    {
        using var compiled = Compiled.From(assembly, $"namespace {space}; class A {{ {member} }}");
        Assert.All(CompiledArrows.Of(compiled), finding => Assert.Contains("may not know Quartier.Board", finding.ToString()));
        Assert.NotEmpty(CompiledArrows.Of(compiled));
    }

    [Fact]
    public void Compiled_code_that_keeps_to_the_table_is_let_be()
    {
        using var compiled = Compiled.From("Quartier.Drivers", "namespace Quartier.Drivers; class A { object M() => new Quartier.Board.Flash(); }");
        Assert.Empty(CompiledArrows.Of(compiled));
    }

    [Theory]
    [InlineData("class DemoQuarter { }")]
    [InlineData("class A { bool IsDemo; }")]
    [InlineData("class A { string M() => \"street-demo\"; }")]
    [InlineData("class A { const string Secret = \"demo-secret\"; }")]
    [InlineData("class A { System.Action<bool> M() => isDemo => { }; }")]
    public void A_word_that_hides_in_compiled_code_is_found(string source)
    {
        using var compiled = Compiled.From("Quartier.Gateway", $"namespace Quartier.Gateway; {source}");
        Assert.NotEmpty(CompiledWords.Of(compiled, "demo"));
        Assert.Empty(CompiledWords.Of(compiled, "mode"));
    }

    [Fact]
    public void The_preview_may_draw_with_the_kiosk() =>
        Assert.Empty(Arrows.OfSources(new SourceFile("gateway/Gateway/Outputs/Preview/Preview.cs", "using Quartier.Kiosk;")));

    [Fact]
    public void A_project_reference_against_the_table_is_found() =>
        Assert.Single(Arrows.OfProject(new SourceFile("firmware/kiosk/Kiosk.csproj",
            """<Project><ItemGroup><ProjectReference Include="../drivers/Drivers.csproj" /></ItemGroup></Project>""")));

    [Fact]
    public void Conditional_firmware_is_found() =>
        Assert.Single(Language.Conditionals(new SourceFile("firmware/board/Clock.cs", "class A\n{\n#if DESKTOP\n#endif\n}")));

    [Theory]
    [InlineData("class OfferManager { }")]
    [InlineData("static class StringUtils { }")]
    [InlineData("record SensorData(int A);")]
    [InlineData("enum BaseKind { A }")]
    public void A_name_that_says_nothing_is_found(string code) =>
        Assert.Single(Language.Names(new SourceFile("gateway/Gateway/A.cs", code)));

    [Fact]
    public void A_name_that_only_contains_the_letters_is_left_alone() =>
        Assert.Empty(Language.Names(new SourceFile("gateway/Gateway/A.cs", "class Database { } class Information { }")));

    [Fact]
    public void A_long_file_is_found() =>
        Assert.Single(Language.Lengths(new SourceFile("gateway/Gateway/A.cs", string.Concat(Enumerable.Repeat("\n", 401)))));

    [Fact]
    public void A_long_file_with_a_reason_is_let_be() =>
        Assert.Empty(Language.Lengths(new SourceFile("gateway/Gateway/A.cs", "// Long because it is one table." + string.Concat(Enumerable.Repeat("\n", 401)))));

    [Fact]
    public void A_long_function_is_found() =>
        Assert.Single(Language.Lengths(new SourceFile("gateway/Gateway/A.cs", "class A { void M() {" + string.Concat(Enumerable.Repeat("\n", 61)) + "} }")));

    [Theory]
    [InlineData("DateTime.UtcNow")]
    [InlineData("DateTimeOffset.Now")]
    [InlineData("Task.Delay(5)")]
    [InlineData("Random.Shared.Next()")]
    [InlineData("Guid.NewGuid()")]
    public void A_banned_call_is_found(string call) =>
        Assert.Single(Language.Calls(new SourceFile("gateway/Gateway/Domain/A.cs", $"class A {{ void M() {{ _ = {call}; }} }}")));

    [Fact]
    public void The_edge_may_read_the_clock() =>
        Assert.Empty(Language.Calls(new SourceFile("gateway/Gateway/Host/A.cs", "class A { void M() { _ = DateTime.UtcNow; } }")));

    [Theory]
    [InlineData("catch { }")]
    [InlineData("catch (Exception) { }")]
    [InlineData("catch (Exception e) { Log(e); }")]
    [InlineData("catch (Exception e) when (e.Message != null) { }")]
    public void A_catch_of_everything_is_found(string clause) =>
        Assert.Single(Language.CatchAlls(new SourceFile("simulator/world/A.cs", $"class A {{ void M() {{ try {{ }} {clause} }} }}")));

    [Theory]
    [InlineData("new Task(Work).RunSynchronously();")]
    [InlineData("Work().ContinueWith(_ => { });")]
    [InlineData("await Work().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);")]
    public void A_catch_of_everything_by_another_name_is_found(string statement) =>
        Assert.Single(Language.CatchAlls(new SourceFile("simulator/world/A.cs", $"class A {{ async Task M() {{ {statement} }} }}")));

    [Fact]
    public void A_failure_that_is_looked_at_is_let_be() =>
        Assert.Empty(Language.CatchAlls(new SourceFile("simulator/world/A.cs",
            "class A { async Task M() { await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); if (work.Exception is { } cause) { throw cause; } } }")));

    [Fact]
    public void A_catch_that_tidies_up_and_throws_on_is_let_be() =>
        Assert.Empty(Language.CatchAlls(new SourceFile("simulator/world/A.cs", "class A { void M() { try { } catch { Undo(); throw; } } }")));

    [Fact]
    public void A_rule_that_speaks_SQL_is_found() =>
        Assert.Single(Language.PureRules(new SourceFile("gateway/Gateway/Domain/Alerts/AlertRules.cs", "using Dapper;\nstatic class AlertRules { }")));

    [Fact]
    public void A_dead_link_is_found() =>
        Assert.Single(Documents.DeadLinks(new SourceFile("docs/a.md", "[here](gone.md) [there](b.md) [far](https://example.org)"), path => path == "docs/b.md"));

    [Theory]
    [InlineData("| try | measure | `DoorTests.Nobody_comes_in` |", 0)]
    [InlineData("`DoorTests.Somebody_comes_in` and `WindowTests.Nobody_comes_in`", 2)]
    [InlineData("`DoorTests.Nobody_comes`", 1)]
    [InlineData("`Store.Write` and Fact_of_life", 0)]
    public void A_test_that_a_document_names_and_nobody_wrote_is_found(string line, int findings) =>
        Assert.Equal(findings, Documents.NamedTests(
            new SourceFile("docs/a.md", line), [new SourceFile("tests/a/DoorTests.cs", "public sealed class DoorTests { public void Nobody_comes_in() { } }")]).Count());

    [Fact]
    public void A_format_without_vectors_vectors_without_a_format_and_a_radio_format_without_codec_are_found() =>
        Assert.Equal(3, Documents.Formats(["firmware/wire/formats/shelter-status-v1.md", "firmware/wire/vectors/orphan.json"]).Count());

    [Fact]
    public void A_promise_is_found() =>
        Assert.Single(Documents.Leftovers(new SourceFile("gateway/A.cs", "// TO" + "DO later")));

    [Theory]
    [InlineData("see /wo" + "rk/main/x")]
    [InlineData("\"resolved\": \"https://registry.npmjs" + ".org/a\"")]
    public void A_machine_or_a_registry_is_found(string line) =>
        Assert.Single(Documents.ForeignWords(new SourceFile("docs/a.md", line)));
}
