using System.Security.Cryptography;

namespace Quartier.Mqtt;

/// <summary>Whom a connection and a session belong to. A client id alone is nobody: another user may have chosen the same.</summary>
internal readonly record struct LogIn(string? User, string ClientId)
{
    /// <summary>A client id for whoever brings none; nobody guesses it.</summary>
    public static string NewClientId() => $"auto-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
}
