using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>The channels to the street-work team that the settings ask for. The mailbox is among them only where letters
/// are kept: anywhere else a letter that reached nobody must not look like one that arrived.</summary>
public static class TeamChannels
{
    /// <summary>Everything that street workers may read; what other parts send is not theirs.</summary>
    public static readonly IReadOnlyList<string> Names = [ChannelNames.Mailbox, ChannelNames.Nobody, ChannelNames.Mail, ChannelNames.Team];

    /// <param name="fill">Puts addresses where a payload names links and pages.</param>
    public static IReadOnlyList<IDeliveryChannel> From(NotifyOptions options, bool keepsLetters, HttpClient http, TimeProvider time, Func<string, string> fill)
    {
        var channels = new List<IDeliveryChannel> { keepsLetters ? new MailboxChannel() : new NobodyChannel() };
        if (options.Smtp is { } smtp)
        {
            channels.Add(new SmtpChannel(smtp, time, fill));
        }

        if (options.Webhook is { } webhook)
        {
            channels.Add(new WebhookChannel(ChannelNames.Team, webhook, http, time, fill));
        }

        return channels;
    }
}
