using Mono.Cecil;

namespace Quartier.Tests.Tidy;

/// <summary>The gateway's arrows, from its compiled code, and what the layers say against them.</summary>
internal static class LayerArrows
{
    /// <returns>Every arrow from one namespace of the assembly to another, once.</returns>
    public static IEnumerable<Arrow> OfCompiled(AssemblyDefinition assembly) =>
        (from type in assembly.MainModule.GetTypes()
         let own = CompiledReferences.Outermost(type)
         from other in CompiledReferences.Of(type)
         where IsOurs(own) && IsOurs(other) && own.Namespace != other.Namespace
         select new Arrow(NameOf(own), NameOf(other))).Distinct();

    /// <summary>The outermost types of the gateway, without the root namespace.</summary>
    public static HashSet<string> Types(AssemblyDefinition assembly) => [.. assembly.MainModule.Types.Where(IsOurs).Select(NameOf)];

    /// <returns>In order.</returns>
    public static IEnumerable<Arrow> Forbidden(IEnumerable<Arrow> arrows) =>
        arrows.Where(arrow => !Layers.May(arrow.FromSpace, arrow.ToSpace)).OrderBy(arrow => arrow.ToString(), StringComparer.Ordinal);

    /// <returns>Namespaces that know each other in a circle, each circle as one line.</returns>
    public static IEnumerable<string> Cycles(IEnumerable<Arrow> arrows)
    {
        var known = arrows.ToLookup(arrow => arrow.FromSpace, arrow => arrow.ToSpace);
        var reached = known.ToDictionary(group => group.Key, group => Reached(group.Key, known));
        return reached.Keys.Where(space => reached[space].Contains(space))
            .Select(space => string.Join(", ", reached[space].Where(other => reached.TryGetValue(other, out var back) && back.Contains(space)).Order(StringComparer.Ordinal)))
            .Distinct().Order(StringComparer.Ordinal);
    }

    private static HashSet<string> Reached(string start, ILookup<string, string> known)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([start]);
        while (open.TryPop(out var space))
        {
            foreach (var next in known[space].Where(reached.Add))
            {
                open.Push(next);
            }
        }

        return reached;
    }

    /// <summary>The assembly's own types; what the compiler and the framework's generators add has other namespaces or none.</summary>
    private static bool IsOurs(TypeReference type) =>
        type.Scope is ModuleDefinition && (type.Namespace + ".").StartsWith(Layers.Root + ".", StringComparison.Ordinal);

    private static string NameOf(TypeReference type) => type.FullName[(Layers.Root.Length + 1)..].Split('`')[0];
}
