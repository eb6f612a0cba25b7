using System.Globalization;
using System.Text.Json;
using NodaTime.Text;

namespace Quartier.Gateway.Domain.Offers.Import.Hsds;

/// <summary>
/// Services of HSDS 3.0: one service, a page or list of services, services at locations, or an organisation with its services.
/// Whatever breaks the schema in the parts that are read refuses the whole document and names its path.
/// </summary>
internal static class HsdsReader
{
    private static readonly string[] ServiceMarks =
        ["status", "schedules", "service_at_locations", "organization", "organization_id", "fees_description", "service_areas", "eligibility_description", "application_process", "minimum_age", "assured_date", "interpretation_services"];

    public static Reading Read(JsonElement root, ImportSettings settings)
    {
        var warnings = new List<string>();
        var items = new List<OfferItem>();
        var skipped = new List<Skipped>();
        string? organization = null;
        foreach (var (service, ownPlace) in ServicesOf(new JsonPlace(root, ""), warnings))
        {
            ReadService(service, ownPlace, settings, items, skipped, warnings);
            organization ??= service.Object("organization")?.Text("name");
        }

        return new Reading("hsds")
        {
            SourceName = FeedText.LineOrNull(organization),
            Items = items,
            Skipped = skipped,
            Warnings = warnings,
        };
    }

    /// <summary>Each service, with the service-at-location through which it was reached, if any.</summary>
    private static IEnumerable<(JsonPlace Service, JsonPlace? AtLocation)> ServicesOf(JsonPlace root, List<string> warnings)
    {
        if (root.IsArray)
        {
            return root.Elements(objects: true).SelectMany(element => FromObject(element)).ToList();
        }

        if (!root.Has("contents"))
        {
            return FromObject(root).ToList();
        }

        if (root.Number("total_pages") is { } pages && pages > 1)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"more-pages: {root.Number("page_number") ?? 1} of {pages}"));
        }

        return root.List("contents").SelectMany(FromObject).ToList();
    }

    private static IEnumerable<(JsonPlace Service, JsonPlace? AtLocation)> FromObject(JsonPlace place)
    {
        if (place.Has("@context") || place.Has("@graph") || place.Has("@type"))
        {
            throw new RefusedException(Refusals.NotSupportedYet(Where(place), "JSON-LD"));
        }

        if (place.Has("service") && !place.Has("status"))
        {
            return [(place.Object("service")!.Value, place)];
        }

        if (place.Has("services"))
        {
            var name = place.Text("name");
            return place.List("services").Select(service => (service, (JsonPlace?)null)).ToList();
        }

        if (ServiceMarks.Any(place.Has))
        {
            return [(place, null)];
        }

        throw new RefusedException(Refusals.WrongFormat(Where(place), Found(place)));
    }

    private static string Where(JsonPlace place) => place.Path.Length == 0 ? "$" : place.Path;

    private static string Found(JsonPlace place)
    {
        if (!place.IsObject)
        {
            return "JSON ohne Objekt / JSON without an object";
        }

        var names = place.Value.EnumerateObject().Select(property => property.Name).ToList();
        return names.Any(name => name.EndsWith(".csv", StringComparison.Ordinal)) ? "HSDS als Tabellen / HSDS in tabular form"
            : names.Contains("taxonomy") || names.Contains("taxonomy_terms") || names.Contains("term_uri") || (names.Contains("uri") && names.Contains("version")) ? "HSDS-Taxonomie / HSDS taxonomy"
            : names.Contains("openapi_url") ? "HSDS-Beschreibung der Schnittstelle / HSDS API description"
            : names.Contains("website") || names.Contains("organization_identifiers") || names.Contains("legal_status") ? "HSDS-Organisation ohne Angebote / HSDS organisation without services"
            : $"JSON mit / with {string.Join(", ", names.Take(5))}";
    }

    private static void ReadService(JsonPlace service, JsonPlace? at, ImportSettings settings, List<OfferItem> items, List<Skipped> skipped, List<string> warnings)
    {
        service.Require("id", "name", "status");
        var id = service.Text("id")!.Trim();
        var title = FeedText.Line(service.Text("name"));
        var status = service.Text("status")!.Trim().ToLowerInvariant();
        if (status is not ("active" or "inactive" or "defunct" or "temporarily closed"))
        {
            throw JsonPlace.Violation(service["status"], $"active, inactive, defunct oder temporarily closed erwartet, nicht „{status}“", $"active, inactive, defunct or temporarily closed expected, not “{status}”");
        }

        var places = at is { } given ? [given] : service.List("service_at_locations");
        var distinct = places.Select((place, index) => (Place: place, Key: LocationKey(place, index))).DistinctBy(pair => pair.Key).ToList();
        var text = TextOf(service);
        var candidates = distinct.Count <= 1
            ? [Describe(service, id, title, text, places.Count > 0 ? places : [], settings, warnings)]
            : distinct.Select(pair => Describe(service, $"{id}/{pair.Key}", title, text, [pair.Place], settings, warnings)).ToList();
        foreach (var item in candidates)
        {
            var reason = status switch
            {
                "inactive" => SkipReason.Inactive,
                "defunct" => SkipReason.Defunct,
                "temporarily closed" => SkipReason.TemporarilyClosed,
                _ => items.Any(other => other.Key == item.Key) ? SkipReason.Duplicate
                    : !settings.KeepPast && ScheduleRules.IsOver(item.Schedule, settings.WindowStart) ? SkipReason.Past
                    : null,
            };
            if (reason is null)
            {
                items.Add(item);
            }
            else
            {
                skipped.Add(new Skipped(item.Label, reason, item.Title) { Of = reason == SkipReason.Duplicate ? item.Label : null });
            }
        }
    }

    private static string LocationKey(JsonPlace place, int index) =>
        place.Object("location")?.Text("id") ?? place.Text("location_id") ?? place.Text("id") ?? index.ToString(CultureInfo.InvariantCulture);

    private static string TextOf(JsonPlace service)
    {
        var parts = new[] { service.Text("description"), service.Text("alert"), service.Text("application_process"), service.Text("fees_description") };
        return FeedText.Clean(string.Join('\n', parts.Where(part => !string.IsNullOrWhiteSpace(part)).Distinct()));
    }

    private static OfferItem Describe(JsonPlace service, string key, string title, string text, IReadOnlyList<JsonPlace> places, ImportSettings settings, List<string> warnings)
    {
        var schedules = service.List("schedules").Concat(places.SelectMany(place => place.List("schedules"))).ToList();
        var location = places.Count > 0 ? places[0].Object("location") : null;
        var organization = service.Object("organization");
        var closing = string.Join('\n', service.Text("description"), service.Text("alert"));
        return new OfferItem(key, service.Text("id")!.Trim(), settings.Kind ?? OfferKind.Service, settings.Language, title, text, HsdsSchedules.Read(schedules, closing, warnings))
        {
            KeyIsGiven = true,
            Url = FeedLinks.Resolve(service.Text("url"), settings.SourceUrl),
            Place = location is { } found ? PlaceOf(found) : null,
            Point = location is { } pointed ? PointOf(pointed, key, warnings) : null,
            Phone = PhoneOf(service, places, location, organization),
            Provider = FeedText.LineOrNull(organization?.Text("name")),
            SpokenLanguages = service.List("languages").Select(language => FeedLinks.FirstSubtag(language.Text("code")) ?? FeedText.Line(language.Text("name"))).Where(code => code.Length > 0).Distinct().ToList(),
            Categories = CategoriesOf(service),
            Translations = TranslationsOf(service),
            Flags = FlagsOf(service, location, text),
            Updated = InstantPattern.ExtendedIso.Parse(service.Text("last_modified") ?? "") is { Success: true } modified ? modified.Value : null,
        };
    }

    /// <summary>R13: "name, street, city" of the physical address.</summary>
    private static string? PlaceOf(JsonPlace location)
    {
        location.Require("id", "location_type");
        var type = location.Text("location_type")!;
        if (type is not ("physical" or "postal" or "virtual"))
        {
            throw JsonPlace.Violation(location["location_type"], $"physical, postal oder virtual erwartet, nicht „{type}“", $"physical, postal or virtual expected, not “{type}”");
        }

        var addresses = location.List("addresses");
        var address = addresses.Count == 0 ? (JsonPlace?)null : addresses.FirstOrDefault(candidate => candidate.Text("address_type") == "physical") is { Path: not null } physical ? physical : addresses[0];
        var parts = new[] { location.Text("name"), address?.Text("address_1"), address?.Text("city") };
        return FeedText.LineOrNull(string.Join(", ", parts.Select(FeedText.Line).Where(part => part.Length > 0).Distinct()));
    }

    private static GeoPoint? PointOf(JsonPlace location, string key, List<string> warnings)
    {
        if (location.Number("latitude") is not { } latitude || location.Number("longitude") is not { } longitude)
        {
            return null;
        }

        if (Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180)
        {
            return new GeoPoint(latitude, longitude);
        }

        warnings.Add($"point-out-of-range: {key}");
        return null;
    }

    private static string? PhoneOf(JsonPlace service, IReadOnlyList<JsonPlace> places, JsonPlace? location, JsonPlace? organization)
    {
        var holders = new List<JsonPlace> { service };
        holders.AddRange(service.List("contacts"));
        holders.AddRange(places);
        holders.AddRange(new[] { location, organization }.OfType<JsonPlace>());
        var phones = holders.SelectMany(holder => holder.List("phones")).ToList();
        foreach (var phone in phones)
        {
            phone.Require("number");
        }

        var voice = phones.FirstOrDefault(phone => phone.Text("type") is null or "voice" or "cell");
        return phones.Count == 0 ? null : FeedText.LineOrNull((voice.Path is null ? phones[0] : voice).Text("number")?.Trim('"'));
    }

    private static IReadOnlyList<string> CategoriesOf(JsonPlace service) => Rss.RssReader.Distinct(
        service.List("attributes").Select(attribute => attribute.Object("taxonomy_term")?.Text("name") ?? attribute.Text("label")));

    /// <summary>Our own addition to the standard, ignored by other readers: {"translations": {"en": {"name": …, "description": …}}}.</summary>
    private static SortedDictionary<string, OfferText> TranslationsOf(JsonPlace service)
    {
        var texts = new SortedDictionary<string, OfferText>(StringComparer.Ordinal);
        if (service.Object("translations") is { } translations)
        {
            foreach (var property in translations.Value.EnumerateObject())
            {
                if (FeedLinks.FirstSubtag(property.Name) is { } language && translations.Object(property.Name) is { } translation)
                {
                    texts[language] = new OfferText(FeedText.Line(translation.Text("name")), FeedText.Clean(translation.Text("description") ?? ""));
                }
            }
        }

        return texts;
    }

    private static OfferFlags FlagsOf(JsonPlace service, JsonPlace? location, string text)
    {
        var accessibility = location is { } place ? string.Join('\n', place.List("accessibility").Select(entry => $"{entry.Text("description")} {entry.Text("details")}")) : "";
        var flags = CategoryRules.FlagsOf($"{text}\n{accessibility}");
        return service.List("cost_options").Any(option => option.Number("amount") == 0) ? flags | OfferFlags.FreeOfCharge : flags;
    }
}
