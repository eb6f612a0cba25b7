using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Quartier.Gateway.Host.Pages;

namespace Quartier.Gateway.Host;

/// <summary>Refusals and faults as a page of words. Without it a browser shows an error page of its own where an answer has no body:
/// a form that was open for too long, too many log-ins, a case that is gone. Programs get the bare status.</summary>
public static class Trouble
{
    public static void Use(WebApplication app, Action<HttpContext> setHeaders)
    {
        // A fault empties the answer, its headers too.
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            AllowStatusCode404Response = true,
            ExceptionHandler = context =>
            {
                setHeaders(context);
                context.Response.StatusCode = context.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException bad
                    ? bad.StatusCode
                    : StatusCodes.Status500InternalServerError;
                return Page(context);
            },
        });
        app.UseStatusCodePages(empty => Page(empty.HttpContext));
    }

    public static RazorComponentResult<TroublePage> NotFound() => Of(StatusCodes.Status404NotFound);

    private static Task Page(HttpContext context) =>
        context.Request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType == "text/html")
            ? Of(context.Response.StatusCode).ExecuteAsync(context)
            : Task.CompletedTask;

    private static RazorComponentResult<TroublePage> Of(int status) => new(new { Status = status }) { StatusCode = status };
}
