using System.Text;

namespace Quartier.Tests.Tidy;

/// <summary>hardware/*/pins.csv: the one place that says which signal is on which pin.</summary>
internal sealed record Pin(string Signal, int Gpio, string Part, string Direction, string Pull, string Voltage, string Note);

internal static class PinTable
{
    /// <summary>ESP32-WROVER: 6 to 11 carry the flash, 16 and 17 the PSRAM, 1 and 3 the debugger's port; 34 to 39 only read.</summary>
    private static readonly int[] Taken = [1, 3, 6, 7, 8, 9, 10, 11, 16, 17, 20, 24, 28, 29, 30, 31, 37, 38];

    public static List<Pin> Read(string csv) => csv.TrimEnd().Split('\n').Skip(1)
        .Select(line => line.Split(','))
        .Select(f => new Pin(f[0], int.Parse(f[1]), f[2], f[3], f[4], f[5], f[6]))
        .ToList();

    public static IEnumerable<Finding> Check(string path, IReadOnlyList<Pin> pins)
    {
        foreach (var twice in pins.GroupBy(pin => pin.Gpio).Where(group => group.Count() > 1))
        {
            yield return new Finding(path, 1, $"GPIO{twice.Key} is used twice: {string.Join(", ", twice.Select(pin => pin.Signal))}");
        }

        for (var row = 0; row < pins.Count; row++)
        {
            var pin = pins[row];
            if (Taken.Contains(pin.Gpio) || pin.Gpio is < 0 or > 39)
            {
                yield return new Finding(path, row + 2, $"{pin.Signal}: GPIO{pin.Gpio} is not free on the module");
            }

            if (pin.Gpio >= 34 && (!pin.Direction.Contains("in", StringComparison.Ordinal) || pin.Pull is "up" or "down"))
            {
                yield return new Finding(path, row + 2, $"{pin.Signal}: GPIO{pin.Gpio} only reads and has no pull resistor");
            }
        }
    }

    /// <summary>The board's constants as C#.</summary>
    public static string Constants(string board, IReadOnlyList<Pin> pins)
    {
        var code = new StringBuilder();
        code.Append($"// Made of hardware/{board.ToLowerInvariant()}/pins.csv; change that and run the tidy tests with UPDATE_GOLDEN=1.\n");
        code.Append($"namespace Quartier.{board}.Esp32\n{{\n    internal static class Pins\n    {{\n");
        foreach (var pin in pins)
        {
            code.Append($"        public const int {pin.Signal} = {pin.Gpio};\n");
        }

        return code.Append("    }\n}\n").ToString();
    }

    /// <summary>The wiring as a drawing: the module on the left with its pins, each part on the right with its signals.</summary>
    public static string Wiring(string board, string module, IReadOnlyList<Pin> pins)
    {
        const int Row = 26, Top = 70, ModuleLeft = 40, ModuleWidth = 200, PartLeft = 560, PartWidth = 380;
        var svg = new StringBuilder();
        var y = Top;
        var body = new StringBuilder();
        foreach (var part in pins.GroupBy(pin => pin.Part))
        {
            var height = (part.Count() * Row) + 30;
            body.Append($"<rect x=\"{PartLeft}\" y=\"{y}\" width=\"{PartWidth}\" height=\"{height}\" rx=\"6\" fill=\"#eef4e8\" stroke=\"#3d5a2a\" stroke-width=\"1.5\"/>\n");
            body.Append($"<text x=\"{PartLeft + 12}\" y=\"{y + 20}\" font-weight=\"bold\">{Escaped(part.Key)}</text>\n");
            var line = y + 30;
            foreach (var pin in part)
            {
                var middle = line + (Row / 2);
                var color = pin.Direction switch { "out" => "#8a3b12", "in" => "#1f4e5f", _ => "#4b3f72" };
                body.Append($"<line x1=\"{ModuleLeft + ModuleWidth}\" y1=\"{middle}\" x2=\"{PartLeft}\" y2=\"{middle}\" stroke=\"{color}\" stroke-width=\"2\"/>\n");
                body.Append($"<text x=\"{ModuleLeft + ModuleWidth - 10}\" y=\"{middle + 5}\" text-anchor=\"end\">GPIO{pin.Gpio}</text>\n");
                body.Append($"<text x=\"{ModuleLeft + ModuleWidth + 20}\" y=\"{middle - 4}\" font-size=\"12\" fill=\"{color}\">{pin.Signal} ({Escaped(pin.Direction)}{(pin.Pull == "none" ? "" : ", pull " + pin.Pull)})</text>\n");
                body.Append($"<text x=\"{PartLeft + 12}\" y=\"{middle + 5}\" font-size=\"11\">{Escaped(pin.Note)}</text>\n");
                line += Row;
            }

            y += height + 14;
        }

        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 980 {y + 20}\" font-family=\"DejaVu Sans, Arial, sans-serif\" font-size=\"14\" role=\"img\" aria-label=\"Wiring of the {board.ToLowerInvariant()} board\">\n");
        svg.Append($"<rect width=\"980\" height=\"{y + 20}\" fill=\"#ffffff\"/>\n<text x=\"40\" y=\"40\" font-size=\"20\" font-weight=\"bold\">Wiring of the {board.ToLowerInvariant()} board</text>\n");
        svg.Append($"<rect x=\"{ModuleLeft}\" y=\"{Top}\" width=\"{ModuleWidth}\" height=\"{y - Top - 14}\" rx=\"8\" fill=\"#e8f1f2\" stroke=\"#1f4e5f\" stroke-width=\"2\"/>\n");
        svg.Append($"<text x=\"{ModuleLeft + 12}\" y=\"{Top + 22}\" font-weight=\"bold\">{module}</text>\n");
        return svg.Append(body).Append("</svg>\n").ToString();
    }

    private static string Escaped(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;");
}
