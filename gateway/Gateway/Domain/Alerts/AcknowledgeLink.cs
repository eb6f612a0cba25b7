using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NodaTime;

namespace Quartier.Gateway.Domain.Alerts;

/// <summary>The secret behind one-time links: 32 random bytes beside the store, never inside it, so that the store and its
/// backups hold no link that works.</summary>
public sealed record LinkKey(byte[] Bytes)
{
    public const string FileName = "links.key";

    public static LinkKey LoadOrCreate(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            // Beside it first, then moved: a key file is whole or absent.
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var file = new FileStream(path + ".new", options))
            {
                file.Write(RandomNumberGenerator.GetBytes(32));
                file.Flush(flushToDisk: true);
            }

            File.Move(path + ".new", path, overwrite: true);
        }

        var bytes = File.ReadAllBytes(path);
        return bytes.Length == 32 ? new LinkKey(bytes) : throw new InvalidDataException($"{path} must hold 32 bytes; delete it to end every link that is under way.");
    }
}

/// <summary>A link by which one person acknowledges one alarm without a log-in: ID.EXPIRY.MAC. The MAC is HMAC-SHA256 under
/// <see cref="LinkKey"/>: nobody without the key can make or change one, and the store keeps only its number and whether it was
/// used. A payload in the outbox names a link by <see cref="Placeholder"/>; the address itself is made while it leaves.</summary>
public static partial class AcknowledgeLink
{
    public const string PathPrefix = "/l/";

    private const string PageMark = "quartier-page:";

    public static readonly Duration Lifetime = Duration.FromHours(24);

    public static string Placeholder(long id, Instant expires) =>
        string.Create(CultureInfo.InvariantCulture, $"quartier-link:{id}.{expires.ToUnixTimeSeconds()}");

    public static string Token(LinkKey key, long id, Instant expires)
    {
        var named = string.Create(CultureInfo.InvariantCulture, $"{id}.{expires.ToUnixTimeSeconds()}");
        return $"{named}.{Base64Url.EncodeToString(Mac(key, named))}";
    }

    /// <summary>Total: any text is either a token of ours, with its number and expiry, or false.</summary>
    public static bool TryOpen(LinkKey key, string? token, out long id, out Instant expires)
    {
        (id, expires) = (0, default);
        var parts = token is { Length: <= 100 } ? token.Split('.') : [];
        if (parts.Length != 3
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out id)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > 253402300799)
        {
            return false;
        }

        expires = Instant.FromUnixTimeSeconds(seconds);
        var expected = Encoding.UTF8.GetBytes(Token(key, id, expires));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(token!));
    }

    /// <summary>Stands for a page of the console, whose address is known only while the letter leaves.</summary>
    public static string PagePlaceholder(string path) => PageMark + path;

    /// <summary>Puts the addresses where the payload names links and pages.</summary>
    public static string Fill(LinkKey key, string publicUrl, string payload) =>
        Links().Replace(payload, match => Address(key, publicUrl, match)).Replace(PageMark, publicUrl.TrimEnd('/') + "/", StringComparison.Ordinal);

    /// <summary>For pages that show a letter to somebody it was not addressed to.</summary>
    public static string Hide(string payload, string instead) => Links().Replace(payload, instead).Replace(PageMark, "/", StringComparison.Ordinal);

    private static string Address(LinkKey key, string publicUrl, Match match)
    {
        var id = long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var expires = Instant.FromUnixTimeSeconds(long.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        return publicUrl.TrimEnd('/') + PathPrefix + Token(key, id, expires);
    }

    private static byte[] Mac(LinkKey key, string named) => HMACSHA256.HashData(key.Bytes, Encoding.ASCII.GetBytes("acknowledge/" + named));

    [GeneratedRegex(@"quartier-link:(\d{1,18})\.(\d{1,11})", RegexOptions.CultureInvariant)]
    private static partial Regex Links();
}
