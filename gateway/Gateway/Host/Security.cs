using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>Log-in, roles, forgery, headers. Closed by default: an endpoint that says nothing needs a log-in, and a request that
/// changes something needs the antiforgery token unless the endpoint carries DisableAntiforgery() and its own proof.</summary>
public static class Security
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private const long DroppedBytesMax = 64 * 1024 * 1024;

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<LogInGuard>();
        services.AddSingleton<AddressGuard>();
        services.AddSingleton<SeenSessions>();
        services.AddHostedService<SeenLoop>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "quartier";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.LoginPath = "/log-in";
            cookie.AccessDeniedPath = "/no-access";
            cookie.ReturnUrlParameter = "back";
            cookie.ExpireTimeSpan = Session.Length.ToTimeSpan();
            cookie.SlidingExpiration = false;
            cookie.Events.OnValidatePrincipal = EndStaleSession;
            cookie.Events.OnRedirectToLogin = AskToLogIn;
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "quartier-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.HeaderName = "X-Quartier-Form";
        });
    }

    public static void Use(WebApplication app)
    {
        // A TLS proxy on this machine says who asks and that it was asked by https: else everybody would share one limit, and
        // cookies would travel without "secure". Nobody else is believed.
        app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto });
        app.Use((context, next) =>
        {
            SetHeaders(context);
            return next(context);
        });
        ErrorPages.Use(app, SetHeaders);
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "public, max-age=300" });
        app.UseRouting();
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
        if (context.Request.IsHttps && IsOutside(context))
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }

    // A certificate of our own that ran out must never lock out a phone at night: a browser that was told to insist lets nobody through. A
    // proxy's certificate is the operator's, as before.
    private static bool IsOutside(HttpContext context) =>
        context.Features.Get<ITlsHandshakeFeature>() is null || context.RequestServices.GetRequiredService<Endpoints>().Certificates is { IsOutside: true };

    // A button on a page whose session ran out leads back to that page: the button's own address cannot be opened.
    private static Task AskToLogIn(RedirectContext<CookieAuthenticationOptions> asked)
    {
        var request = asked.Request;
        var pressed = !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));
        var page = Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var from) && from.Authority == request.Host.Value ? from.PathAndQuery : "/";
        asked.Response.Redirect(pressed ? $"{asked.Options.LoginPath}?{asked.Options.ReturnUrlParameter}={Uri.EscapeDataString(page)}" : asked.RedirectUri);
        return Task.CompletedTask;
    }

    // Before the form is read for its token: what cannot be read would be called a missing token. What a person sends is taken and
    // dropped, because a browser that is hung up on while it sends shows no answer.
    private static async Task RefuseTooLarge(HttpContext context, RequestDelegate next)
    {
        var (length, limit) = (context.Request.ContentLength, context.Features.Get<IHttpMaxRequestBodySizeFeature>());
        if (!(length > limit?.MaxRequestBodySize))
        {
            await next(context);
            return;
        }

        if (length <= DroppedBytesMax && context.User.Identity is { IsAuthenticated: true })
        {
            limit.MaxRequestBodySize = length;
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }

        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
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

    // The store knows which sessions hold: a log-out, a new password, other roles or a deleted account end them at once.
    private static async Task EndStaleSession(CookieValidatePrincipalContext session)
    {
        var services = session.HttpContext.RequestServices;
        var id = session.Principal?.FindFirstValue(Session.Claim) ?? "";
        var now = services.GetRequiredService<IClock>().GetCurrentInstant();
        var held = services.GetRequiredService<Database>().Read(db => SessionsTable.Find(db, id, now));
        if (held is null || held.Account != session.Principal?.Identity?.Name)
        {
            session.RejectPrincipal();
            await session.HttpContext.SignOutAsync();
            return;
        }

        services.GetRequiredService<SeenSessions>().Saw(id, now);
    }
}
