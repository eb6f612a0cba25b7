using System.Text.Json;
using System.Text.Json.Nodes;
using Quartier.Gateway.Ingest;
using Xunit;

namespace Quartier.Tests.Wire;

/// <summary>The radio formats as the gateway shows them, to be held against pages, vectors and the JavaScript codecs.</summary>
public static class WireJson
{
    /// <summary>What codec and gateway make of a frame, in the page's fields; null when it is refused. A field that this format does not
    /// carry is one that nobody knows.</summary>
    public static JsonObject? Decode(FormatPage page, byte[] bytes)
    {
        if (PodFormats.All.At(page.Port)?.Decode(bytes) is not { } message)
        {
            return null;
        }

        var fields = JsonSerializer.SerializeToNode(ShelterFields.Of(message))!.AsObject();
        foreach (var (name, value) in fields.Where(field => !page.Names.Contains(field.Key)).ToList())
        {
            Assert.True(value is null, $"{page.Format} carries no {name}, but the gateway makes it {value?.ToJsonString()}");
            fields.Remove(name);
        }

        return fields;
    }
}
