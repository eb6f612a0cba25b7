namespace Quartier.Gateway.Domain.Offers.Import.Hsds;

/// <summary>
/// What HSDS 3.0 says of each object: required fields (!), texts, numbers (#), lists (name*type), objects (name.type) and the words a text may be
/// (name=a|b). Fields of 3.1 and of profiles, and unknown ones, are left alone. Null is as good as absent.
/// </summary>
internal static class HsdsShape
{
    private static readonly Dictionary<string, Field[]> Shapes = new Dictionary<string, string>
    {
        ["service"] = """
            id! name! status!=active|inactive|defunct|temporarily closed organization_id program_id alternate_name description url email
            interpretation_services application_process fees_description wait_time fees accreditations eligibility_description assured_date
            assurer_email licenses alert last_modified minimum_age# maximum_age# phones*phone schedules*schedule languages*language
            service_at_locations*service_at_location organization.organization cost_options*cost_option contacts*contact attributes*attribute
            """,
        ["service_at_location"] = """
            id! service_id location_id description contacts*contact phones*phone schedules*schedule location.location attributes*attribute
            """,
        ["organization"] = """
            id! name! description! alternate_name email website tax_status tax_id legal_status logo uri parent_organization_id
            year_incorporated# contacts*contact phones*phone locations*location attributes*attribute
            """,
        ["location"] = """
            id! location_type!=physical|postal|virtual url organization_id name alternate_name description transportation external_identifier
            external_identifier_type latitude# longitude# languages*language addresses*address contacts*contact accessibility*accessibility
            phones*phone schedules*schedule attributes*attribute
            """,
        ["address"] = """
            id! address_1! city! state_province! postal_code! country! address_type!=physical|postal|virtual location_id attention address_2
            region attributes*attribute
            """,
        ["schedule"] = """
            id! service_id location_id service_at_location_id valid_from valid_to dtstart until wkst=MO|TU|WE|TH|FR|SA|SU freq=WEEKLY|MONTHLY byday
            byweekno bymonthday byyearday description opens_at closes_at schedule_link attending_type notes timezone# count# interval#
            """,
        ["phone"] = "id! number! location_id service_id organization_id contact_id service_at_location_id type description extension# languages*language",
        ["contact"] = "id! organization_id service_id service_at_location_id location_id name title department email phones*phone",
        ["language"] = "id! service_id location_id phone_id name code note",
        ["accessibility"] = "id! location_id description details url",
        ["cost_option"] = "id! service_id valid_from valid_to option currency amount_description amount#",
        ["attribute"] = "id! link_id taxonomy_term_id link_type link_entity value label taxonomy_term.taxonomy_term",
        ["taxonomy_term"] = "id! name! description! code parent_id taxonomy language taxonomy_id term_uri",
    }.ToDictionary(pair => pair.Key, pair => FieldsOf(pair.Value));

    /// <summary>The standard allows an empty text everywhere; these we cannot do without.</summary>
    private static readonly HashSet<(string Type, string Field)> NeverBlank = [("service", "id"), ("service", "name"), ("service", "status"), ("phone", "number")];

    private enum Kind
    {
        Text,
        Number,
        List,
        Object,
    }

    private sealed record Field(string Name, Kind Kind, bool IsRequired, string Type, string[] Words);

    /// <summary>Refuses at the first field that does not fit; all missing fields of one object are named at once.</summary>
    public static void Check(JsonPlace place, string type)
    {
        var fields = Shapes[type];
        var missing = fields.Where(field => field.IsRequired && (NeverBlank.Contains((type, field.Name)) ? place.IsBlank(field.Name) : !place.Has(field.Name))).Select(field => field.Name).ToList();
        if (missing.Count > 0)
        {
            throw place.Missing(missing);
        }

        foreach (var field in fields.Where(field => place.Has(field.Name)))
        {
            switch (field.Kind)
            {
                case Kind.Number:
                    place.Number(field.Name);
                    break;
                case Kind.Object:
                    Check(place.Object(field.Name)!.Value, field.Type);
                    break;
                case Kind.List:
                    foreach (var element in place.List(field.Name))
                    {
                        Check(element, field.Type);
                    }

                    break;
                default:
                    CheckText(place, field);
                    break;
            }
        }
    }

    private static void CheckText(JsonPlace place, Field field)
    {
        var text = place.Text(field.Name)!.Trim();
        if (text.Length > 0 && field.Words.Length > 0 && !field.Words.Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            throw JsonPlace.Violation(place[field.Name], $"{string.Join(", ", field.Words)} erwartet, nicht „{text}“", $"one of {string.Join(", ", field.Words)} expected, not “{text}”");
        }
    }

    private static Field[] FieldsOf(string table) => table
        .Replace("temporarily closed", "temporarily\u00A0closed", StringComparison.Ordinal)
        .Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(FieldOf).ToArray();

    private static Field FieldOf(string written)
    {
        var name = written.TrimEnd('#').Split('!', '=', '*', '.')[0];
        var rest = written[name.Length..];
        var isRequired = rest.StartsWith('!');
        rest = rest.TrimStart('!');
        var kind = rest switch { ['#', ..] => Kind.Number, ['*', ..] => Kind.List, ['.', ..] => Kind.Object, _ => Kind.Text };
        return new Field(name, kind, isRequired, rest.TrimStart('*', '.'), rest.StartsWith('=') ? rest[1..].Replace('\u00A0', ' ').Split('|') : []);
    }
}
