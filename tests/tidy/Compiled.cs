using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mono.Cecil;
using Xunit;

namespace Quartier.Tests.Tidy;

/// <summary>An assembly made for one example, beside a stand-in for another of ours that it can refer to.</summary>
internal static class Compiled
{
    private const string Board = """
        namespace Quartier.Board;
        public sealed class Flash { public static void Wipe() { } }
        public sealed class MarkedAttribute : System.Attribute { }
        """;

    private static readonly MetadataReference[] Framework =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => !Path.GetFileName(path).StartsWith("Quartier.", StringComparison.Ordinal)).Select(path => MetadataReference.CreateFromFile(path))];

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
