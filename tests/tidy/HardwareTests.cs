using System.Text.Json;
using System.Text.RegularExpressions;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Tidy;

/// <summary>Wiring, parts list and bring-up agree with the code.</summary>
public sealed partial class HardwareTests
{
    [Theory]
    [InlineData("Shelter")]
    [InlineData("Kiosk")]
    public void Pins_are_used_once_and_can_do_what_is_asked_of_them(string board)
    {
        var findings = PinTable.Check(PathOf(board, "pins.csv"), Pins(board)).ToList();
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Fact]
    public void A_pin_used_twice_and_an_input_only_pin_as_output_are_found()
    {
        var pins = PinTable.Read("signal,gpio,part,direction,pull,voltage,note\nA,34,lamp,out,none,3.3,x\nB,34,lamp,in,none,3.3,x\nC,16,lamp,out,none,3.3,x\n");
        Assert.Equal(3, PinTable.Check("pins.csv", pins).Count());
    }

    [Theory]
    [InlineData("Shelter")]
    [InlineData("Kiosk")]
    public void Board_constants_follow_the_pin_table(string board) =>
        Golden.Matches($"firmware/device/{board.ToLowerInvariant()}/Pins.cs", PinTable.Constants(board, Pins(board)));

    [Theory]
    [InlineData("Shelter")]
    [InlineData("Kiosk")]
    public void The_wiring_is_drawn_from_the_pin_table(string board) =>
        Golden.Matches(PathOf(board, "wiring.svg"), PinTable.Wiring(board, Pins(board)));

    [Theory]
    [InlineData("Shelter")]
    [InlineData("Kiosk")]
    public void Bring_up_names_every_seam_of_the_board(string board)
    {
        var boards = File.ReadAllText(Checkout.PathTo("firmware", "board", "Boards.cs"));
        var body = boards[boards.IndexOf($"class {board}Board", StringComparison.Ordinal)..];
        body = body[..body.IndexOf("\n    }", StringComparison.Ordinal)];
        var bringUp = File.ReadAllText(Checkout.PathTo(PathOf(board, "bring-up.md")));
        foreach (Match seam in Seam().Matches(body))
        {
            Assert.Contains(seam.Groups[1].Value, bringUp, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Shelter", "Scd41", "SCD41")]
    [InlineData("Shelter", "Rak3172", "RAK3172")]
    public void Every_driver_has_its_part_in_the_list(string board, string driver, string part)
    {
        Assert.True(File.Exists(Checkout.PathTo("firmware", "drivers", driver + ".cs")));
        Assert.Contains(part, File.ReadAllText(Checkout.PathTo(PathOf(board, "bom.csv"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Shelter")]
    [InlineData("Kiosk")]
    public void Every_row_of_the_parts_list_has_count_price_and_alternative(string board)
    {
        foreach (var row in File.ReadAllLines(Checkout.PathTo(PathOf(board, "bom.csv"))).Skip(1))
        {
            var fields = row.Split(',');
            Assert.Equal(6, fields.Length);
            Assert.True(int.Parse(fields[2]) > 0 && decimal.Parse(fields[3], System.Globalization.CultureInfo.InvariantCulture) > 0 && fields.All(field => field.Length > 0), row);
        }
    }

    /// <summary>Flashed by name, an image without Graphics starts, and the screen stays dark.</summary>
    [Fact]
    public void Every_page_names_the_same_image_to_flash() =>
        Assert.Equal(Image, Assert.Single(Pages.SelectMany(page => ImageName().Matches(page)).Select(name => name.Value).Distinct()));

    [SharedDataFact]
    public void The_image_to_flash_has_graphics_and_the_panels_driver()
    {
        using var described = Api("images.json");
        var image = described.RootElement.GetProperty("images").GetProperty(Image);
        Assert.Contains("nanoframework_graphics", Texts(image, "apis"));
        Assert.Contains("generic_spi", Texts(image, "display"));
        Assert.Contains("system_net", Texts(image, "apis"));
        Assert.True(image.GetProperty("psram").GetBoolean());
    }

    /// <summary>Package and image are a pair: the table in the firmware's README is what both projects use.</summary>
    [Fact]
    public void The_packages_of_the_pair_are_those_that_the_boards_use()
    {
        var used = new[] { "kiosk", "shelter" }.SelectMany(board => Used().Matches(File.ReadAllText(Checkout.PathTo("firmware", "device", board, "packages.config"))))
            .Select(package => (package.Groups[1].Value, package.Groups[2].Value)).ToHashSet();
        Assert.Contains("nanoFramework.System.Net", Pair.Select(row => row.Package));
        Assert.All(Pair, row => Assert.Contains((row.Package, row.Version), used));
    }

    [SharedDataFact]
    public void The_native_versions_of_the_pair_are_those_that_the_packages_ask_for() =>
        Assert.All(Pair, row =>
        {
            using var described = Api((row.Package.EndsWith("CoreLibrary", StringComparison.Ordinal) ? "mscorlib" : row.Package.Replace("nanoFramework.System.", "System.", StringComparison.Ordinal)) + ".json");
            Assert.Equal((row.Version, row.Native), (described.RootElement.GetProperty("version").GetString(), described.RootElement.GetProperty("nativeVersion").GetString()));
        });

    /// <summary>Somebody stands before a board with this page: each command is one of ours, each quoted line one that it prints.</summary>
    [Theory]
    [InlineData("Shelter")]
    [InlineData("Kiosk")]
    public void Bring_up_gives_commands_that_exist_and_lines_that_are_printed(string board)
    {
        var page = File.ReadAllText(Checkout.PathTo(PathOf(board, "bring-up.md")));
        var tool = string.Concat(Directory.GetFiles(Checkout.PathTo("gateway", "Provision"), "*.cs").Select(File.ReadAllText));
        var commands = File.ReadAllText(Checkout.PathTo("quartier"));
        Assert.All(Command().Matches(page), command =>
        {
            Assert.Contains($"\n  {command.Groups[1].Value} ", commands, StringComparison.Ordinal);
            Assert.All(Option().Matches(command.Value), option => Assert.Contains($"\"{option.Value}\"", tool, StringComparison.Ordinal));
        });
        Assert.True(Quoted().Count(page) >= 3);
        Assert.All(Quoted().Matches(page), line => Assert.Contains(line.Groups[1].Value, tool, StringComparison.Ordinal));
        Assert.Contains($"deploy `{board}.Esp32`", page, StringComparison.Ordinal);
        Assert.True(File.Exists(Checkout.PathTo("firmware", "device", board.ToLowerInvariant(), $"{board}.Esp32.nfproj")));
    }

    private const string Image = "ESP32_PSRAM_REV3_IPV6";

    private static string[] Pages =>
        [.. new[] { "firmware/device/README.md", "hardware/kiosk/bring-up.md", "hardware/shelter/bring-up.md" }.Select(page => File.ReadAllText(Checkout.PathTo(page)))];

    private static List<(string Package, string Version, string Native)> Pair =>
        [.. Row().Matches(Pages[0]).Select(row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value))];

    private static JsonDocument Api(string file) => JsonDocument.Parse(File.ReadAllText(SharedData.PathTo("..", "nanoframework-api", file)));

    private static IEnumerable<string?> Texts(JsonElement element, string name) => element.GetProperty(name).EnumerateArray().Select(text => text.GetString());

    [GeneratedRegex(@"\bESP32_[A-Z0-9_]+", RegexOptions.IgnoreCase)]
    private static partial Regex ImageName();

    [GeneratedRegex(@"^\| (nanoFramework\.[A-Za-z0-9.]+) \| ([0-9.]+) \| ([0-9.]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("id=\"([^\"]+)\" version=\"([^\"]+)\"")]
    private static partial Regex Used();

    [GeneratedRegex(@"\./quartier ([a-z]+)[^`]*")]
    private static partial Regex Command();

    [GeneratedRegex("--[a-z-]+")]
    private static partial Regex Option();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();

    private static string PathOf(string board, string file) => $"hardware/{board.ToLowerInvariant()}/{file}";

    private static List<Pin> Pins(string board) => PinTable.Read(File.ReadAllText(Checkout.PathTo(PathOf(board, "pins.csv"))));

    [GeneratedRegex(@"public (I[A-Za-z0-9]+) ")]
    private static partial Regex Seam();
}
