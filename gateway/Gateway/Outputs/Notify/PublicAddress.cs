namespace Quartier.Gateway.Outputs.Notify;

/// <summary>Where people reach the console, asked for while a letter leaves: the host may learn its port only when it listens.</summary>
public sealed class PublicAddress(Func<string> current)
{
    public string Current => current();
}
