using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Quartier.Tests.Support;

namespace Quartier.Tests.Gateway.Planning;

/// <summary>The compiled schemas of HSDS 3.0 as Open Referral publishes them; they name no dialect and are written in draft 7.</summary>
internal static class PublishedSchema
{
    private static readonly EvaluationOptions ListOfFaults = new()
    {
        OutputFormat = OutputFormat.List,
        RequireFormatValidation = true,
    };

    /// <summary>A line per fault: number and name of the document, place in it, what the schema asks there. Empty when all are valid.</summary>
    public static string Faults(string schema, IEnumerable<JsonObject> documents)
    {
        var options = new BuildOptions
        {
            Dialect = Dialect.Draft07,
            SchemaRegistry = new SchemaRegistry(),
        };
        var check = JsonSchema.FromFile(SharedData.PathTo("hsds", "v3.0", "schema", "compiled", schema), options);
        return string.Join('\n', documents.SelectMany((document, index) => Faults(check, document).Select(fault => $"{index} {document["name"]} {fault}")));
    }

    private static IEnumerable<string> Faults(JsonSchema schema, JsonObject document)
    {
        var found = schema.Evaluate(JsonSerializer.SerializeToElement(document), ListOfFaults);
        if (found.IsValid)
        {
            return [];
        }

        var faults = (found.Details ?? []).SelectMany(place => (place.Errors ?? []).Select(error => $"{place.InstanceLocation} {error.Value}")).ToArray();
        return faults.Length > 0 ? faults : ["is invalid"];
    }
}
