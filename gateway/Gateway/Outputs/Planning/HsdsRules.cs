using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Quartier.Gateway.Domain.Offers;
using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Outputs.Planning;

/// <summary>The catalogue in Open Referral's Human Services Data Specification 3.0. Pure: offers in, JSON out.
/// There is no service_capacity anywhere: a free bed is occupancy, and occupancy leaves through the ledger only.</summary>
public static class HsdsRules
{
    private const string OwnLanguage = "de";

    /// <summary>What residents can see now, in a fixed order.</summary>
    public static IReadOnlyList<OfferView> Catalogue(IEnumerable<Offer> offers, Instant now) =>
        [.. offers.Select(offer => OfferView.Of(offer, now)).Where(view => view.IsShownAt(now)).OrderBy(ServiceId, StringComparer.Ordinal)];

    /// <summary>One service with everything in it, as GET /services/{id} gives it.</summary>
    /// <param name="now">Schedules that HSDS cannot say as a rule are listed from the beginning of this month.</param>
    public static JsonObject Service(OfferView view, Instant now)
    {
        var (id, lead) = (ServiceId(view), view.Lead);
        var service = ListEntry(view);
        var month = BerlinTime.StartOf(BerlinTime.DayOf(now).With(DateAdjusters.StartOfMonth));
        service["schedules"] = new JsonArray([.. HsdsScheduleRules.Of(view.Schedule, month).Select((schedule, index) =>
        {
            schedule["id"] = Id("schedule", $"{view.Offer.Id}:{index}");
            schedule["service_id"] = id;
            return (JsonNode)schedule;
        })]);
        if (lead.Phone is { Length: > 0 } phone)
        {
            service["phones"] = new JsonArray(new JsonObject { ["id"] = Id("phone", view.Offer.Id), ["service_id"] = id, ["number"] = phone });
        }

        if (lead.Place is { Length: > 0 } place)
        {
            service["service_at_locations"] = new JsonArray(AtLocation(view, id, place));
        }

        if (lead.SpokenLanguages.Count > 0)
        {
            service["languages"] = new JsonArray([.. lead.SpokenLanguages.Select(code => (JsonNode)new JsonObject
            {
                ["id"] = Id("language", $"{view.Offer.Id}:{code}"),
                ["service_id"] = id,
                ["code"] = code,
            })]);
        }

        service["attributes"] = new JsonArray([.. Terms(view).Select(term => (JsonNode)Attribute(view, id, term))]);
        return service;
    }

    /// <summary>One service with its single-valued fields only, as a page of GET /services gives it.</summary>
    public static JsonObject ListEntry(OfferView view)
    {
        var lead = view.Lead;
        var provider = string.IsNullOrEmpty(lead.Provider) ? view.Offer.Source : lead.Provider;
        var service = new JsonObject
        {
            ["id"] = ServiceId(view),
            ["organization_id"] = Id("organization", provider),
            ["name"] = view.TitleIn(OwnLanguage),
            ["description"] = view.TextIn(OwnLanguage).Text,
            ["status"] = "active",
            ["last_modified"] = InstantPattern.General.Format(view.Offer.LastChanged),
            ["organization"] = new JsonObject
            {
                ["id"] = Id("organization", provider),
                ["name"] = provider,
                ["description"] = provider,
            },
        };
        if (view.Texts.Keys.FirstOrDefault(language => language != view.Language && language != OwnLanguage) is { } other)
        {
            service["alternate_name"] = view.TitleIn(other);
        }

        if (Uri.TryCreate(view.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            service["url"] = url.AbsoluteUri;
        }

        if (view.Flags.HasFlag(OfferFlags.FreeOfCharge))
        {
            service["fees_description"] = "kostenlos";
        }

        if (view.Flags.HasFlag(OfferFlags.RegistrationNeeded))
        {
            service["application_process"] = "Anmeldung erforderlich";
        }

        return service;
    }

    /// <summary>One page of the catalogue, as the specification's Page object.</summary>
    public static JsonObject Page(IReadOnlyList<OfferView> catalogue, int page, int perPage, bool full, Instant now)
    {
        var pages = Math.Max(1, (catalogue.Count + perPage - 1) / perPage);
        OfferView[] shown = [.. catalogue.Skip((page - 1) * perPage).Take(perPage)];
        return new JsonObject
        {
            ["total_items"] = catalogue.Count,
            ["total_pages"] = pages,
            ["page_number"] = page,
            ["size"] = shown.Length,
            ["first_page"] = page == 1,
            ["last_page"] = page >= pages,
            ["empty"] = shown.Length == 0,
            ["contents"] = new JsonArray([.. shown.Select(view => (JsonNode)(full ? Service(view, now) : ListEntry(view)))]),
        };
    }

    public static string ServiceId(OfferView view) => Id("service", view.Offer.Id);

    public static bool Matches(OfferView view, string words) =>
        view.Texts.Values.Any(text => Contains(text.Title, words) || Contains(text.Text, words)) || Contains(view.Lead.Provider, words);

    private static bool Contains(string? text, string words) => text?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;

    private static string Id(string kind, string name) => NameUuid.For(kind, name).ToString();

    private static JsonObject AtLocation(OfferView view, string serviceId, string place)
    {
        var location = new JsonObject
        {
            ["id"] = Id("location", place),
            ["location_type"] = "physical",
            ["name"] = place,
        };
        if (view.Lead.Point is { } point)
        {
            location["latitude"] = point.Latitude;
            location["longitude"] = point.Longitude;
        }

        return new JsonObject
        {
            ["id"] = Id("service_at_location", $"{view.Offer.Id}:{place}"),
            ["service_id"] = serviceId,
            ["location_id"] = Id("location", place),
            ["location"] = location,
        };
    }

    private static IEnumerable<(string Taxonomy, string Term)> Terms(OfferView view)
    {
        yield return ("kind", view.Lead.Kind.ToString().ToLowerInvariant());
        yield return ("heading", CategoryWords.Name(ReaderLanguage.German, view.Category));
        foreach (var category in view.Lead.Categories.Distinct())
        {
            yield return ("category", category);
        }

        if (view.Flags.HasFlag(OfferFlags.StepFree))
        {
            yield return ("accessibility", "stufenlos");
        }
    }

    private static JsonObject Attribute(OfferView view, string serviceId, (string Taxonomy, string Term) term)
    {
        var name = $"{term.Taxonomy}:{term.Term}";
        return new JsonObject
        {
            ["id"] = Id("attribute", $"{view.Offer.Id}:{name}"),
            ["link_id"] = serviceId,
            ["link_entity"] = "service",
            ["taxonomy_term_id"] = Id("term", name),
            ["taxonomy_term"] = new JsonObject
            {
                ["id"] = Id("term", name),
                ["code"] = name,
                ["name"] = term.Term,
                ["description"] = term.Term,
                ["taxonomy"] = $"quartier {term.Taxonomy}",
            },
        };
    }
}
