using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Offers.Import;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>The editors' pages: the list, the import with its rehearsal, and one offer.</summary>
public static class OffersApi
{
    private const long BodyBytesMax = FeedBytes.LengthMax + (256 * 1024);

    private const int TitleMax = 160;

    private const int TextMax = 4_000;

    public static void MapOffers(WebApplication app)
    {
        var group = app.MapGroup("/offers").RequireAuthorization(policy => policy.RequireRole(Roles.Editor, Roles.Admin));
        group.MapGet("", (Database database, OfferShelf shelf, IClock clock, GatewayHealth health, [AsParameters] OfferQuery query) => new RazorComponentResult<OffersPage>(PageParameters(database, shelf, clock, health, query)));
        group.MapGet("/list", (Database database, OfferShelf shelf, IClock clock, GatewayHealth health, [AsParameters] OfferQuery query) => new RazorComponentResult<OfferList>(ListParameters(database, shelf, clock, health, query)));
        group.MapGet("/import", (Database database) => new RazorComponentResult<ImportPage>(new { Sources = database.Read(OffersTable.Sources) }));
        group.MapPost("/import", Rehearse).WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax));
        group.MapPost("/import/apply", Apply);
        group.MapGet("/{id}", Show);
        group.MapGet("/{id}/screen-{language}.png", Picture);
        group.MapPost("/{id}", Save);
    }

    private static Dictionary<string, object?> PageParameters(Database database, OfferShelf shelf, IClock clock, GatewayHealth health, OfferQuery query)
    {
        var parameters = ListParameters(database, shelf, clock, health, query);
        parameters["Sources"] = database.Read(OffersTable.Sources).Select(source => source.Name).ToList();
        return parameters;
    }

    private static Dictionary<string, object?> ListParameters(Database database, OfferShelf shelf, IClock clock, GatewayHealth health, OfferQuery query)
    {
        var now = clock.GetCurrentInstant();
        var list = OfferListRules.PageOf(database.Read(db => shelf.All(db, now)), query, database.Read(ScreenContents.Read));
        return new Dictionary<string, object?>
        {
            ["List"] = list,
            ["Now"] = now,
            ["Query"] = query with { Page = list.Page },
            ["Screens"] = database.Read(db => DisplayRules.Of(RegistryTable.All(db), ScreensTable.All(db), CatalogueTable.Screens(db), CatalogueTable.State(db), now)),
            ["ToBeSeen"] = database.Read(CatalogueTable.State).Total,
            ["Red"] = health.Red(now),
        };
    }

    private static async Task<RazorComponentResult<ImportPreviewPage>> Rehearse(
        Database database, ImportRunner desk, IClock clock, ClaimsPrincipal person, CancellationToken stop,
        IFormFile? file, [FromForm] string? address, [FromForm] string? source, [FromForm] string? kind, [FromForm] string? pubdate)
    {
        var now = clock.GetCurrentInstant();
        var request = new ImportRequest(file is { Length: > 0 } ? Path.GetFileName(file.FileName) : address?.Trim() ?? "")
        {
            Source = string.IsNullOrWhiteSpace(source) ? null : Short(source, 120),
            Kind = Enum.TryParse<OfferKind>(kind, true, out var wanted) ? wanted : null,
            PubDateIsStart = pubdate is "on" or "true" ? true : null,
        };
        var (content, refusal) = file is { Length: > 0 } ? await FromFile(file, stop) : (null, null);
        if (content is null && refusal is null)
        {
            if (!Uri.TryCreate(request.Origin, UriKind.Absolute, out var uri))
            {
                refusal = Refusals.Unreachable(request.Origin.Length == 0 ? "–" : request.Origin, "Weder Datei noch gültige Adresse angegeben.", "Neither a file nor a valid address was given.");
            }
            else
            {
                using var fetch = new FeedFetch(allowPrivate: false);
                (content, var final, refusal) = await fetch.Get(uri, stop);
                request = request with { Source = request.Source ?? request.Origin, SourceUrl = final.AbsoluteUri };
            }
        }

        if (refusal is not null)
        {
            return Preview(new ImportReport(request.Origin, "", refusal, []), "", now);
        }

        var report = await desk.RehearseAsync(content!, request, now, stop);
        var upload = "";
        if (report.Refusal is null)
        {
            upload = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            await database.WriteAsync(db => OffersTable.PutUpload(db, upload, now, person.Identity!.Name!, OfferJson.Write(request), content!));
        }

        return Preview(report, upload, now);
    }

    private static RazorComponentResult<ImportPreviewPage> Preview(ImportReport report, string upload, Instant now) =>
        new(new { Report = report, Upload = upload, Now = now })
        {
            StatusCode = report.Refusal is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };

    private static async Task<(byte[]? Content, Refusal? Refusal)> FromFile(IFormFile file, CancellationToken stop)
    {
        if (file.Length > FeedBytes.LengthMax)
        {
            return (null, Refusals.TooLarge(FeedBytes.LengthMax));
        }

        await using var stream = file.OpenReadStream();
        return await FeedFetch.ReadBounded(stream, stop) is { } content ? (content, null) : (null, Refusals.TooLarge(FeedBytes.LengthMax));
    }

    private static async Task<Results<RedirectHttpResult, BadRequest>> Apply(Database database, ImportRunner desk, IClock clock, ClaimsPrincipal person, CancellationToken stop, [FromForm] string? upload)
    {
        var now = clock.GetCurrentInstant();
        var who = person.Identity!.Name!;
        if (database.Read(db => OffersTable.Upload(db, upload ?? "", who)) is not { } kept)
        {
            return TypedResults.BadRequest();
        }

        var done = await desk.TakeOverAsync(
            kept.Content,
            OfferJson.Read<ImportRequest>(kept.Request),
            now,
            (db, report) =>
            {
                if (!OffersTable.DeleteUpload(db, upload!))
                {
                    return false;
                }

                AuditTable.Add(db, now, who, "offers.imported", report.Source, $"+{report.Count(ImportRun.Added)} ~{report.Count(ImportRun.Changed)} -{report.Count(ImportRun.SkippedStatus)}");
                return true;
            },
            stop);
        return done is null ? TypedResults.BadRequest() : TypedResults.LocalRedirect("/offers");
    }

    private static Results<RazorComponentResult<OfferPage>, NotFound> Show(Database database, IClock clock, string id, string? saved) =>
        database.Read(db => OffersTable.Find(db, id)) is { } offer
            ? new RazorComponentResult<OfferPage>(new
            {
                View = OfferView.Of(offer, clock.GetCurrentInstant()),
                Now = clock.GetCurrentInstant(),
                Places = database.Read(ScreenContents.Read).Of(id),
                Saved = saved is not null,
            })
            : TypedResults.NotFound();

    /// <summary>The offer's page as the smaller panel draws it, from the very bytes that go to the screens.</summary>
    private static Results<FileContentHttpResult, NotFound> Picture(Database database, IClock clock, DrawOffer draw, string id, string language)
    {
        var now = clock.GetCurrentInstant();
        if (database.Read(db => OffersTable.Find(db, id)) is not { } offer
            || CatalogueRules.Build(OfferView.Of(offer, now), now, null) is not { } entry
            || draw(entry.Payload, id, language, now) is not { } picture)
        {
            return TypedResults.NotFound();
        }

        return TypedResults.File(picture, "image/png");
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> Save(Database database, IClock clock, ClaimsPrincipal person, HttpRequest request, string id)
    {
        var form = await request.ReadFormAsync();
        var now = clock.GetCurrentInstant();
        var found = await database.WriteAsync(db =>
        {
            if (OffersTable.Find(db, id) is not { } offer)
            {
                return false;
            }

            var edit = EditOf(form, offer);
            OffersTable.Put(db, offer with { Edit = edit, LastChanged = now });
            AuditTable.Add(db, now, person.Identity!.Name!, edit.Hidden && !offer.Edit.Hidden ? "offer.hidden" : "offer.edited", id, offer.Items[0].Title);
            return true;
        });
        return found ? TypedResults.LocalRedirect($"/offers/{id}?saved=1") : TypedResults.NotFound();
    }

    /// <summary>Only what differs from the source is an edit, so that later imports still bring what the editor left alone.</summary>
    private static OfferEdit EditOf(IFormCollection form, Offer offer)
    {
        var lead = offer.Items[^1];
        var texts = new SortedDictionary<string, OfferText>(StringComparer.Ordinal);
        foreach (var key in form.Keys.Where(key => key.StartsWith("title-", StringComparison.Ordinal)))
        {
            var language = key["title-".Length..];
            var title = FeedText.Line(Short(form[key].ToString(), TitleMax));
            var text = FeedText.Clean(Short(form["text-" + language].ToString(), TextMax));
            var own = language == lead.Language ? new OfferText(lead.Title, lead.Text) : lead.Translations.GetValueOrDefault(language);
            if (language.Length is 2 or 3 && title.Length > 0 && (own is null || FeedText.Line(own.Title) != title || FeedText.Clean(own.Text) != text))
            {
                texts[language] = new OfferText(title, text);
            }
        }

        var category = Enum.TryParse<OfferCategory>(form["category"].ToString(), out var chosen) && Enum.IsDefined(chosen) ? chosen : (OfferCategory?)null;
        return new OfferEdit { Hidden = form["hidden"] == "on", Category = category == CategoryRules.CategoryOf(lead) ? null : category, Texts = texts };
    }

    private static string Short(string text, int max) => text.Trim() is { } trimmed && trimmed.Length > max ? trimmed[..max] : text.Trim();
}
