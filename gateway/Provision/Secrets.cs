namespace Quartier.Provision;

/// <summary>Where the tool gets a secret from: the command line, else the environment, else the person at the keyboard, unseen. A
/// command line can be read by everybody on the machine, and the shell keeps it.</summary>
public sealed class Secrets(Report report)
{
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

    private static string Ask(string question)
    {
        Console.Error.Write(question + " ");
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

        Console.Error.WriteLine();
        return new string([.. typed]);
    }
}
