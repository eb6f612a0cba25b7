using System.CommandLine;
using Quartier.Gateway.Ingest;

namespace Quartier.Gateway.Host.Commands;

/// <summary>encode --fport N FIELDS: the inverse of decode.</summary>
public static class EncodeCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--fport") { Description = $"LoRaWAN port: {PodFormats.Named}.", Required = true };
        var fields = new Argument<string>("fields") { Description = "The fields as decode --json prints them, one JSON object; - reads it from standard input." };
        var json = CommandLine.JsonOption();
        var command = new Command("encode", "Encodes a device frame to hexadecimal. Exit code 1 when a field is wrong or out of range.") { port, fields, json };
        command.SetAction(parsed => Encode(parsed.GetRequiredValue(port), parsed.GetRequiredValue(fields), parsed.GetValue(json)));
        return command;
    }

    private static int Encode(int port, string fields, bool json)
    {
        var frame = ShelterFields.Encode(port, fields == "-" ? Console.In.ReadToEnd() : fields, out var fault);
        if (frame is null)
        {
            if (json)
            {
                CommandLine.WriteJson(new { outcome = "refused", reason = RefusalReason.InvalidField.Slug(), detail = fault });
            }
            else
            {
                Console.Error.WriteLine(fault);
            }

            return CommandLine.RefusedInput;
        }

        var hex = Convert.ToHexStringLower(frame);
        if (json)
        {
            CommandLine.WriteJson(new { outcome = "encoded", fPort = port, hex, bytes = frame.Length });
        }
        else
        {
            Console.WriteLine(hex);
        }

        return CommandLine.Done;
    }
}
