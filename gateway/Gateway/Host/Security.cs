using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Log-in, roles, forgery, headers. Closed by default: an endpoint that says nothing needs a log-in, and a request that
/// changes something needs the antiforgery token unless the endpoint carries DisableAntiforgery() and its own proof.</summary>
public static class Security
{
    public const string LogInLimit = "log-in";
    public const string StampClaim = "stamp";

    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly TimeSpan SessionLength = TimeSpan.FromHours(12);
    private static readonly TimeSpan LogInWindow = TimeSpan.FromMinutes(1);

    public static void Add(IServiceCollection services, GatewayOptions options)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "quartier";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.LoginPath = "/log-in";
            cookie.AccessDeniedPath = "/no-access";
            cookie.ReturnUrlParameter = "back";
            cookie.ExpireTimeSpan = SessionLength;
            cookie.SlidingExpiration = true;
            cookie.Events.OnValidatePrincipal = EndStaleSession;
            cookie.Events.OnRedirectToLogin = AskToLogIn;
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "quartier-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.HeaderName = "X-Quartier-Form";
        });
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.AddPolicy(LogInLimit, context => RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = options.LogInsPerMinute, Window = LogInWindow }));
        });
    }

    public static void Use(WebApplication app)
    {
        app.Use((context, next) =>
        {
            SetHeaders(context);
            return next(context);
        });
        Trouble.Use(app, SetHeaders);
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "public, max-age=300" });
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(RefuseTooLarge);
        app.UseAntiforgery();
        app.Use(DemandFormToken);
    }

    private static void SetHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    // A button on a page whose session ran out leads back to that page: the button's own address cannot be opened.
    private static Task AskToLogIn(RedirectContext<CookieAuthenticationOptions> asked)
    {
        var request = asked.Request;
        var pressed = !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));
        var page = Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var from) && from.Authority == request.Host.Value ? from.PathAndQuery : "/";
        asked.Response.Redirect(pressed ? $"{asked.Options.LoginPath}?{asked.Options.ReturnUrlParameter}={Uri.EscapeDataString(page)}" : asked.RedirectUri);
        return Task.CompletedTask;
    }

    // Before the form is read for its token: what cannot be read would be called a missing token.
    private static Task RefuseTooLarge(HttpContext context, RequestDelegate next)
    {
        if (context.Request.ContentLength > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }

        return next(context);
    }

    private static async Task DemandFormToken(HttpContext context, RequestDelegate next)
    {
        var changes = !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method));
        var exempt = context.GetEndpoint()?.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: false };
        if (changes && !exempt && !await HasFormToken(context))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await next(context);
    }

    // Where an endpoint reads a form, the framework's own middleware has judged the token already.
    private static async Task<bool> HasFormToken(HttpContext context) =>
        context.Features.Get<IAntiforgeryValidationFeature>()?.IsValid
        ?? await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context);

    // A new password, other roles or a deleted account end the sessions that were open before.
    private static async Task EndStaleSession(CookieValidatePrincipalContext session)
    {
        var name = session.Principal?.Identity?.Name ?? "";
        var account = session.HttpContext.RequestServices.GetRequiredService<Database>().Read(db => AccountsTable.Find(db, name));
        if (account is null || session.Principal?.FindFirstValue(StampClaim) != account.Stamp)
        {
            session.RejectPrincipal();
            await session.HttpContext.SignOutAsync();
        }
    }
}
