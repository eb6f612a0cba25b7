using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Quartier.Tests.Tidy;

/// <summary>What compiles and then dies or starves on the device's runtime, read from the compiled firmware: static constructors that
/// read each other (all run before Main, in no promised order), characters taken from a string in a loop (strings are UTF-8 there,
/// each index scans from the start), and words or objects made in a step that has nothing to do.</summary>
internal sealed class DeviceRules(IReadOnlyList<AssemblyDefinition> firmware)
{
    private readonly Dictionary<string, MethodDefinition> methods =
        firmware.SelectMany(assembly => assembly.MainModule.GetTypes()).SelectMany(type => type.Methods).ToDictionary(method => method.FullName);

    /// <summary>Kept, because every rule walks the same ways.</summary>
    private readonly Dictionary<MethodDefinition, List<MethodDefinition>> called = [];

    public IEnumerable<Finding> StaticOrder() =>
        from method in methods.Values
        where method.IsConstructor && method.IsStatic
        from reached in Reachable(method, [])
        from field in reached.Body.Instructions.Where(instruction => instruction.OpCode.Code is Code.Ldsfld or Code.Ldsflda).Select(instruction => (FieldReference)instruction.Operand)
        where field.DeclaringType.FullName != method.DeclaringType.FullName && field.DeclaringType.FullName.StartsWith("Quartier.", StringComparison.Ordinal)
        select new Finding(method.DeclaringType.FullName, 0, $"static initialisers run in no promised order on the device: {field.DeclaringType.Name}.{field.Name} may still be null; make the value here");

    /// <summary>A loop is what lies between a jump backwards and its target.</summary>
    public IEnumerable<Finding> IndexedText() =>
        from method in methods.Values
        where method.HasBody
        let loops = method.Body.Instructions.Where(jump => jump.Operand is Instruction target && target.Offset < jump.Offset).Select(jump => (From: ((Instruction)jump.Operand).Offset, To: jump.Offset)).ToList()
        where method.Body.Instructions.Any(call => call.Operand is MethodReference { Name: "get_Chars" or "get_Length", DeclaringType.FullName: "System.String" } && loops.Any(loop => call.Offset >= loop.From && call.Offset <= loop.To))
        select new Finding(method.FullName, 0, "text[i] and text.Length scan the string from its start each time on the device; call ToCharArray() once before the loop");

    /// <param name="step">Full name of the type whose Step is meant.</param>
    /// <param name="work">Methods that run only when something is due or has arrived, by type and name; what they make is their own.</param>
    public IEnumerable<Finding> MadeInIdleSteps(string step, IReadOnlyCollection<string> work) =>
        from method in methods.Values
        where method.DeclaringType.FullName == step && method.Name == "Step"
        from reached in Reachable(method, work)
        from made in reached.Body.Instructions
        where IsMade(made)
        select new Finding(reached.FullName, 0, $"an idle step makes {made.OpCode.Name} {made.Operand}; on the device each is garbage, the load of a word too");

    /// <summary>What is thrown is made once: the board restarts.</summary>
    private static bool IsMade(Instruction made) => made.OpCode.Code switch
    {
        Code.Ldstr or Code.Newarr or Code.Box => true,
        Code.Newobj => !((MethodReference)made.Operand).DeclaringType.IsValueType && made.Next?.OpCode.Code != Code.Throw,
        Code.Call or Code.Callvirt => made.Operand is MethodReference { DeclaringType.FullName: "System.String" or "System.Array", ReturnType.FullName: "System.String" or "System.String[]" or "System.Char[]" or "System.Object" },
        _ => false,
    };

    private HashSet<MethodDefinition> Reachable(MethodDefinition from, IReadOnlyCollection<string> but)
    {
        var seen = new HashSet<MethodDefinition>();
        var open = new Stack<MethodDefinition>([from]);
        while (open.TryPop(out var method))
        {
            if (!method.HasBody || but.Contains($"{method.DeclaringType.Name}.{method.Name}") || !seen.Add(method))
            {
                continue;
            }

            if (!called.TryGetValue(method, out var next))
            {
                called[method] = next = [.. method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>().SelectMany(Bodies).Distinct()];
            }

            foreach (var one in next)
            {
                open.Push(one);
            }
        }

        return seen;
    }

    /// <summary>The method itself, and behind a seam whatever of the firmware may stand there: the modem's driver is part of a step.</summary>
    private IEnumerable<MethodDefinition> Bodies(MethodReference named)
    {
        if (!methods.TryGetValue(named.FullName, out var known))
        {
            return [];
        }

        return known.HasBody ? [known] : methods.Values.Where(method => method.Name == known.Name && method.Parameters.Count == known.Parameters.Count
            && method.DeclaringType.Interfaces.Any(seam => seam.InterfaceType.FullName == known.DeclaringType.FullName));
    }
}
