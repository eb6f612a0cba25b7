using Quartier.Tests.Mutation;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Tidy;

/// <summary>The house rules over this checkout. That each rule can fail is shown in BadExamples.</summary>
public sealed class TidyTests
{
    [Fact]
    public void Sources_know_only_what_the_arrow_table_allows() =>
        None(Sources.CSharp.Concat(Sources.All.Where(file => file.Path.EndsWith(".razor", StringComparison.Ordinal))).SelectMany(Arrows.OfSources));

    [Fact]
    public void Compiled_assemblies_know_only_what_the_arrow_table_allows()
    {
        string[] compiled = ["Wire", "Board", "Screen", "Drivers", "Provisioning", "Shelter", "Kiosk", "Mqtt", "Raster", "Provision", "Gateway", "Simulator", "Simulator.Demo"];
        None(compiled.SelectMany(name => CompiledArrows.Of(Compiled.Read(name))));
    }

    /// <summary>Accounts whose passwords everybody knows belong to the simulator alone.</summary>
    [Fact]
    public void The_gateway_ships_nothing_of_the_demo() => None(CompiledWords.Of(Compiled.Read("Gateway"), "demo"));

    [Fact]
    public void Projects_reference_only_what_the_arrow_table_allows() =>
        None(Sources.All.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)).SelectMany(Arrows.OfProject));

    [Fact]
    public void Firmware_has_no_conditional_compilation() => None(Sources.CSharp.SelectMany(Language.Conditionals));

    [Fact]
    public void Type_names_say_something() => None(Sources.CSharp.SelectMany(Language.Names));

    [Fact]
    public void Files_and_functions_fit_a_reader() => None(Sources.CSharp.SelectMany(Language.Lengths));

    [Fact]
    public void Wall_clock_sleep_and_unseeded_chance_stay_at_the_edge() => None(Sources.CSharp.SelectMany(Language.Calls));

    [Fact]
    public void Nothing_catches_everything_but_the_pumps()
    {
        // One place a process, each counts what it catches. The store's writer and the intake hand a failure on: the writer to whoever
        // asked for the work, the intake to the list of refusals.
        string[] pumps =
        [
            "gateway/Gateway/Host/", "gateway/Gateway/Store/PendingWrite.cs", "gateway/Gateway/Broker/Intake.cs", "gateway/Gateway/Broker/OutsideBroker.cs", "gateway/Gateway/Broker/OutsideSession.cs",
            "simulator/window/", "simulator/Program.cs", "gateway/Provision/Program.cs", "firmware/device/",
        ];
        None(Sources.CSharp.Where(file => !pumps.Any(pump => file.Path.StartsWith(pump, StringComparison.Ordinal))).SelectMany(Language.CatchAlls));
    }

    [Fact]
    public void Rules_are_pure() => None(Sources.CSharp.SelectMany(Language.PureRules));

    [Fact]
    public void Links_in_documents_lead_somewhere() =>
        None(Sources.All.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal))
            .SelectMany(file => Documents.DeadLinks(file, path => File.Exists(Checkout.PathTo(path)) || Directory.Exists(Checkout.PathTo(path)))));

    [Fact]
    public void Tests_that_documents_name_exist()
    {
        var tests = Sources.CSharp.Where(file => file.IsUnder("tests")).ToList();
        var pages = Sources.All.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal)).ToList();
        None(pages.SelectMany(page => Documents.NamedTests(page, tests)));

        // The rule reads what the page of threats really writes.
        var security = pages.Single(page => page.Path == "docs/security.md");
        Assert.True(Documents.NamedTests(security, []).Count() > 30);
    }

    [Fact]
    public void Every_format_has_vectors_and_every_radio_format_its_codec() =>
        None(Documents.Formats(Sources.All.Select(file => file.Path).ToHashSet()));

    /// <summary>A mutant whose place has moved is made no more, and nobody would notice.</summary>
    [Fact]
    public void Every_mutant_has_its_place_and_a_suite_that_should_notice() =>
        None(Mutant.Listed()
            .Where(mutant => mutant.In(Sources.All.FirstOrDefault(file => file.Path == mutant.File)?.Text ?? "") is null
                || !Sources.All.Any(file => file.IsUnder(mutant.Suite) && file.Text.Contains($"class {mutant.Tests}", StringComparison.Ordinal)))
            .Select(mutant => new Finding("tests/mutation/mutants.json", 1, $"{mutant.Name}: the place stands not exactly once in {mutant.File}, or {mutant.Suite} has no {mutant.Tests}")));

    [Fact]
    public void Nothing_is_left_for_later() => None(Sources.All.SelectMany(Documents.Leftovers));

    [Fact]
    public void The_project_speaks_of_itself_alone() => None(Sources.All.SelectMany(Documents.ForeignWords));

    [Fact]
    public void The_root_holds_only_what_belongs_there()
    {
        string[] allowed =
        [
            "Quartier.sln", "README.md", "CHANGELOG.md", "LICENSE", "quartier", "Directory.Build.props", "Directory.Packages.props",
            "global.json", ".editorconfig", ".gitignore", ".gitattributes", ".ci", "firmware", "gateway", "simulator", "tests", "hardware", "docs",
        ];
        var found = Sources.All.Select(file => file.Path.Split('/')[0]).Distinct().Except(allowed);
        None(found.Select(name => new Finding(name, 1, "does not belong into the root")));
    }

    [Fact]
    public void Decisions_fit_forty_lines() =>
        None(Sources.All.Where(file => file.IsUnder("docs/decisions") && file.Text.TrimEnd().Split('\n').Length > 40)
            .Select(file => new Finding(file.Path, 41, "a decision has at most 40 lines")));

    [Fact]
    public void Editorconfig_rules_are_errors_or_absent() =>
        None(Sources.All.Where(file => file.Path == ".editorconfig")
            .SelectMany(file => file.Lines.Select((line, index) => (line, index))
                .Where(pair => pair.line.Contains("severity", StringComparison.Ordinal) && !pair.line.TrimEnd().EndsWith("= error", StringComparison.Ordinal))
                .Select(pair => new Finding(file.Path, pair.index + 1, "a rule is an error or absent"))));

    private static void None(IEnumerable<Finding> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
