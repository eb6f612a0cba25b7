using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mono.Cecil;
using Xunit;

namespace Quartier.Tests.Tidy;

/// <summary>Assemblies for the rules over compiled code: those of this build, and ones made for one example beside a stand-in for
/// another of ours that it can refer to.</summary>
internal static class Compiled
{
    private const string Board = """
        namespace Quartier.Board;
        public sealed class Flash { public static void Wipe() { } }
        public sealed class MarkedAttribute : System.Attribute { }
        """;

    private static readonly MetadataReference[] Framework =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => !Path.GetFileName(path).StartsWith("Quartier.", StringComparison.Ordinal)).Select(path => MetadataReference.CreateFromFile(path))];

    /// <param name="name">Without the "Quartier." before it.</param>
    public static AssemblyDefinition Read(string name) => AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, $"Quartier.{name}.dll"));

    public static AssemblyDefinition From(string name, string source)
    {
        var board = MetadataReference.CreateFromStream(Emit("Quartier.Board", Board, Framework));
        return AssemblyDefinition.ReadAssembly(Emit(name, source, [.. Framework, board]));
    }

    private static MemoryStream Emit(string name, string source, IEnumerable<MetadataReference> references)
    {
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        stream.Position = 0;
        return stream;
    }
}
