using System.Runtime.InteropServices;

namespace Quartier.Provision;

/// <summary>Where the tool gets a secret from: the command line, else the environment, else the person at the keyboard, unseen. A
/// command line can be read by everybody on the machine, and the shell keeps it.</summary>
public sealed class Secrets(Report report)
{
    /// <summary>More than any libc's struct termios; c_lflag is its fourth 32-bit word.</summary>
    private const int TermiosBytes = 256;
    private const int LocalFlagsAt = 12;
    private const int Echo = 8;

    /// <param name="option">Its name, for the note.</param>
    /// <returns>Empty where nobody can be asked.</returns>
    public string Take(string? given, string option, string variable, string german, string inEnglish)
    {
        if (given is not null)
        {
            report.Progress($"Hinweis: {option} steht für alle auf diesem Rechner lesbar in der Prozessliste; besser weglassen, dann wird gefragt, oder {variable} setzen.",
                $"note: everybody on this machine can read {option} in the list of processes; leave it out to be asked, or set {variable}.");
            return given;
        }

        return Environment.GetEnvironmentVariable(variable) ?? (Console.IsInputRedirected ? "" : Ask(report.Text(german, inEnglish)));
    }

    // Unseen before the question stands there: a password that is pasted at once would be shown.
    private static string Ask(string question)
    {
        var settings = new byte[TermiosBytes];
        var known = OperatingSystem.IsLinux() && tcgetattr(0, settings) == 0;
        if (known)
        {
            byte[] unseen = [.. settings];
            unseen[LocalFlagsAt] = (byte)(unseen[LocalFlagsAt] & ~Echo);
            _ = tcsetattr(0, 0, unseen);
        }

        Console.Error.Write(question + " ");
        var typed = Typed();
        if (known)
        {
            _ = tcsetattr(0, 0, settings);
        }

        Console.Error.WriteLine();
        return typed;
    }

    private static string Typed()
    {
        var typed = new List<char>();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.RemoveRange(Math.Max(0, typed.Count - 1), Math.Min(1, typed.Count));
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Add(key.KeyChar);
            }
        }

        return new string([.. typed]);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int tcgetattr(int file, byte[] settings);

    [DllImport("libc", SetLastError = true)]
    private static extern int tcsetattr(int file, int when, byte[] settings);
}
