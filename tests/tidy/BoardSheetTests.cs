using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Tidy;

/// <summary>Module, image, watchdog and commands of each board: named once, fitting one another, printed where somebody works.</summary>
public sealed partial class BoardSheetTests
{
    public static TheoryData<string> Boards => ["Kiosk", "Shelter"];

    /// <summary>Flashed by name, an image without Graphics starts, and the screen stays dark.</summary>
    [SharedDataTheory]
    [MemberData(nameof(Boards))]
    public void The_image_has_every_native_assembly_that_the_packages_ask_for(string board)
    {
        using var images = BoardSheet.Api("images.json");
        Assert.Empty(BoardSheet.Read(board).Missing(images.RootElement));
        Assert.True(BoardSheet.Read(board).Natives().Count >= 10);
    }

    [SharedDataTheory]
    [InlineData("ESP32_PSRAM_REV3", "nanoFramework.Graphics")]
    [InlineData("ESP32_GenericDisplay_REV0", "no PSRAM")]
    [InlineData("M5Core2", "generic driver")]
    [InlineData("ESP32_NOT_THERE", "there is no image")]
    public void An_image_that_lacks_something_is_found(string image, string lack)
    {
        using var images = BoardSheet.Api("images.json");
        var findings = (BoardSheet.Read("Kiosk") with { Image = image }).Missing(images.RootElement).ToList();
        Assert.Contains(findings, finding => finding.Contains(lack, StringComparison.Ordinal));
    }

    /// <summary>500 offers of 1.2 kB in two generations; a pod keeps names and alarms.</summary>
    [SharedDataTheory]
    [InlineData("Kiosk", 500 * 1200 * 2)]
    [InlineData("Shelter", 64 * 1024)]
    public void The_modules_flash_holds_what_the_board_must_keep(string board, int bytes)
    {
        using var images = BoardSheet.Api("images.json");
        Assert.True(BoardSheet.Read(board).Partition(images.RootElement, "config") >= bytes);
    }

    [SharedDataFact]
    public void The_screens_files_have_three_megabytes_and_a_4_MB_module_would_leave_a_quarter_of_one()
    {
        using var images = BoardSheet.Api("images.json");
        var screen = BoardSheet.Read("Kiosk");
        Assert.Equal(3 * 1024 * 1024, screen.Partition(images.RootElement, "config"));
        Assert.Equal(256 * 1024, (screen with { Module = "ESP32-WROVER-E-N4R8" }).Partition(images.RootElement, "config"));
    }

    /// <summary>The platform cannot say how large its file system is, so the program is told.</summary>
    [SharedDataTheory]
    [MemberData(nameof(Boards))]
    public void The_program_is_told_the_partition_of_the_boards_module(string board)
    {
        using var images = BoardSheet.Api("images.json");
        var sheet = BoardSheet.Read(board);
        Assert.Contains($"FileFlash.PartitionOf{sheet.FlashMegabytes}Mb)", File.ReadAllText(Checkout.PathTo("firmware", "device", board.ToLowerInvariant(), "Program.cs")), StringComparison.Ordinal);
        var told = Regex.Match(File.ReadAllText(Checkout.PathTo("firmware", "device", "esp32", "FileFlash.cs")), $@"PartitionOf{sheet.FlashMegabytes}Mb = ([0-9 *]+);").Groups[1].Value;
        Assert.Equal(sheet.Partition(images.RootElement, "config"), told.Split('*').Aggregate(1, (product, factor) => product * int.Parse(factor)));
    }

    [Theory]
    [MemberData(nameof(Boards))]
    public void The_parts_list_has_the_boards_module(string board)
    {
        var sheet = BoardSheet.Read(board);
        Assert.Equal(sheet.Module, Part(board, "ESP32 module with PSRAM")[1]);
        Assert.True(sheet.PsramMegabytes >= 2);
        Assert.True(File.Exists(Checkout.PathTo("firmware", "device", board.ToLowerInvariant(), $"{sheet.Application}.nfproj")));
    }

    [Fact]
    public void No_page_names_another_image()
    {
        string[] images = [BoardSheet.Read("Kiosk").Image, BoardSheet.Read("Shelter").Image];
        foreach (var page in Pages())
        {
            Assert.All(ImageName().Matches(File.ReadAllText(page)), name => Assert.Contains(name.Value, images));
        }
    }

    [SharedDataTheory]
    [MemberData(nameof(Boards))]
    public void What_is_done_on_the_bench_follows_board_packages_and_image(string board) =>
        Golden.Matches($"{BoardSheet.Read(board).Folder}/flashing.txt", BoardSheet.Read(board).Flashing());

    [Theory]
    [MemberData(nameof(Boards))]
    public void Bring_up_has_the_very_lines_that_the_command_prints(string board)
    {
        var folder = BoardSheet.Read(board).Folder;
        var (code, printed) = Run("board", board.ToLowerInvariant());
        Assert.Equal(0, code);
        Assert.Equal(File.ReadAllText(Checkout.PathTo(folder, "flashing.txt")), printed);
        Assert.Contains($"```text\n{printed}```\n", File.ReadAllText(Checkout.PathTo(folder, "bring-up.md")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("board")]
    [InlineData("board", "toaster")]
    [InlineData("board", "../kiosk")]
    public void A_board_that_there_is_not_is_a_wrong_use_that_names_those_that_are(params string[] arguments)
    {
        var (code, printed) = Run(arguments);
        Assert.Equal((2, ""), (code, printed));
    }

    /// <summary>The part's data sheet: R in units of 100 ohms, T = (a R² + b R + c) / 100 seconds, for intervals of 100 to 1000 s. The
    /// resistor and the timer may each be 1 % off.</summary>
    [Theory]
    [MemberData(nameof(Boards))]
    public void The_watchdog_timer_waits_longer_than_the_programs_own_patience_and_the_module_restarts_within_seven_minutes(string board)
    {
        Assert.StartsWith("TPL5010", Part(board, "watchdog timer")[1], StringComparison.Ordinal);
        var row = Part(board, "watchdog interval");
        var kilohms = double.Parse(Regex.Match(row[3 + 1], "any ([0-9.]+) kOhm 1 percent").Groups[1].Value, CultureInfo.InvariantCulture);
        var nominal = Seconds(kilohms);
        Assert.Contains($"{nominal:F0} s ", row[5], StringComparison.Ordinal);
        var program = File.ReadAllText(Checkout.PathTo("firmware", "device", board.ToLowerInvariant(), "Program.cs"));
        var patience = int.Parse(Patience().Match(program).Groups[1].Value);
        Assert.True(Seconds(kilohms * 0.99) * 0.99 > patience + 30, $"the part resets a board that its own timer would have restarted: {nominal} s");
        Assert.True(Seconds(kilohms * 1.01) * 1.01 * 2 < 420, "a pulse just after one look, the hang, the next look without one: two intervals");
        Assert.Matches(@"^watchdog jumper,", string.Join('\n', File.ReadAllLines(Checkout.PathTo(BoardSheet.Read(board).Folder, "bom.csv")).Where(line => line.StartsWith("watchdog jumper", StringComparison.Ordinal))));
    }

    [Theory]
    [MemberData(nameof(Boards))]
    public void The_watchdog_timer_is_wired_to_a_pin_and_fed_by_the_program(string board)
    {
        var pins = File.ReadAllText(Checkout.PathTo(BoardSheet.Read(board).Folder, "pins.csv"));
        Assert.Matches(@"\nWatchdogDone,[0-9]+,watchdog,out,none,3\.3,over 1 kOhm to TPL5010 DONE; there 100 kOhm pull-down and test pad; RSTn over jumper WATCHDOG to EN\n", pins);
        Assert.Contains("new BoardWatchdog(gpio, Pins.WatchdogDone, PatienceSeconds)", File.ReadAllText(Checkout.PathTo("firmware", "device", board.ToLowerInvariant(), "Program.cs")), StringComparison.Ordinal);
    }

    private static double Seconds(double kilohms)
    {
        var r = kilohms * 10;
        return ((0.2617 * r * r) - (56.2407 * r) + 5957.7934) / 100;
    }

    private static string[] Part(string board, string part) =>
        Assert.Single(File.ReadAllLines(Checkout.PathTo(BoardSheet.Read(board).Folder, "bom.csv")).Select(line => line.Split(',')), row => row[0] == part);

    private static IEnumerable<string> Pages() =>
        new[] { "hardware", "docs", Path.Combine("firmware", "device") }.SelectMany(folder => Directory.GetFiles(Checkout.PathTo(folder), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(Checkout.PathTo("hardware"), "*.csv", SearchOption.AllDirectories))
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}decisions{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static (int Code, string Printed) Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", [Checkout.PathTo("quartier"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = process.StandardError.ReadToEndAsync();
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, printed);
    }

    [GeneratedRegex(@"\bESP32_[A-Z0-9_]+", RegexOptions.IgnoreCase)]
    private static partial Regex ImageName();

    [GeneratedRegex("PatienceSeconds = ([0-9]+);")]
    private static partial Regex Patience();
}
