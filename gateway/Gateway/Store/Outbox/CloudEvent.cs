using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace Quartier.Gateway.Store.Outbox;

/// <summary>An event in the JSON form of CloudEvents 1.0 ("structured mode"): the body of every webhook.</summary>
/// <param name="Id">The outbox key: a receiver that has seen source and id before has the event already.</param>
/// <param name="Type">Reverse-DNS name, for example de.quartier.alert.raised.</param>
public sealed record CloudEvent(string Id, string Source, string Type, string Subject, Instant Time, JsonNode Content)
{
    public const string MediaType = "application/cloudevents+json";

    // The body is data for a program, never markup in a page: umlauts stay readable.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string ToJson() => new JsonObject
    {
        ["specversion"] = "1.0",
        ["id"] = Id,
        ["source"] = Source,
        ["type"] = Type,
        ["subject"] = Subject,
        ["time"] = InstantPattern.ExtendedIso.Format(Time),
        ["datacontenttype"] = "application/json",
        ["data"] = Content.DeepClone(),
    }.ToJsonString(Plain);

    /// <summary>Puts the sequence extension into an event's JSON: of two events of one subject the greater text is the newer one.</summary>
    public static string WithSequence(string json, long sequence)
    {
        var happened = JsonNode.Parse(json)!.AsObject();
        happened["sequence"] = sequence.ToString("D12", CultureInfo.InvariantCulture);
        return happened.ToJsonString(Plain);
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToJson());
}
