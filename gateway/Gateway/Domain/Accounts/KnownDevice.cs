using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>A browser that has logged in under an account before carries a signed cookie that says so, for that account alone. It
/// opens nothing; it only sets the browser's tries apart from everybody else's (<see cref="LogInGuard"/>).</summary>
public static class KnownDevice
{
    public const string Cookie = "quartier-device";

    private const int IdBytes = 16;
    private const int Days = 400;

    /// <returns>The device's number; null when it has not logged in under this name.</returns>
    public static string? Read(HttpRequest request, IDataProtectionProvider protection, string name)
    {
        if (!request.Cookies.TryGetValue(Cookie, out var carried) || string.IsNullOrEmpty(carried))
        {
            return null;
        }

        try
        {
            return Protector(protection).Unprotect(carried).Split('|', 2) is [var id, var account] && account == name ? id : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static void Write(HttpContext context, IDataProtectionProvider protection, string name) =>
        context.Response.Cookies.Append(
            Cookie,
            Protector(protection).Protect($"{RandomNumberGenerator.GetHexString(IdBytes * 2, lowercase: true)}|{name}"),
            new CookieOptions
            {
                MaxAge = TimeSpan.FromDays(Days), SameSite = SameSiteMode.Strict, HttpOnly = true, IsEssential = true, Secure = context.Request.IsHttps, Path = "/log-in",
            });

    private static IDataProtector Protector(IDataProtectionProvider protection) => protection.CreateProtector("Quartier.KnownDevice");
}
