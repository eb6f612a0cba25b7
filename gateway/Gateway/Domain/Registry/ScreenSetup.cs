using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Registry;

/// <summary>Tells a screen what staff decided for it: place, languages, emergency numbers. Sent in answer to its hello, and only when
/// they differ from what was sent, when the screen has forgotten all, or once a day in case that the message was lost.</summary>
public static class ScreenSetup
{
    private static readonly Duration SendAgainAfter = Duration.FromDays(1);

    public static void Hear(DbConnection db, ScreenHeard heard, Instant now, List<Publication> effects)
    {
        if (heard.Message is not ScreenHello hello || RegistryTable.Find(db, heard.Device) is not { } device)
        {
            return;
        }

        var buffer = new byte[ScreenFormat.PayloadBytesMax];
        var length = SettingsFor(device).Encode(buffer);
        if (length < 0)
        {
            return;
        }

        var payload = buffer[..length];
        var digest = Convert.ToHexStringLower(SHA256.HashData(payload));
        var sent = db.QuerySingleOrDefault<Row>("SELECT digest, sent_at AS SentAt FROM screen_setup WHERE device = @Id", new { device.Id });
        var hasForgotten = hello.Catalogue.Length == 0;
        if (sent is not null && sent.Digest == digest && !hasForgotten && now - sent.SentAt.ToInstant() < SendAgainAfter)
        {
            return;
        }

        db.Execute(
            """
            INSERT INTO screen_setup (device, digest, sent_at) VALUES (@Id, @digest, @at)
            ON CONFLICT (device) DO UPDATE SET digest = excluded.digest, sent_at = excluded.sent_at
            """,
            new { device.Id, digest, at = now.ToMicros() });
        effects.Add(new Publication(ScreenTopics.Build(device.Id, ScreenTopics.Settings), payload, false));
    }

    /// <summary>What holds everywhere, at the place that the registry knows.</summary>
    public static ScreenSettings SettingsFor(Device device)
    {
        var settings = ScreenSettings.Usual();
        settings.Place = Fit(device.Place.Length > 0 ? device.Place : device.Name);
        return settings;
    }

    private static string Fit(string text)
    {
        var fitting = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > ScreenSettings.PlaceBytesMax)
            {
                break;
            }

            fitting.Append(rune);
        }

        return fitting.ToString();
    }

    private sealed class Row
    {
        public string Digest { get; init; } = "";

        public long SentAt { get; init; }
    }
}
