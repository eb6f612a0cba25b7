using System.CommandLine;
using Quartier.Gateway.Ingest;

namespace Quartier.Gateway.Host.Commands;

/// <summary>decode --fport N HEX: a device frame in words.</summary>
public static class DecodeCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--fport") { Description = $"LoRaWAN port: {PodFormats.Named}.", Required = true };
        var hex = new Argument<string>("hex") { Description = "The frame in hexadecimal; spaces are allowed." };
        var json = CommandLine.JsonOption();
        var command = new Command("decode", "Decodes a device frame. Exit code 1 when the bytes are not a frame of that port.") { port, hex, json };
        command.SetAction(parsed => Decode(parsed.GetRequiredValue(port), parsed.GetRequiredValue(hex), parsed.GetValue(json)));
        return command;
    }

    private static int Decode(int port, string hex, bool json)
    {
        var digits = hex.Replace(" ", "", StringComparison.Ordinal);
        if (digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit))
        {
            return CommandLine.Usage($"\"{hex}\" is not hexadecimal.");
        }

        var bytes = Convert.FromHexString(digits);
        var format = PodFormats.All.At(port);
        if (format?.Decode(bytes) is not { } payload)
        {
            var reason = format is null ? RefusalReason.UnknownPort : RefusalReason.InvalidPayload;
            var detail = $"port {port}, {bytes.Length} bytes";
            if (json)
            {
                CommandLine.WriteJson(new { outcome = "refused", reason = reason.Slug(), detail });
            }
            else
            {
                Console.Error.WriteLine($"{reason.Slug()}: {detail}");
            }

            return CommandLine.RefusedInput;
        }

        var fields = ShelterFields.Of(payload);
        if (json)
        {
            CommandLine.WriteJson(new { outcome = "decoded", fPort = port, fields });
            return CommandLine.Done;
        }

        foreach (var (name, value) in fields)
        {
            Console.WriteLine($"{name,-20} {value ?? "unknown"}");
        }

        return CommandLine.Done;
    }
}
