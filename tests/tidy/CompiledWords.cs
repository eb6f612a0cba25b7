using System.Text;
using Mono.Cecil;

namespace Quartier.Tests.Tidy;

/// <summary>A word looked for in everything that an assembly carries: the names of its types and members, its texts and constants,
/// its resources.</summary>
internal static class CompiledWords
{
    public static IEnumerable<Finding> Of(AssemblyDefinition assembly, string word) =>
        from said in assembly.MainModule.GetTypes().SelectMany(Said).Concat(assembly.MainModule.Resources.OfType<EmbeddedResource>().SelectMany(Said))
        where said.Text.Contains(word, StringComparison.OrdinalIgnoreCase)
        select new Finding(said.Where, 0, $"says \"{word}\": {said.Text}");

    private static IEnumerable<(string Where, string Text)> Said(TypeDefinition type) =>
    [
        (type.FullName, type.FullName),
        .. type.Fields.SelectMany(field => new[] { (field.FullName, field.Name), (field.FullName, field.Constant as string ?? "") }),
        .. type.Properties.Select(property => (property.FullName, property.Name)),
        .. type.Methods.SelectMany(Said),
    ];

    private static IEnumerable<(string Where, string Text)> Said(MethodDefinition method) =>
    [
        (method.FullName, method.Name),
        .. method.Parameters.Select(parameter => (method.FullName, parameter.Name)),
        .. method.HasBody ? method.Body.Instructions.Select(instruction => instruction.Operand).OfType<string>().Select(text => (method.FullName, text)) : [],
    ];

    private static IEnumerable<(string Where, string Text)> Said(EmbeddedResource resource) =>
        [(resource.Name, resource.Name), .. Encoding.UTF8.GetString(resource.GetResourceData()).Split('\n').Select(line => (resource.Name, line.Trim()))];
}
