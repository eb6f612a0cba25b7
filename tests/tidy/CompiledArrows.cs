using Mono.Cecil;

namespace Quartier.Tests.Tidy;

/// <summary>The arrow table held against the compiled assemblies: a using line can be written in a full name, an alias or a razor
/// page, a reference in the finished code cannot. Only constants leave no reference; the full names of the sources find those.</summary>
internal static class CompiledArrows
{
    private const string Own = "Quartier.";

    public static IEnumerable<Finding> Of(AssemblyDefinition assembly) =>
        from type in assembly.MainModule.GetTypes()
        let folder = FolderOf(assembly.Name.Name, NamespaceOf(type))
        where Arrows.MayKnow(folder) is not null
        from other in CompiledReferences.Of(type).SelectMany(Assemblies).Distinct().Order(StringComparer.Ordinal)
        where other != assembly.Name.Name && !Arrows.MayKnow(folder)!.Contains(other[Own.Length..])
        select new Finding(type.FullName, 0, $"{folder} may not know {other}; allowed: {Arrows.Said(Arrows.MayKnow(folder)!)}");

    /// <summary>A path in that folder, as the arrow table reads it. Gateway's namespaces follow its folders; every other assembly
    /// is one folder.</summary>
    private static string FolderOf(string assembly, string space)
    {
        var name = assembly[Own.Length..];
        var folder = name switch
        {
            "Gateway" => "gateway/" + space[Math.Min(Own.Length, space.Length)..].Replace('.', '/'),
            "Mqtt" or "Raster" or "Provision" => "gateway/" + name,
            "Simulator" => "simulator",
            "Simulator.Demo" => "simulator/demo",
            _ => "firmware/" + name.ToLowerInvariant(),
        };
        return folder + "/";
    }

    /// <summary>What the compiler puts outside any namespace belongs to the assembly's root.</summary>
    private static string NamespaceOf(TypeDefinition type) =>
        CompiledReferences.Outermost(type).Namespace is { Length: > 0 } space ? space : type.Module.Assembly.Name.Name;

    private static IEnumerable<string> Assemblies(TypeReference type) =>
        type.Scope is AssemblyNameReference { Name: var name } && name.StartsWith(Own, StringComparison.Ordinal) ? [name] : [];
}
