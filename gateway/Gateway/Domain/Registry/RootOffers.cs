using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Registry;

/// <summary>Offers the root that this gateway's port with TLS is verified against to screens in service that say that they understand it:
/// to those without TLS, and to those that came over TLS with another root. Decision 0148.</summary>
public static class RootOffers
{
    /// <summary>What is offered from now on.</summary>
    /// <param name="tls">Null: this gateway speaks no TLS, and offers nothing.</param>
    /// <param name="timePort">UDP port where the gateway answers datagrams; 0 where it does not.</param>
    public static void Set(DbConnection db, DeviceTls? tls, int timePort)
    {
        var held = Find(db);
        if (tls is null)
        {
            if (held is not null)
            {
                db.Execute("DELETE FROM root_offer");
            }

            return;
        }

        if (held is null || held.Port != tls.Port || held.TimePort != timePort || !held.Root.AsSpan().SequenceEqual(tls.Root))
        {
            db.Execute(
                """
                INSERT INTO root_offer (id, port, time_port, root) VALUES (1, @Port, @timePort, @Root)
                ON CONFLICT (id) DO UPDATE SET port = excluded.port, time_port = excluded.time_port, root = excluded.root
                """,
                new { tls.Port, timePort, tls.Root });
        }
    }

    /// <summary>Whether anything is offered.</summary>
    public static bool IsAny(DbConnection db) => Find(db) is not null;

    public static void Hear(DbConnection db, ScreenHeard heard, Instant now, List<Publication> effects)
    {
        if (heard.Message is not ScreenTransport said)
        {
            return;
        }

        ScreenTransports.Take(db, heard.Device, said, now);
        if (Find(db) is not { } offer || !IsFor(said, ScreenTransports.Find(db, heard.Device)?.IsEncrypted ?? said.Tls, ShortDigest(offer.Root)))
        {
            return;
        }

        var buffer = new byte[ScreenFormat.PayloadBytesMax];
        var message = new RootOffer
        {
            Port = (int)offer.Port,
            TimePort = (int)offer.TimePort,
            IssuedAt = now.ToUnixTimeSeconds(),
            Root = offer.Root,
        };
        var length = message.Encode(buffer);
        if (length > 0)
        {
            effects.Add(new Publication(ScreenTopics.Build(heard.Device, ScreenTopics.Root), buffer[..length], false));
        }
    }

    /// <summary>A screen that speaks TLS to something before this gateway verifies that one's root, which is none of ours to change.</summary>
    /// <param name="isEncrypted">TLS of its session ends here.</param>
    private static bool IsFor(ScreenTransport said, bool isEncrypted, string root) =>
        said.Tls == isEncrypted && (!said.Tls || Convert.ToHexStringLower(said.Root) != root);

    private static string ShortDigest(byte[] root) => Convert.ToHexStringLower(SHA256.HashData(root).AsSpan(0, ScreenFormat.DigestBytes));

    private static Row? Find(DbConnection db) => db.QuerySingleOrDefault<Row>("SELECT port, time_port AS TimePort, root FROM root_offer");

    private sealed class Row
    {
        public long Port { get; init; }

        public long TimePort { get; init; }

        public byte[] Root { get; init; } = [];
    }
}
