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
        Golden.Matches(PathOf(board, "wiring.svg"), PinTable.Wiring(board, BoardSheet.Read(board).Module, Pins(board)));

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
        Assert.Contains($"\ndeploy   {board}.Esp32 ", page, StringComparison.Ordinal);
    }

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
