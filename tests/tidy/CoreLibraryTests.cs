using System.Text.Json;
using Mono.Cecil;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Tidy;

/// <summary>The portable firmware is compiled against the device's own core library in every build (tests/corelibrary). That it is
/// the library which the gate knows is asserted here.</summary>
public sealed class CoreLibraryTests
{
    [SharedDataFact]
    public void The_package_s_public_items_are_those_of_the_gate()
    {
        using var described = JsonDocument.Parse(File.ReadAllText(SharedData.PathTo("..", "nanoframework-api", "mscorlib.json")));
        var gate = described.RootElement.GetProperty("types").EnumerateArray().SelectMany(type => Described(type, "")).ToHashSet();
        using var library = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, "corelibrary", "mscorlib.dll"));
        var package = library.MainModule.Types.Where(type => type.IsPublic).SelectMany(type => Compiled(type, "")).ToHashSet();
        Assert.True(package.Count > 1000, $"{package.Count} items");
        Assert.Equal([], package.Except(gate).Order(StringComparer.Ordinal));
        Assert.Equal([], gate.Except(package).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Described(JsonElement type, string outer)
    {
        var arity = type.TryGetProperty("genericParameters", out var parameters) ? $"`{parameters.GetArrayLength()}" : "";
        var name = outer.Length > 0 ? $"{outer}/{Text(type, "name")}{arity}" : $"{Text(type, "namespace")}.{Text(type, "name")}{arity}";
        return
        [
            Text(type, "kind") == "delegate" ? $"{name} {Signature(type)}" : name,
            .. Array(type, "members").Where(member => Text(member, "access") is "public" or "protected").Select(member => $"{name} {Signature(member)}"),
            .. Array(type, "values").Select(value => $"{name} {Text(value, "name")} = {value.GetProperty("value")}"),
            .. Array(type, "nestedTypes").SelectMany(nested => Described(nested, name)),
        ];
    }

    /// <summary>Name, types of the parameters, type of what comes back or is held; "ref" and "out" both as &amp;.</summary>
    private static string Signature(JsonElement member)
    {
        var parameters = Array(member, "parameters").Select(parameter => Text(parameter, "type") + (Text(parameter, "modifier") is "out" or "ref" or "in" ? "&" : ""));
        var type = Text(member, "type") + Text(member, "returnType");
        var name = Text(member, "kind") == "delegate" ? "Invoke" : Text(member, "name");
        return Signature(name, parameters, type.Length > 0 ? type : "System.Void");
    }

    private static string Signature(string name, IEnumerable<string> parameters, string type) => $"{name}({string.Join(", ", parameters)}) {type}".Replace('+', '/');

    private static IEnumerable<string> Compiled(TypeDefinition type, string outer)
    {
        var name = outer.Length > 0 ? $"{outer}/{type.Name}" : $"{type.Namespace}.{type.Name}";
        if (type.IsEnum)
        {
            return [name, .. type.Fields.Where(field => field.HasConstant).Select(field => $"{name} {field.Name} = {field.Constant}")];
        }

        if (type.BaseType?.Name == "MulticastDelegate")
        {
            return [$"{name} {Signature(type.Methods.Single(method => method.Name == "Invoke"))}"];
        }

        return
        [
            name,
            .. type.Methods.Where(method => Seen(method) && (!method.IsSpecialName || method.IsConstructor || method.Name.StartsWith("op_", StringComparison.Ordinal)))
                .Select(method => $"{name} {Signature(method)}"),
            .. type.Properties.Where(property => Seen(property.GetMethod) || Seen(property.SetMethod))
                .Select(property => $"{name} {Signature(property.Name, property.Parameters.Select(parameter => parameter.ParameterType.FullName), property.PropertyType.FullName)}"),
            .. type.Fields.Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly)
                .Select(field => $"{name} {Signature(field.Name, [], field.FieldType.FullName)}"),
            .. type.NestedTypes.Where(nested => nested.IsNestedPublic || nested.IsNestedFamily).SelectMany(nested => Compiled(nested, name)),
        ];
    }

    private static string Signature(MethodDefinition method) =>
        Signature(method.Name, method.Parameters.Select(parameter => parameter.ParameterType.FullName), method.ReturnType.FullName);

    private static bool Seen(MethodDefinition? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static IEnumerable<JsonElement> Array(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
