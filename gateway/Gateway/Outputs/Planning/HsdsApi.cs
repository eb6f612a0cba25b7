using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>The catalogue by Open Referral's HSDS 3.0 API: /hsds, /hsds/services, /hsds/services/{id}.</summary>
public static class HsdsApi
{
    private const int PerPageDefault = 50;
    private const int PerPageMax = 500;
    private const string Version = "3.0";

    public static void MapHsds(WebApplication app)
    {
        var group = app.MapGroup("/hsds").RequireAuthorization(PlannerKeyScheme.EitherWay);
        group.MapGet("", () => Text(Details()));
        group.MapGet("/services", Services);
        group.MapGet("/services/{id:guid}", Service);
    }

    private static Results<ContentHttpResult, ProblemHttpResult> Services(HttpRequest request, Database database, IClock clock)
    {
        var query = request.Query;
        if (query.TryGetValue("format", out var format) && format != "json")
        {
            return Refused("format must be json");
        }

        if (Whole(query["page"], 1) is not { } page || page < 1 || Whole(query["per_page"], PerPageDefault) is not { } perPage || perPage is < 1 or > PerPageMax)
        {
            return Refused(string.Create(CultureInfo.InvariantCulture, $"page must be a number from 1, per_page one from 1 to {PerPageMax}"));
        }

        var now = clock.GetCurrentInstant();
        var shown = HsdsRules.Catalogue(database.Read(OffersTable.All), now);
        if (query["search"].ToString() is { Length: > 0 } words)
        {
            shown = [.. shown.Where(view => HsdsRules.Matches(view, words))];
        }

        if (query["modified_after"].ToString() is { Length: > 0 } after)
        {
            if (!BerlinTime.TryParse(after, out var since))
            {
                return Refused("modified_after must be a date or a time such as 2026-11-21T10:00:00Z");
            }

            shown = [.. shown.Where(view => view.Offer.LastChanged >= since)];
        }

        return Text(HsdsRules.Page(shown, page, perPage, query["full"] == "true", now));
    }

    private static Results<ContentHttpResult, NotFound> Service(Database database, IClock clock, Guid id)
    {
        var now = clock.GetCurrentInstant();
        return HsdsRules.Catalogue(database.Read(OffersTable.All), now).FirstOrDefault(view => HsdsRules.ServiceId(view) == id.ToString()) is { } view
            ? Text(HsdsRules.Service(view, now))
            : TypedResults.NotFound();
    }

    private static JsonObject Details() => new()
    {
        ["version"] = Version,
        ["profile"] = "https://docs.openreferral.org/en/v3.0.0/",
        ["openapi_url"] = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/openapi.json",
    };

    private static int? Whole(string? text, int otherwise) =>
        string.IsNullOrEmpty(text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;

    private static ContentHttpResult Text(JsonObject json) => TypedResults.Text(json.ToJsonString(), "application/json", Encoding.UTF8);

    private static ProblemHttpResult Refused(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest);
}
