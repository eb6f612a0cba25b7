using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>What a link to choose a password leads to.</summary>
public enum InvitationState
{
    Open,
    Used,

    /// <summary>A newer link was made, or a password was given at the command line.</summary>
    Replaced,
    Expired,

    /// <summary>Not a link of this gateway, or its account has ended.</summary>
    Unknown,
}

/// <summary>A link by which the person of an account chooses a password: once, within seven days.</summary>
public sealed record Invitation(string Account, Instant MadeAt, Instant ExpiresAt, Instant? UsedAt, Instant? ReplacedAt)
{
    public static readonly Duration Length = Duration.FromDays(7);

    // Without 0, o, 1 and l, for whoever has to type it from paper. 32 signs, 28 of them: 140 bits.
    private const string Alphabet = "23456789abcdefghijkmnpqrstuvwxyz";
    private const int GroupCount = 7;
    private const int GroupLength = 4;

    /// <summary>Clocks of before and after a restart may differ by so much.</summary>
    private static readonly Duration ClocksDiffer = Duration.FromDays(1);

    public static string NewSecret() => string.Join('-', Enumerable.Range(0, GroupCount).Select(_ => RandomNumberGenerator.GetString(Alphabet, GroupLength)));

    /// <summary>Of what somebody opened or typed: letter case and what parts the groups make no difference.</summary>
    public static string Digest(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(secret.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)))));

    // A link that was made far ahead of now comes from a clock that was set back: it would be good for longer than it says.
    public InvitationState At(Instant now) =>
        UsedAt is not null ? InvitationState.Used
        : ReplacedAt is not null ? InvitationState.Replaced
        : now >= ExpiresAt || now < MadeAt - ClocksDiffer ? InvitationState.Expired
        : InvitationState.Open;
}
