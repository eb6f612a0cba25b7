using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Quartier.Tests.Tidy;

/// <summary>The second look: constants and nameof leave nothing in compiled code, but their names stand in the sources, after a using
/// line or in full.</summary>
internal static partial class LayerSources
{
    private const string Folder = "gateway/Gateway/";

    /// <param name="types">The gateway's types without the root namespace.</param>
    /// <returns>Every arrow from the file's namespace to another that the file spells out, once.</returns>
    public static IEnumerable<Arrow> Of(SourceFile file, IReadOnlySet<string> types)
    {
        if (!file.Path.StartsWith(Folder, StringComparison.Ordinal))
        {
            return [];
        }

        var folder = Path.GetDirectoryName(file.Path[Folder.Length..])!.Replace('/', '.');
        var own = Path.GetFileName(file.Path) == "_Imports.razor" && folder.Length == 0 ? "Pages" : folder;
        var spaces = types.Select(type => type.Contains('.', StringComparison.Ordinal) ? type[..type.LastIndexOf('.')] : "").ToHashSet();
        return DottedNames(file).Select(name => Target(name, own, types, spaces)).OfType<string>()
            .Select(target => new Arrow($"{own}.{Path.GetFileNameWithoutExtension(file.Path)}", target))
            .Where(arrow => arrow.ToSpace != arrow.FromSpace).Distinct();
    }

    /// <summary>Razor is read as it stands: its compiled code has the rest, and no page's text speaks in full names.</summary>
    private static IEnumerable<string> DottedNames(SourceFile file) => Path.GetExtension(file.Path) switch
    {
        ".cs" => CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes()
            .Where(node => node is (QualifiedNameSyntax or MemberAccessExpressionSyntax) && node.Parent is not (QualifiedNameSyntax or MemberAccessExpressionSyntax))
            .Select(node => Spaces().Replace(node.ToString(), "").Replace("global::", "", StringComparison.Ordinal)),
        ".razor" => Dotted().Matches(file.Text).Select(match => match.Value),
        _ => [],
    };

    /// <returns>The type that the name begins with, looked for as the compiler does, from the inside out; "Host.*" where a full name is
    /// a namespace; null: nothing of the gateway.</returns>
    private static string? Target(string name, string own, IReadOnlySet<string> types, HashSet<string> spaces)
    {
        if (name.StartsWith(Layers.Root + ".", StringComparison.Ordinal))
        {
            var rest = name[(Layers.Root.Length + 1)..];
            return spaces.Contains(rest) ? rest + ".*" : Beginnings(rest).FirstOrDefault(types.Contains);
        }

        // A single name is found by its using line or not at all.
        return Enclosing(own).SelectMany(outer => Beginnings(name).Where(part => part.Contains('.', StringComparison.Ordinal)).Select(part => outer + part)).FirstOrDefault(types.Contains);
    }

    private static IEnumerable<string> Beginnings(string name)
    {
        var parts = name.Split('.');
        return Enumerable.Range(1, parts.Length).Select(count => string.Join('.', parts[..count]));
    }

    private static IEnumerable<string> Enclosing(string own)
    {
        var parts = own.Split('.');
        return Enumerable.Range(0, parts.Length + 1).Select(left => string.Concat(parts[..^left].Select(part => part + ".")));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(?<![\w.])\w+(\.\w+)+")]
    private static partial Regex Dotted();
}
