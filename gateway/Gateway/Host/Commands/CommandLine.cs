using System.CommandLine;
using System.CommandLine.Parsing;
using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Quartier.Gateway.Host.Commands;

/// <summary>What all commands share: options, exit codes, the form of their JSON.</summary>
public static class CommandLine
{
    public const int Done = 0;
    public const int RefusedInput = 1;
    public const int WrongUsage = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>--json: one JSON object a line instead of words for people.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "One JSON object a line, for scripts." };

    /// <summary>--data DIR: the store to work on.</summary>
    public static Option<string> DataOption() => new("--data")
    {
        Description = "Folder of the store.",
        DefaultValueFactory = _ => Path.Combine(Directory.GetCurrentDirectory(), "quartier-data"),
    };

    public static int Run(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return Invoke(parsed);
        }

        foreach (var error in parsed.Errors)
        {
            Console.Error.WriteLine(error.Message);
        }

        Console.Error.WriteLine($"Try: {Typed(parsed.CommandResult)} --help");
        return WrongUsage;
    }

    /// <summary>A file or folder that cannot be used is a mistake of usage, said in one line; anything else is ours and shows its trace.</summary>
    private static int Invoke(ParseResult parsed)
    {
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (IOException fault)
        {
            return Usage(fault.Message);
        }
        catch (UnauthorizedAccessException fault)
        {
            return Usage(fault.Message);
        }
        catch (DbException fault)
        {
            return Usage($"The store cannot be used: {fault.Message}");
        }
    }

    /// <summary>A command with those it belongs to, as it is typed.</summary>
    private static string Typed(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{Typed(parent)} {command.Command.Name}" : "./quartier";

    public static void WriteJson(object line) => Console.Out.WriteLine(JsonSerializer.Serialize(line, Json));

    /// <summary>Says what is wrong with the usage; for what the parser cannot know.</summary>
    public static int Usage(string message)
    {
        Console.Error.WriteLine(message);
        return WrongUsage;
    }
}
