using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>The header by which a receiver knows that a webhook came from this gateway, unchanged and lately:
/// <c>Quartier-Signature: t=UNIX_SECONDS,v1=HEX</c>, HMAC-SHA256 over "t", a full stop and the body's bytes.</summary>
public static class WebhookSignature
{
    public const string HeaderName = "Quartier-Signature";

    public static string Sign(string secret, byte[] body, Instant now)
    {
        var seconds = now.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"t={seconds},v1={Convert.ToHexStringLower(Mac(secret, seconds, body))}");
    }

    /// <summary>What a receiver does. A header older or newer than the tolerance is refused, so that a recorded request
    /// cannot be replayed for long.</summary>
    public static bool Verify(string secret, string? header, byte[] body, Instant now, Duration tolerance)
    {
        var parts = (header ?? "").Split(',');
        if (parts.Length != 2 || !parts[0].StartsWith("t=", StringComparison.Ordinal) || !parts[1].StartsWith("v1=", StringComparison.Ordinal)
            || !long.TryParse(parts[0].AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > 253402300799
            || parts[1].Length != 3 + 64)
        {
            return false;
        }

        var distance = now - Instant.FromUnixTimeSeconds(seconds);
        var given = new byte[32];
        return distance <= tolerance && -distance <= tolerance
            && Convert.FromHexString(parts[1].AsSpan(3), given, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(given, Mac(secret, seconds, body));
    }

    private static byte[] Mac(string secret, long seconds, byte[] body)
    {
        var stamp = Encoding.ASCII.GetBytes(seconds.ToString(CultureInfo.InvariantCulture) + ".");
        byte[] signed = [.. stamp, .. body];
        return HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
    }
}
