using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Quartier.Gateway.Host;

/// <summary>Refusals and faults as a page of words. Without it a browser shows an error page of its own where an answer has no body:
/// a form that was open for too long, too many log-ins, a case that is gone. Programs get the bare status, and a sentence where the fault is the gateway's.</summary>
public static class ErrorPages
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

    private const string Fault = "Im Gateway ist ein Fehler aufgetreten; er steht in dessen Protokoll. / The gateway made a mistake; its log holds it.\n";

    public static RazorComponentResult<TroublePage> NotFound() => Of(StatusCodes.Status404NotFound);

    private static Task Page(HttpContext context)
    {
        if (context.Request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType == "text/html"))
        {
            return Of(context.Response.StatusCode).ExecuteAsync(context);
        }

        // A fault of ours is never an empty answer, whoever asked.
        return context.Response.StatusCode >= StatusCodes.Status500InternalServerError ? context.Response.WriteAsync(Fault, context.RequestAborted) : Task.CompletedTask;
    }

    private static RazorComponentResult<TroublePage> Of(int status) => new(new { Status = status }) { StatusCode = status };
}
