using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Quartier.Gateway.Domain.Accounts;

/// <summary>Gives a browser the cookie of a session that the store holds.</summary>
internal static class SigningIn
{
    public static string BrowserOf(HttpContext context) => BrowserWords.Of(context.Request.Headers.UserAgent);

    /// <param name="session">Its id, of <see cref="SessionsTable.Open"/>.</param>
    public static async Task<ClaimsPrincipal> As(HttpContext context, Account account, string session)
    {
        // The name as identifier too: a form that was open before a new log-in of the same person still counts.
        List<Claim> claims = [new(ClaimTypes.Name, account.Name), new(ClaimTypes.NameIdentifier, account.Name), new(Session.Claim, session)];
        claims.AddRange(account.RoleList.Select(role => new Claim(ClaimTypes.Role, role)));
        var person = new ClaimsPrincipal(new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme));
        await context.SignInAsync(person);
        return person;
    }
}
