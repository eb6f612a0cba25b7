using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Quartier.Tests.Tidy;

/// <summary>Rules over C# syntax: conditional compilation, names, lengths, calls that are banned where they are banned.</summary>
internal static partial class Language
{
    /// <summary>Each file is read once for all rules.</summary>
    private static readonly ConditionalWeakTable<SourceFile, SyntaxNode> Roots = [];

    private const int FileLinesMax = 400;
    private const int FunctionLinesMax = 60;

    private static readonly string[] EmptyWords =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Common", "Base", "Data", "Info", "Processor", "Wrapper", "Impl", "Service", "Services"];

    /// <summary>Terms of a standard, of the device's platform, and of the field in a compound, keep their name.</summary>
    private static readonly string[] StandardTerms = ["HsdsService", "HsdsServices", "ServicePort", "SharedData", "SharedDataFactAttribute", "SharedDataTheoryAttribute", "DeviceInfo", "CertificateManager", "Base64", "OutOfService", "OutOfServiceTests", "SerialDataReceivedEventArgs", "Bmx280Base"];

    public static IEnumerable<Finding> Conditionals(SourceFile file)
    {
        if (!file.IsUnder("firmware") || file.IsUnder("firmware/device"))
        {
            return [];
        }

        return file.Lines.Select((line, index) => (line, index))
            .Where(pair => pair.line.TrimStart().StartsWith("#if", StringComparison.Ordinal))
            .Select(pair => new Finding(file.Path, pair.index + 1, "no #if in firmware: one source for every compiler, the difference goes behind a seam"));
    }

    public static IEnumerable<Finding> Names(SourceFile file) =>
        from type in Root(file).DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        let name = type.Identifier.Text
        where !StandardTerms.Contains(name)
        from word in Words().Matches(name).Select(match => match.Value)
        where EmptyWords.Contains(word)
        select new Finding(file.Path, LineOf(type.Identifier), $"type {name}: '{word}' says nothing; name what it is in the words of the field");

    public static IEnumerable<Finding> Lengths(SourceFile file)
    {
        var lines = file.Lines.Length;
        // A long file may stand when its header argues for it: '// Long because …' in the first ten lines.
        if (lines > FileLinesMax && !file.Lines.Take(10).Any(line => line.Contains("// Long because", StringComparison.Ordinal)))
        {
            yield return new Finding(file.Path, 1, $"{lines} lines; split at {FileLinesMax} or say '// Long because …' in the header");
        }

        foreach (var body in Root(file).DescendantNodes().Where(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax))
        {
            var span = body.GetLocation().GetLineSpan();
            var length = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (length > FunctionLinesMax)
            {
                yield return new Finding(file.Path, span.StartLinePosition.Line + 1, $"function of {length} lines; a function fits a screen ({FunctionLinesMax})");
            }
        }
    }

    /// <summary>Wall clock, sleep, unseeded chance: the process edge only.</summary>
    public static IEnumerable<Finding> Calls(SourceFile file)
    {
        string[] edges = ["firmware/device/", "gateway/Gateway/Host/", "gateway/Provision/", "simulator/Program.cs", "simulator/window/", "tests/bench/", "tests/support/NpmFolder.cs"];
        if (edges.Any(edge => file.Path.StartsWith(edge, StringComparison.Ordinal)))
        {
            yield break;
        }

        foreach (var access in Root(file).DescendantNodes().OfType<MemberAccessExpressionSyntax>())
        {
            var called = access.ToString();
            var instead = called switch
            {
                "DateTime.Now" or "DateTime.UtcNow" or "DateTimeOffset.Now" or "DateTimeOffset.UtcNow" or "DateTime.Today" or "SystemClock.Instance"
                    => "take now as an argument or a TimeProvider",
                "Task.Delay" or "Thread.Sleep" => "nothing waits by the wall clock; use the world's queue, a TimeProvider timer, or the event itself",
                "Random.Shared" => "take a seed",
                "Guid.NewGuid" => "derive the id from what it names, or take a seeded source",
                "Stopwatch.StartNew" or "Stopwatch.GetTimestamp" => "measure in tests/bench",
                _ => null,
            };
            if (instead is not null)
            {
                yield return new Finding(file.Path, LineOf(access), $"{called} is for the process edge; {instead}");
            }
        }
    }

    /// <summary>Also by another name: a task keeps whatever its work throws, and nobody hears of it unless somebody asks the task.</summary>
    public static IEnumerable<Finding> CatchAlls(SourceFile file) =>
        Root(file).DescendantNodes().OfType<CatchClauseSyntax>()
            .Where(CatchesAll)
            .Where(clause => !clause.Block.Statements.Any(statement => statement is ThrowStatementSyntax { Expression: null }))
            .Select(clause => new Finding(file.Path, LineOf(clause), "catches everything: name the failure that is expected here; only a process's pump may catch all, and counts it"))
            .Concat(Root(file).DescendantNodes().OfType<MemberAccessExpressionSyntax>()
                .Where(access => access.Name.Identifier.Text is "RunSynchronously" or "ContinueWith"
                    || (access.Name.Identifier.Text == "SuppressThrowing" && !AsksTheTask(file)))
                .Select(access => new Finding(file.Path, LineOf(access), $"{access.Name} catches everything by another name: await the task and name the failure that is expected, or look at its Exception")));

    /// <summary>A filter that names no type lets everything through.</summary>
    private static bool CatchesAll(CatchClauseSyntax clause) =>
        (clause.Declaration is null || clause.Declaration.Type.ToString() is "Exception" or "System.Exception")
        && (clause.Filter is null || !clause.Filter.DescendantNodes().Any(node => node is IsPatternExpressionSyntax));

    private static bool AsksTheTask(SourceFile file) =>
        Root(file).DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(access => access.Name.Identifier.Text is "Exception" or "IsFaulted" or "IsCompletedSuccessfully");

    /// <summary>Rules are pure: values in, values out.</summary>
    public static IEnumerable<Finding> PureRules(SourceFile file)
    {
        if (!file.Path.EndsWith("Rules.cs", StringComparison.Ordinal))
        {
            return [];
        }

        string[] impure = ["Microsoft.AspNetCore", "Microsoft.Data", "Dapper", "System.Net", "System.IO", "System.Data"];
        return ((CompilationUnitSyntax)Root(file)).Usings
            .Where(line => impure.Any(name => line.Name?.ToString().StartsWith(name, StringComparison.Ordinal) == true))
            .Select(line => new Finding(file.Path, LineOf(line), $"rules are pure functions over records; {line.Name} belongs to the slice's table or endpoints"));
    }

    private static SyntaxNode Root(SourceFile file) => Roots.GetValue(file, Parse);

    private static SyntaxNode Parse(SourceFile file) =>
        CSharpSyntaxTree.ParseText(file.Text, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview)).GetRoot();

    private static int LineOf(SyntaxNodeOrToken node) => node.GetLocation()!.GetLineSpan().StartLinePosition.Line + 1;

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Words();
}
