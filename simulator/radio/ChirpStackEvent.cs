using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Radio;

/// <param name="Sequence">LoRaWAN frame counter of the uplink.</param>
public sealed record UplinkFrame(string DevEui, string DeviceName, string DevAddr, int Sequence, int Port, bool Confirmed, byte[] Payload, int SpreadingFactor);

/// <summary>Events in the form that current ChirpStack v4 servers write: proto3 JSON, integration fields always written, gateway
/// fields left out at their defaults, times with nine digits and +00:00, floats with a point.</summary>
public static class ChirpStackEvent
{
    public const string ApplicationId = "17c82e96-be03-4f38-aef3-f83d48582d97";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Gateways = ["0016c001f153a14c", "0016c001f153b2d7"];
    private static readonly int[] Frequencies = [868_100_000, 868_300_000, 868_500_000];

    public static string Topic(string devEui, string kind) => $"application/{ApplicationId}/device/{devEui}/event/{kind}";

    public static byte[] Up(UplinkFrame frame, Instant at, Chance chance) => Write(json =>
    {
        Head(json, frame, at, chance);
        json.WriteString("devAddr", frame.DevAddr);
        json.WriteBoolean("adr", true);
        json.WriteNumber("dr", 12 - frame.SpreadingFactor);
        json.WriteNumber("fCnt", frame.Sequence);
        json.WriteNumber("fPort", frame.Port);
        json.WriteBoolean("confirmed", frame.Confirmed);
        json.WriteBase64String("data", frame.Payload);
        Reception(json, at, chance);
        Transmission(json, frame, chance);
        json.WriteString("regionConfigId", "eu868");
    });

    public static byte[] Join(UplinkFrame first, Instant at, Chance chance) => Write(json =>
    {
        Head(json, first, at, chance);
        json.WriteString("devAddr", first.DevAddr);
        json.WriteString("regionConfigId", "eu868");
    });

    private static void Head(Utf8JsonWriter json, UplinkFrame frame, Instant at, Chance chance)
    {
        json.WriteString("deduplicationId", Identifier(chance));
        json.WriteString("time", Time(at));
        json.WriteStartObject("deviceInfo");
        json.WriteString("tenantId", "52f14cd4-c6f1-4fbd-8f87-4025e1d49242");
        json.WriteString("tenantName", "Stadt Ulm");
        json.WriteString("applicationId", ApplicationId);
        json.WriteString("applicationName", "ulmer-nester");
        json.WriteString("deviceProfileId", "14855bf7-d10d-4aee-b618-ebfcb64dc7ad");
        json.WriteString("deviceProfileName", "quartier shelter eu868");
        json.WriteString("deviceName", frame.DeviceName);
        json.WriteString("devEui", frame.DevEui);
        json.WriteString("deviceClassEnabled", "CLASS_A");
        json.WriteStartObject("tags");
        json.WriteString("simulated", "true");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Reception(Utf8JsonWriter json, Instant at, Chance chance)
    {
        json.WriteStartArray("rxInfo");
        var hearing = chance.Next(1, Gateways.Length);
        for (var i = 0; i < hearing; i++)
        {
            json.WriteStartObject();
            json.WriteString("gatewayId", Gateways[i]);
            json.WriteNumber("uplinkId", (uint)chance.NextUInt64());
            json.WriteString("nsTime", Time(at + Duration.FromMilliseconds(chance.Next(8, 60))));
            json.WriteNumber("rssi", -chance.Next(78, 119));
            json.WritePropertyName("snr");
            json.WriteRawValue((chance.Next(-60, 110) / 10.0).ToString("0.0", CultureInfo.InvariantCulture));
            if (chance.Next(8) is > 0 and var channel)
            {
                json.WriteNumber("channel", channel);
            }

            json.WriteStartObject("location");
            json.WriteNumber("latitude", 48.39841 + (i * 0.0127));
            json.WriteNumber("longitude", 9.99155 - (i * 0.0311));
            json.WritePropertyName("altitude");
            json.WriteRawValue(i == 0 ? "478.0" : "612.0");
            json.WriteEndObject();
            var context = new byte[4];
            chance.Fill(context);
            json.WriteBase64String("context", context);
            json.WriteString("crcStatus", "CRC_OK");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Transmission(Utf8JsonWriter json, UplinkFrame frame, Chance chance)
    {
        json.WriteStartObject("txInfo");
        json.WriteNumber("frequency", chance.Pick(Frequencies));
        json.WriteStartObject("modulation");
        json.WriteStartObject("lora");
        json.WriteNumber("bandwidth", 125000);
        json.WriteNumber("spreadingFactor", frame.SpreadingFactor);
        json.WriteString("codeRate", "CR_4_5");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Identifier(Chance chance)
    {
        Span<byte> bytes = stackalloc byte[16];
        chance.Fill(bytes);
        bytes[7] = (byte)((bytes[7] % 16) + 0x40);
        bytes[8] = (byte)((bytes[8] % 64) + 0x80);
        return new Guid(bytes).ToString();
    }

    private static string Time(Instant at) => at.ToString("uuuu'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffff", CultureInfo.InvariantCulture) + "+00:00";

    private static byte[] Write(Action<Utf8JsonWriter> body)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
