using System.Globalization;
using System.Text.Json;

namespace Quartier.Gateway.Domain.Offers.Import.Hsds;

/// <summary>A JSON value together with its path, so that whatever is wrong with it can be named.</summary>
internal readonly record struct JsonPlace(JsonElement Value, string Path)
{
    public bool IsObject => Value.ValueKind == JsonValueKind.Object;

    public bool IsArray => Value.ValueKind == JsonValueKind.Array;

    public bool Has(string name) => IsObject && Value.TryGetProperty(name, out var found) && found.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);

    public JsonPlace this[string name] => new(Value.GetProperty(name), Path.Length == 0 ? name : $"{Path}.{name}");

    public string PathOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    /// <summary>A text that may be absent; any other type breaks the schema.</summary>
    public string? Text(string name)
    {
        if (!Has(name))
        {
            return null;
        }

        var value = this[name];
        return value.Value.ValueKind == JsonValueKind.String ? value.Value.GetString() : throw Violation(value, "Text erwartet", "text expected");
    }

    public double? Number(string name)
    {
        if (!Has(name))
        {
            return null;
        }

        var value = this[name];
        if (value.Value.ValueKind == JsonValueKind.Number)
        {
            return value.Value.GetDouble();
        }

        // Some exports write numbers as texts, and no number as an empty one; that loses nothing.
        var text = value.Value.ValueKind == JsonValueKind.String ? value.Value.GetString() : null;
        return text is { Length: 0 } ? null : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Violation(value, "Zahl erwartet", "number expected");
    }

    public JsonPlace? Object(string name)
    {
        if (!Has(name))
        {
            return null;
        }

        var value = this[name];
        return value.IsObject ? value : throw Violation(value, "Objekt erwartet", "object expected");
    }

    public IReadOnlyList<JsonPlace> List(string name)
    {
        if (!Has(name))
        {
            return [];
        }

        var value = this[name];
        return value.IsArray ? value.Elements(objects: true) : throw Violation(value, "Liste erwartet", "list expected");
    }

    public IReadOnlyList<JsonPlace> Elements(bool objects)
    {
        var path = Path;
        var elements = Value.EnumerateArray().Select((element, index) => new JsonPlace(element, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"))).ToList();
        foreach (var element in elements)
        {
            if (objects && !element.IsObject)
            {
                throw Violation(element, "Objekt erwartet", "object expected");
            }
        }

        return elements;
    }

    public bool IsBlank(string name) => !Has(name) || (this[name].Value.ValueKind == JsonValueKind.String && this[name].Value.GetString()!.Trim().Length == 0);

    /// <summary>All missing fields of one object are named at once.</summary>
    public RefusedException Missing(IReadOnlyList<string> names) =>
        new(Refusals.MissingField(string.Join(", ", names.Select(PathOf)), string.Join(", ", names)));

    public static RefusedException Violation(JsonPlace at, string german, string english) =>
        new(Refusals.SchemaViolation(at.Path.Length == 0 ? "$" : at.Path, german, english));
}
