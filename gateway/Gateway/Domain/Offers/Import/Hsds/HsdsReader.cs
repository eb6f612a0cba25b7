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

    private static readonly string[] OrganizationMarks =
        ["website", "organization_identifiers", "legal_status", "tax_status", "year_incorporated", "parent_organization_id", "locations", "programs"];

    /// <param name="AtLocation">The service-at-location through which the service was reached, if any.</param>
    /// <param name="Organization">The organisation whose list it stands in, if any.</param>
    private readonly record struct Found(JsonPlace Service, JsonPlace? AtLocation, JsonPlace? Organization)
    {
        /// <summary>The service's own word on who offers it comes first.</summary>
        public JsonPlace? Provider => Service.Object("organization") ?? Organization;
    }

    public static Reading Read(JsonElement root, ImportSettings settings)
    {
        var warnings = new List<string>();
        var outcomes = new HsdsOutcomes(settings, warnings);
        string? organization = null;
        foreach (var found in ServicesOf(new JsonPlace(root, ""), warnings))
        {
            HsdsShape.Check(found.Service, "service");
            ReadService(found, outcomes);
            organization ??= found.Provider?.Text("name");
        }

        return new Reading("hsds")
        {
            SourceName = FeedText.LineOrNull(organization),
            Items = outcomes.Items,
            Skipped = outcomes.Skipped,
            CalledOff = outcomes.CalledOff,
            Over = outcomes.Over,
            IsComplete = IsList(new JsonPlace(root, "")) && outcomes.Named.Count > 0,
            Named = [.. outcomes.Named],
            Warnings = warnings.Distinct().ToList(),
        };
    }

    /// <summary>R10: a list, a last page or an organisation names all that the source has; a single service does not.</summary>
    private static bool IsList(JsonPlace root) =>
        root.IsArray || (root.Has("contents") ? (root.Number("total_pages") ?? 1) <= 1 : root.Has("services"));

    private static IEnumerable<Found> ServicesOf(JsonPlace root, List<string> warnings)
    {
        if (root.IsArray)
        {
            return root.Elements(objects: true).SelectMany(element => FromObject(element, warnings)).ToList();
        }

        if (!root.Has("contents"))
        {
            return FromObject(root, warnings).ToList();
        }

        if (root.Number("total_pages") is { } pages && pages > 1)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"more-pages: {root.Number("page_number") ?? 1} of {pages}"));
        }

        return root.List("contents").SelectMany(element => FromObject(element, warnings)).ToList();
    }

    private static IEnumerable<Found> FromObject(JsonPlace place, List<string> warnings)
    {
        if (place.Has("@context") || place.Has("@graph") || place.Has("@type"))
        {
            throw new RefusedException(Refusals.NotSupportedYet(Where(place), "JSON-LD"));
        }

        if (place.Has("service") && !place.Has("status"))
        {
            HsdsShape.Check(place, "service_at_location");
            return [new Found(place.Object("service")!.Value, place, null)];
        }

        if (IsOrganization(place))
        {
            HsdsShape.Check(place, "organization");
            if (!place.Has("services"))
            {
                warnings.Add($"organisation-without-services: {place.Text("id")}");
            }

            return place.List("services").Select(service => new Found(service, null, place)).ToList();
        }

        if (ServiceMarks.Any(place.Has))
        {
            return [new Found(place, null, null)];
        }

        throw new RefusedException(Refusals.WrongFormat(Where(place), Contents(place)));
    }

    private static bool IsOrganization(JsonPlace place) =>
        place.Has("services") || (OrganizationMarks.Any(place.Has) && !ServiceMarks.Any(place.Has));

    private static string Where(JsonPlace place) => place.Path.Length == 0 ? "$" : place.Path;

    private static string Contents(JsonPlace place)
    {
        if (!place.IsObject)
        {
            return "JSON ohne Objekt / JSON without an object";
        }

        var names = place.Value.EnumerateObject().Select(property => property.Name).ToList();
        return names.Any(name => name.EndsWith(".csv", StringComparison.Ordinal)) ? "HSDS als Tabellen / HSDS in tabular form"
            : names.Contains("taxonomy") || names.Contains("taxonomy_terms") || names.Contains("term_uri") || (names.Contains("uri") && names.Contains("version")) ? "HSDS-Taxonomie / HSDS taxonomy"
            : names.Contains("openapi_url") ? "HSDS-Beschreibung der Schnittstelle / HSDS API description"
            : $"JSON mit / with {string.Join(", ", names.Take(5))}";
    }

    private static void ReadService(Found found, HsdsOutcomes outcomes)
    {
        var service = found.Service;
        var id = service.Text("id")!.Trim();
        var places = found.AtLocation is { } given ? [given] : service.List("service_at_locations");
        var distinct = places.Select((place, index) => (Place: place, Key: LocationKey(place, index))).DistinctBy(pair => pair.Key).ToList();
        var candidates = distinct.Count <= 1
            ? [Describe(found, id, places, outcomes)]
            : distinct.Select(pair => Describe(found, $"{id}/{pair.Key}", [pair.Place], outcomes)).ToList();
        foreach (var item in candidates)
        {
            outcomes.Add(item, service.Text("status")!.Trim().ToLowerInvariant());
        }
    }

    private static string LocationKey(JsonPlace place, int index) =>
        place.Object("location")?.Text("id") ?? place.Text("location_id") ?? place.Text("id") ?? index.ToString(CultureInfo.InvariantCulture);

    private static string TextOf(JsonPlace service, IReadOnlyList<JsonPlace> schedules)
    {
        // Whom it is for and that one has to ask first come before all else: a screen may cut what stands last.
        var parts = new List<string?> { service.Text("alert"), service.Text("eligibility_description"), AgesOf(service) };
        parts.AddRange(schedules.SelectMany(schedule => new[] { schedule.Text("description"), schedule.Text("notes") }));
        parts.AddRange([service.Text("description"), service.Text("application_process"), service.Text("wait_time"), service.Text("fees_description")]);
        return FeedText.Clean(string.Join('\n', parts.Select(FeedText.FromText).Where(part => part.Length > 0).Distinct()));
    }

    private static string? AgesOf(JsonPlace service)
    {
        var from = service.Number("minimum_age") is > 0 and < 130 and var least ? least : (double?)null;
        var to = service.Number("maximum_age") is > 0 and < 130 and var most ? most : (double?)null;
        return (from, to) switch
        {
            ({ } youngest, { } oldest) => string.Create(CultureInfo.InvariantCulture, $"Von {youngest:0} bis {oldest:0} Jahren"),
            ({ } youngest, null) => string.Create(CultureInfo.InvariantCulture, $"Ab {youngest:0} Jahren"),
            (null, { } oldest) => string.Create(CultureInfo.InvariantCulture, $"Bis {oldest:0} Jahre"),
            _ => null,
        };
    }

    private static OfferItem Describe(Found found, string key, IReadOnlyList<JsonPlace> places, HsdsOutcomes outcomes)
    {
        var (service, settings, warnings) = (found.Service, outcomes.Settings, outcomes.Warnings);
        var title = FeedText.LineFromText(service.Text("name")) ?? "";
        var location = places.Count > 0 ? places[0].Object("location") : null;
        var organization = found.Provider;
        var schedules = service.List("schedules").Concat(places.SelectMany(place => place.List("schedules"))).ToList();
        if (schedules.Count == 0 && location is { } open)
        {
            // Nothing says when the service itself is there: it is when its place is open.
            schedules.AddRange(open.List("schedules"));
        }

        var text = TextOf(service, schedules);
        var closing = string.Join('\n', service.Text("description"), service.Text("alert"));
        var label = service.Text("id")!.Trim();
        return new OfferItem(key, label, settings.Kind ?? OfferKind.Service, settings.Language, title, text, HsdsSchedules.Read(label, schedules, closing, warnings))
        {
            KeyIsGiven = true,
            Url = FeedLinks.Resolve(service.Text("url"), settings.SourceUrl),
            Place = location is { } named ? PlaceOf(named) : null,
            Point = location is { } pointed ? PointOf(pointed, label, warnings) : null,
            Phone = PhoneOf(service, places, location, organization),
            Provider = FeedText.LineFromText(organization?.Text("name")),
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
        var addresses = location.List("addresses");
        var address = addresses.Count == 0 ? (JsonPlace?)null : addresses.FirstOrDefault(candidate => candidate.Text("address_type") == "physical") is { Path: not null } physical ? physical : addresses[0];
        var parts = new[] { location.Text("name"), address?.Text("address_1"), address?.Text("city") };
        return FeedText.LineOrNull(string.Join(", ", parts.Select(part => FeedText.LineFromText(part) ?? "").Where(part => part.Length > 0).Distinct()));
    }

    private static GeoPoint? PointOf(JsonPlace location, string label, List<string> warnings)
    {
        if (location.Number("latitude") is not { } latitude || location.Number("longitude") is not { } longitude)
        {
            return null;
        }

        if (new GeoPoint(latitude, longitude) is { IsReal: true } point)
        {
            return point;
        }

        warnings.Add($"point-out-of-range: {label}");
        return null;
    }

    private static string? PhoneOf(JsonPlace service, IReadOnlyList<JsonPlace> places, JsonPlace? location, JsonPlace? organization)
    {
        var holders = new List<JsonPlace> { service };
        holders.AddRange(service.List("contacts"));
        holders.AddRange(places);
        holders.AddRange(new[] { location, organization }.OfType<JsonPlace>());
        var phones = holders.SelectMany(holder => holder.List("phones")).ToList();
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
                    texts[language] = new OfferText(FeedText.LineFromText(translation.Text("name")) ?? "", FeedText.FromText(translation.Text("description")));
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
