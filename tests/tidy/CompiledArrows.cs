using Mono.Cecil;
using Mono.Cecil.Cil;

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
        from other in References(type).SelectMany(Assemblies).Distinct().Order(StringComparer.Ordinal)
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

    /// <summary>A closure, an iterator's state machine and a nested type belong where their outermost type does. What the compiler
    /// puts outside any namespace belongs to the assembly's root.</summary>
    private static string NamespaceOf(TypeDefinition type)
    {
        var outermost = type;
        while (outermost.DeclaringType is { } declaring)
        {
            outermost = declaring;
        }

        return outermost.Namespace.Length > 0 ? outermost.Namespace : type.Module.Assembly.Name.Name;
    }

    /// <summary>Every type that this one names: in what it inherits, holds, is marked with, takes, returns and does.</summary>
    private static IEnumerable<TypeReference> References(TypeDefinition type) =>
    [
        .. Existing(type.BaseType),
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. type.Fields.Select(field => field.FieldType),
        .. type.Methods.SelectMany(References),
        .. Marks(type),
        .. type.Fields.SelectMany(Marks),
        .. type.Properties.SelectMany(Marks),
        .. type.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
    ];

    private static IEnumerable<TypeReference> References(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
        .. Marks(method),
        .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.ExceptionHandlers.SelectMany(handler => Existing(handler.CatchType)) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(References) : [],
    ];

    private static IEnumerable<TypeReference> References(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference called =>
        [
            called.DeclaringType,
            called.ReturnType,
            .. called.Parameters.Select(parameter => parameter.ParameterType),
            .. called is GenericInstanceMethod generic ? generic.GenericArguments : [],
        ],
        _ => [],
    };

    private static IEnumerable<TypeReference> Marks(ICustomAttributeProvider marked) =>
        marked.CustomAttributes.SelectMany(mark => mark.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>().Append(mark.AttributeType));

    /// <summary>The assemblies of ours that a type reference names, its element and argument types with it.</summary>
    private static IEnumerable<string> Assemblies(TypeReference type)
    {
        IEnumerable<TypeReference> inner = type switch
        {
            GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments],
            TypeSpecification wrapped => [wrapped.ElementType],
            GenericParameter => [],
            { DeclaringType: { } declaring } => [declaring],
            _ => [],
        };
        return type is TypeSpecification or GenericParameter || type.DeclaringType is not null
            ? inner.SelectMany(Assemblies)
            : type.Scope is AssemblyNameReference { Name: var name } && name.StartsWith(Own, StringComparison.Ordinal) ? [name] : [];
    }

    private static IEnumerable<TypeReference> Existing(TypeReference? type) => type is null ? [] : [type];
}
