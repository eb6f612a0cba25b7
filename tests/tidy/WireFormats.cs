using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Quartier.Tests.Tidy;

/// <summary>Where the wire ends in the gateway: a numbered format, such as ShelterStatusV1, is known in Ingest alone, and what is about
/// pods knows of the wire only the words that firmware and gateway share.</summary>
internal static partial class WireFormats
{
    private const string Wire = "Quartier.Wire";
    private const string Decoders = "Ingest";

    /// <summary>firmware/wire/Occupancy.cs.</summary>
    private static readonly string[] SharedWords = ["Occupancy", "OccupancyReason", "AlarmKind"];

    private static readonly string[] AboutPods = ["Domain.Shelters", "Domain.Alerts", "Domain.PodBoard", "Domain.PodNights"];

    /// <param name="space">A namespace of the gateway without the root before it.</param>
    /// <param name="type">A type of the wire.</param>
    public static bool May(string space, string type) =>
        LayerIs(space, Decoders) || (!Numbered().IsMatch(type) && (!AboutPods.Any(slice => LayerIs(space, slice)) || SharedWords.Contains(type)));

    public static IEnumerable<string> OfCompiled(AssemblyDefinition gateway) =>
        (from type in gateway.MainModule.GetTypes()
         let own = CompiledReferences.Outermost(type)
         where own.Namespace.StartsWith(Layers.Root + ".", StringComparison.Ordinal)
         from other in CompiledReferences.Of(type)
         where other.Namespace == Wire && !May(own.Namespace[(Layers.Root.Length + 1)..], other.Name)
         select $"{own.FullName[(Layers.Root.Length + 1)..]} → {other.Name}").Distinct().Order(StringComparer.Ordinal);

    /// <summary>The second look: a constant of a format leaves nothing in compiled code.</summary>
    /// <param name="types">The wire's types.</param>
    public static IEnumerable<string> OfSource(SourceFile file, IReadOnlySet<string> types)
    {
        const string Folder = "gateway/Gateway/";
        if (!file.Path.StartsWith(Folder, StringComparison.Ordinal))
        {
            return [];
        }

        var space = Path.GetDirectoryName(file.Path[Folder.Length..])!.Replace('/', '.');
        return Names(file).Distinct().Where(name => types.Contains(name) && Numbered().IsMatch(name) && !May(space, name))
            .Select(name => $"{space}.{Path.GetFileNameWithoutExtension(file.Path)} → {name}");
    }

    /// <summary>What a device sends and leaves as it is made: a field that somebody forgot to fill.</summary>
    /// <param name="device">The firmware that encodes the formats.</param>
    public static IEnumerable<string> Unfilled(AssemblyDefinition device, AssemblyDefinition wire)
    {
        var does = device.MainModule.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody).SelectMany(method => method.Body.Instructions).ToList();
        var sent = does.Select(step => step.Operand).OfType<MethodReference>().Where(called => called.Name == "Encode" && called.DeclaringType.Namespace == Wire)
            .Select(called => called.DeclaringType.Name).ToHashSet();
        var filled = does.Where(step => step.OpCode == OpCodes.Stfld).Select(step => ((FieldReference)step.Operand).FullName).ToHashSet();
        return wire.MainModule.Types.Where(type => sent.Contains(type.Name)).SelectMany(type => type.Fields)
            .Where(field => field.IsPublic && !field.IsStatic && !filled.Contains(field.FullName)).Select(field => $"{field.DeclaringType.Name}.{field.Name}");
    }

    public static HashSet<string> Types(AssemblyDefinition wire) => [.. wire.MainModule.Types.Select(type => type.Name)];

    private static IEnumerable<string> Names(SourceFile file) => Path.GetExtension(file.Path) switch
    {
        ".cs" => CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText),
        ".razor" => Words().Matches(file.Text).Select(match => match.Value),
        _ => [],
    };

    private static bool LayerIs(string space, string layer) => (space + ".").StartsWith(layer + ".", StringComparison.Ordinal);

    [GeneratedRegex(@"V\d+$")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
