using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Quartier.Tests.Tidy;

/// <summary>Which project may know which: the table of docs/architecture.md.</summary>
internal static partial class Arrows
{
    private static readonly string[] Firmware = ["Wire", "Board", "Screen", "Drivers", "Provisioning", "Shelter", "Kiosk"];

    /// <summary>Folder prefix → assemblies it may reference. The first prefix that fits decides.</summary>
    private static readonly (string Folder, string[] May)[] Table =
    [
        ("firmware/wire", []),
        ("firmware/board", []),
        ("firmware/screen", []),
        ("firmware/drivers", ["Board"]),
        ("firmware/provisioning", ["Wire", "Board"]),
        ("firmware/shelter", ["Wire", "Board", "Provisioning"]),
        ("firmware/kiosk", ["Wire", "Board", "Screen", "Provisioning"]),
        ("firmware/device", [.. Firmware, "Device"]),
        ("gateway/Mqtt", []),
        ("gateway/Raster", ["Screen"]),
        ("gateway/Provision", ["Wire"]),
        ("gateway/Gateway/Outputs/Preview", ["Wire", "Mqtt", "Board", "Screen", "Kiosk", "Raster", "Gateway"]),
        ("gateway/Gateway", ["Wire", "Mqtt", "Raster", "Gateway"]),
        ("simulator/demo", ["Gateway"]),
        ("simulator", [.. Firmware, "Gateway", "Mqtt", "Raster", "Simulator.Demo"]),
    ];

    /// <summary>Projects as wholes: the gateway project may reference the screen's parts for the editors' preview only,
    /// which the folder row above narrows to Outputs/Preview.</summary>
    private static readonly string[] GatewayProject = ["Wire", "Mqtt", "Board", "Screen", "Kiosk", "Raster"];

    /// <summary>Usings and full names, in C# and in razor pages. CompiledArrows sees more, but not constants, and not the device's
    /// own projects, which no desktop build compiles.</summary>
    public static IEnumerable<Finding> OfSources(SourceFile file)
    {
        if (MayKnow(file.Path) is not { } may)
        {
            yield break;
        }

        var own = OwnAssembly(file.Path);
        foreach (var (line, index) in file.Lines.Select((line, index) => (line, index)))
        {
            foreach (var other in FullName().Matches(Code(line)).Select(match => match.Groups[1].Value).Distinct())
            {
                if (other != own && !may.Contains(other))
                {
                    yield return new Finding(file.Path, index + 1,
                        $"{FolderOf(file.Path)} may not know Quartier.{other}; the table in docs/architecture.md allows {Said(may)}");
                }
            }
        }
    }

    public static IEnumerable<Finding> OfProject(SourceFile project)
    {
        if (MayKnow(project.Path) is not { } may)
        {
            yield break;
        }

        may = project.Path == "gateway/Gateway/Gateway.csproj" ? GatewayProject : may;
        foreach (var include in XDocument.Parse(project.Text).Descendants("ProjectReference").Select(r => (string?)r.Attribute("Include") ?? ""))
        {
            var other = Path.GetFileNameWithoutExtension(include.Replace('\\', '/'));
            if (!may.Contains(other))
            {
                yield return new Finding(project.Path, 1, $"may not reference {other}; allowed: {Said(may)}");
            }
        }
    }

    /// <returns>Null where the table says nothing, as of tests.</returns>
    public static string[]? MayKnow(string path) =>
        Table.Where(row => path.StartsWith(row.Folder + "/", StringComparison.Ordinal)).Select(row => row.May).FirstOrDefault();

    private static string FolderOf(string path) =>
        Table.First(row => path.StartsWith(row.Folder + "/", StringComparison.Ordinal)).Folder;

    private static string OwnAssembly(string path)
    {
        var folder = FolderOf(path);
        var last = folder.StartsWith("gateway/Gateway", StringComparison.Ordinal) ? "Gateway"
            : folder.StartsWith("simulator", StringComparison.Ordinal) ? "Simulator" : folder[(folder.LastIndexOf('/') + 1)..];
        return char.ToUpperInvariant(last[0]) + last[1..];
    }

    public static string Said(string[] may) => may.Length == 0 ? "nothing" : string.Join(", ", may);

    /// <summary>A line without its comment and its texts, which may speak of anything.</summary>
    private static string Code(string line) => Text().Replace(line.Split("//")[0], "\"\"");

    [GeneratedRegex(@"(?<![\w.])Quartier\.([A-Za-z]+)")]
    private static partial Regex FullName();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();
}
