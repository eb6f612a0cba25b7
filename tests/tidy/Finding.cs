namespace Quartier.Tests.Tidy;

/// <summary>One broken house rule: where, what, and what to do instead.</summary>
public sealed record Finding(string Path, int Line, string What)
{
    public override string ToString() => $"{Path}({Line}): {What}";
}

/// <summary>One tracked text file: path under the root with forward slashes, and its text.</summary>
public sealed record SourceFile(string Path, string Text)
{
    public string[] Lines => Text.Split('\n');

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);
}
