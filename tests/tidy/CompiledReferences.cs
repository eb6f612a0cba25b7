using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Quartier.Tests.Tidy;

/// <summary>What a compiled type names: in what it inherits, holds, is marked with, takes, returns and does. Constants and nameof
/// leave nothing to be found.</summary>
internal static class CompiledReferences
{
    /// <summary>A closure, an iterator's state machine and a nested type belong where their outermost type does.</summary>
    public static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } declaring)
        {
            type = declaring;
        }

        return type;
    }

    /// <returns>Outermost types, with repetitions: arrays and generic types are taken apart.</returns>
    public static IEnumerable<TypeReference> Of(TypeDefinition type) => Named(type).SelectMany(Parts).Select(Outermost);

    private static IEnumerable<TypeReference> Named(TypeDefinition type) =>
    [
        .. Existing(type.BaseType),
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. type.Fields.Select(field => field.FieldType),
        .. type.Methods.SelectMany(Named),
        .. Marks(type),
        .. type.Fields.SelectMany(Marks),
        .. type.Properties.SelectMany(Marks),
        .. type.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
    ];

    private static IEnumerable<TypeReference> Named(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
        .. Marks(method),
        .. method.Parameters.SelectMany(Marks),
        .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.ExceptionHandlers.SelectMany(handler => Existing(handler.CatchType)) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(Named) : [],
    ];

    private static IEnumerable<TypeReference> Named(Instruction instruction) => instruction.Operand switch
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

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.Append(generic.ElementType).SelectMany(Parts),
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        GenericParameter => [],
        _ => [type],
    };

    private static IEnumerable<TypeReference> Existing(TypeReference? type) => type is null ? [] : [type];
}
