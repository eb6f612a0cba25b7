using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Quartier.Tests.Support;

namespace Quartier.Tests.Tidy;

/// <summary>hardware/*/board.csv: the one place that says which module, image and application a board has. What somebody does with a
/// board on the bench (flashing.txt) is made of it, of the packages that the application uses, and of what is known of the images.</summary>
internal sealed record BoardSheet(string Board, string Module, string Image, string Application)
{
    /// <summary>In every image, so that no list of features names them.</summary>
    private static readonly string[] InEveryImage = ["mscorlib", "nanoFramework.Runtime.Events", "nanoFramework.Runtime.Native"];

    public string Folder => $"hardware/{Board.ToLowerInvariant()}";

    /// <summary>MB of flash, as the module's number says it: N16R8.</summary>
    public int FlashMegabytes => int.Parse(Regex.Match(Module, "-N([0-9]+)R[0-9]+$").Groups[1].Value);

    /// <summary>MB of PSRAM.</summary>
    public int PsramMegabytes => int.Parse(Regex.Match(Module, "-N[0-9]+R([0-9]+)$").Groups[1].Value);

    public static BoardSheet Read(string board)
    {
        var rows = File.ReadAllLines(Checkout.PathTo("hardware", board.ToLowerInvariant(), "board.csv")).Skip(1).Select(line => line.Split(',')).ToDictionary(f => f[0], f => f[1]);
        return new BoardSheet(board, rows["module"], rows["image"], rows["application"]);
    }

    public static JsonDocument Api(string file) => JsonDocument.Parse(File.ReadAllText(SharedData.PathTo("..", "nanoframework-api", file)));

    /// <summary>Every native assembly that the application's packages ask the image for, with its version.</summary>
    public List<(string Assembly, string Native)> Natives()
    {
        using var index = Api("index.json");
        var known = index.RootElement.GetProperty("assemblies").EnumerateArray().ToDictionary(one => one.GetProperty("package").GetString()!);
        var natives = new List<(string, string)>();
        foreach (var (package, version) in Packages())
        {
            using var described = Api(known[package].GetProperty("file").GetString()!);
            if (described.RootElement.GetProperty("version").GetString() != version)
            {
                throw new InvalidDataException($"{package} {version}: the described version is {described.RootElement.GetProperty("version")}");
            }

            if (described.RootElement.TryGetProperty("nativeVersion", out var native) && native.GetString() is { } number && number != "0.0.0.0")
            {
                natives.Add((known[package].GetProperty("assembly").GetString()!, number));
            }
        }

        return natives;
    }

    /// <summary>What the image lacks of what the board needs; nothing when they fit.</summary>
    public IEnumerable<string> Missing(JsonElement images)
    {
        if (!images.GetProperty("images").TryGetProperty(Image, out var image))
        {
            yield return $"there is no image {Image}";
            yield break;
        }

        string[] apis = [.. Texts(image, "apis")];
        foreach (var (assembly, _) in Natives().Where(native => !InEveryImage.Contains(native.Assembly)))
        {
            // The clock of the network comes with the network; the chip's own library is listed without its family name.
            var feature = assembly == "nanoFramework.Networking.Sntp" ? "system_net" : assembly.ToLowerInvariant().Replace('.', '_');
            if (!apis.Contains(feature) && !apis.Contains(feature.Replace("nanoframework_", "", StringComparison.Ordinal)))
            {
                yield return $"{Image} has no {assembly}";
            }
        }

        if (!image.GetProperty("psram").GetBoolean())
        {
            yield return $"{Image} uses no PSRAM";
        }

        if (!image.GetProperty("littlefs").GetBoolean())
        {
            yield return $"{Image} has no file system";
        }

        if (Packages().Any(package => package.Id == "nanoFramework.Graphics") && !Texts(image, "display").Contains("generic_spi"))
        {
            yield return $"{Image} has no generic driver for a panel";
        }
    }

    /// <summary>Bytes of a partition on this module under this image.</summary>
    public int Partition(JsonElement images, string name)
    {
        var series = images.GetProperty("images").GetProperty(Image).GetProperty("series").GetString()!.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        return images.GetProperty("partition_bytes").GetProperty(series).GetProperty($"{FlashMegabytes} MB").GetProperty(name).GetInt32();
    }

    /// <summary>The lines for the bench, in the order in which they are done.</summary>
    public string Flashing()
    {
        using var images = Api("images.json");
        var text = new StringBuilder();
        text.Append($"module   {Module}: {FlashMegabytes} MB of flash, {PsramMegabytes} MB of PSRAM\n");
        text.Append("connect  the module's own USB port, PORT below; the service port cannot flash\n");
        text.Append("jumper   take WATCHDOG off: the watchdog timer would reset the module while it is flashed\n");
        text.Append("look     nanoff --platform esp32 --serialport PORT --devicedetails --checkpsram\n");
        text.Append($"expect   flash {FlashMegabytes} MB and PSRAM; another size is another module\n");
        text.Append($"image    nanoff --target {Image} --update --masserase --partitiontablesize {FlashMegabytes} --fwversion VERSION --serialport PORT\n");
        text.Append($"expect   partitions deploy {Partition(images.RootElement, "deploy")} and config {Partition(images.RootElement, "config")} bytes; --masserase also deletes an identity\n");
        text.Append($"deploy   {Application} from Quartier.sln\n");
        text.Append("look     nanoff --nanodevice --devicedetails --serialport PORT\n");
        foreach (var (assembly, native) in Natives())
        {
            text.Append($"expect   {assembly} {native}\n");
        }

        text.Append("expect   none of these with another number: then VERSION was another one\n");
        return text.Append("jumper   put WATCHDOG on again\n").ToString();
    }

    private static IEnumerable<string> Texts(JsonElement element, string name) => element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!);

    private IEnumerable<(string Id, string Version)> Packages() =>
        Regex.Matches(File.ReadAllText(Checkout.PathTo("firmware", "device", Board.ToLowerInvariant(), "packages.config")), "id=\"([^\"]+)\" version=\"([^\"]+)\"")
            .Select(package => (package.Groups[1].Value, package.Groups[2].Value));
}
