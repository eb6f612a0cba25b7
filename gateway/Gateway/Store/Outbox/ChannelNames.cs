namespace Quartier.Gateway.Store.Outbox;

/// <summary>How a message says which channel it leaves by. They stand in the store.</summary>
public static class ChannelNames
{
    public const string Mail = "mail";

    /// <summary>Letters of a quarter without a mail server stay there.</summary>
    public const string Mailbox = "mailbox";

    /// <summary>No channel is configured.</summary>
    public const string Nobody = "nobody";

    /// <summary>The street-work team's webhook.</summary>
    public const string Team = "webhook";

    /// <summary>The planning backend's webhook, section Planning:Webhook.</summary>
    public const string Planning = "planning";
}
