using Quartier.Gateway.Domain.Alerts;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Outputs.Notify;

public enum SmtpSecurity
{
    /// <summary>STARTTLS, and no mail where the server does not offer it.</summary>
    StartTls,

    /// <summary>STARTTLS where the server offers it, else plain text; the password only under TLS.</summary>
    StartTlsIfOffered,

    /// <summary>TLS from the first byte (port 465).</summary>
    Tls,

    /// <summary>Plain text: for a mail server on the same machine only.</summary>
    None,
}

/// <summary>Outgoing mail server. Section Notify:Smtp of appsettings.json.</summary>
public sealed record SmtpOptions
{
    public string Host { get; init; } = "";
    public int Port { get; init; } = 587;
    public SmtpSecurity Security { get; init; } = SmtpSecurity.StartTls;
    public string? User { get; init; }
    public string? Password { get; init; }
    public string From { get; init; } = "";
}

/// <summary>Where signed CloudEvents go. Sections Notify:Webhook and Planning:Webhook.</summary>
public sealed record WebhookOptions
{
    private const int SecretMin = 16;

    public string Url { get; init; } = "";

    /// <summary>Shared with the receiver; at least 16 characters.</summary>
    public string Secret { get; init; } = "";

    /// <param name="section">Its name in appsettings.json: Notify:Webhook.</param>
    public IEnumerable<string> Faults(string section)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || (url.Scheme != "https" && !(url.Scheme == "http" && url.IsLoopback)))
        {
            yield return $"{section}:Url must be an https address (http only on this machine).";
        }

        if (Secret.Length < SecretMin)
        {
            yield return $"{section}:Secret must have at least {SecretMin} characters.";
        }
    }
}

/// <summary>How the street-work team is told. Section Notify of appsettings.json, or environment variables such as
/// Notify__Smtp__Host; docs/street-work.md shows them all.</summary>
public sealed record NotifyOptions
{
    public SmtpOptions? Smtp { get; init; }
    public WebhookOptions? Webhook { get; init; }

    /// <summary>The team's mail addresses; each gets its own letter with its own link.</summary>
    public string[] Team { get; init; } = [];

    /// <summary>Whether a subject line may say more than the pod's name (its area).</summary>
    public bool AreaInSubject { get; init; }

    /// <summary>Section Notify of appsettings.json in the data directory; environment variables (Notify__Smtp__Host) come before it.</summary>
    /// <returns>Null, and the fault in words, when the file cannot be read.</returns>
    public static NotifyOptions? Read(string dataDirectory, out string? fault)
    {
        try
        {
            fault = null;
            return OwnSettings.Section(dataDirectory, "Notify").Get<NotifyOptions>() ?? new NotifyOptions();
        }
        catch (Exception wrong) when (wrong is InvalidDataException or FormatException or InvalidOperationException)
        {
            fault = wrong.Message;
            return null;
        }
    }

    /// <summary>What a case's notices need to know of the channels.</summary>
    /// <param name="keepsLetters">Without a mail server, letters stay in the mailbox.</param>
    public AlertSettings Of(AlertSettings settings, bool keepsLetters) => settings with
    {
        LetterChannel = Smtp is not null ? ChannelNames.Mail : keepsLetters ? ChannelNames.Mailbox : null,
        Recipients = Team.Length > 0 ? Team : ["team@localhost"],
        HasTeamChannel = Webhook is not null,
        AreaInSubject = AreaInSubject,
    };

    /// <summary>What is wrong with the settings, in words for the person who edits them; empty when they can be used.</summary>
    public IReadOnlyList<string> Faults() => [.. FaultsOf(this)];

    /// <summary>What works, but not as somebody who relies on it would think.</summary>
    public IReadOnlyList<string> Warnings() => [.. ChannelWarnings(), .. PlainTextWarnings()];

    private string[] ChannelWarnings() =>
        Smtp is null && Webhook is null ? ["WARNING: neither Notify:Smtp nor Notify:Webhook is set: alarms reach nobody. See docs/street-work.md."]
        : Smtp is null && Team.Length > 0 ? ["WARNING: Notify:Team gets no mail, because Notify:Smtp is not set."]
        : Smtp is null || Webhook is null ? ["WARNING: only one channel is set in Notify; safety alarms need two."]
        : [];

    private string[] PlainTextWarnings() => Smtp?.Security == SmtpSecurity.StartTlsIfOffered
        ? ["WARNING: Notify:Smtp:Security StartTlsIfOffered lets alarms leave in plain text whenever the mail server offers no encryption; StartTls never does."] : [];

    private static IEnumerable<string> FaultsOf(NotifyOptions options)
    {
        if (options.Smtp is { } smtp)
        {
            if (smtp.Host.Length == 0)
            {
                yield return "Notify:Smtp:Host is missing: the mail server's name.";
            }

            if (!MailText.IsAddress(smtp.From))
            {
                yield return "Notify:Smtp:From must be a plain mail address such as nester@example.org.";
            }

            if (smtp.Security == SmtpSecurity.None && !IsThisMachine(smtp.Host))
            {
                yield return "Notify:Smtp:Security None is for a mail server on this machine (localhost); use StartTls or Tls.";
            }

            if (options.Team.Length == 0)
            {
                yield return "Notify:Team is empty: list at least one mail address that is read at night.";
            }
        }

        foreach (var address in options.Team.Where(a => !MailText.IsAddress(a)))
        {
            yield return $"Notify:Team: \"{address}\" is not a plain mail address.";
        }

        foreach (var fault in options.Webhook?.Faults("Notify:Webhook") ?? [])
        {
            yield return fault;
        }
    }

    private static bool IsThisMachine(string host) => host is "localhost" or "127.0.0.1" or "::1";
}
