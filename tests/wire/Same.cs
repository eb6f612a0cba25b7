using System.Text.Json.Nodes;
using Xunit;

namespace Quartier.Tests.Wire;

public static class Same
{
    /// <summary>Equal as JSON, whatever numeric type made the numbers.</summary>
    public static void Json(JsonNode? expected, JsonNode? actual, string where)
    {
        var left = JsonNode.Parse(expected?.ToJsonString() ?? "null");
        var right = JsonNode.Parse(actual?.ToJsonString() ?? "null");
        Assert.True(JsonNode.DeepEquals(left, right), $"{where}\nexpected {left?.ToJsonString() ?? "a refusal"}\nactual   {right?.ToJsonString() ?? "a refusal"}");
    }
}
