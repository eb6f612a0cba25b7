using System.CommandLine;
using Quartier.Raster.Fonts;

namespace Quartier.Gateway.Host.Commands;

/// <summary>fonts: builds the screens' fonts from Debian's DejaVu, byte for byte the same on every machine.</summary>
public static class FontsCommand
{
    public static Command Create()
    {
        var source = new Option<string>("--source") { Description = "Folder of the TrueType files.", DefaultValueFactory = _ => FontBuilder.DefaultSource };
        var target = new Option<string>("--out") { Description = "Folder for the .tinyfnt files and coverage.md.", DefaultValueFactory = _ => Path.Combine("firmware", "screen", "fonts") };
        var command = new Command("fonts", "Builds the screens' fonts and their coverage report.") { source, target };
        command.SetAction(parsed => Build(parsed.GetRequiredValue(source), parsed.GetRequiredValue(target)));
        return command;
    }

    private static int Build(string source, string target)
    {
        if (FontBuilder.AbsentSources(source) is [var absent, ..])
        {
            Console.Error.WriteLine($"{absent} is absent: apt-get install {FontBuilder.DebianPackage}");
            return CommandLine.RefusedInput;
        }

        Directory.CreateDirectory(target);
        var built = FontBuilder.BuildAll(source);
        foreach (var (name, file) in built)
        {
            File.WriteAllBytes(Path.Combine(target, $"{name}.tinyfnt"), file);
            Console.WriteLine($"{name}.tinyfnt  {file.Length} bytes");
        }

        File.WriteAllText(Path.Combine(target, "coverage.md"), FontBuilder.CoverageReport(built));
        return CommandLine.Done;
    }
}
