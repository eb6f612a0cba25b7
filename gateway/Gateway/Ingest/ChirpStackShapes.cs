using static Quartier.Gateway.Ingest.ProtoType;

namespace Quartier.Gateway.Ingest;

/// <summary>ChirpStack v4's event messages as tables: api/proto/integration, common and gw of the server's definitions.</summary>
public static class ChirpStackShapes
{
    private static readonly string[] CodeRates =
        ["CR_UNDEFINED", "CR_4_5", "CR_4_6", "CR_4_7", "CR_4_8", "CR_3_8", "CR_2_6", "CR_1_4", "CR_1_6", "CR_5_6", "CR_LI_4_5", "CR_LI_4_6", "CR_LI_4_8"];

    private static readonly string[] LogCodes =
    [
        "UNKNOWN", "DOWNLINK_PAYLOAD_SIZE", "UPLINK_CODEC", "DOWNLINK_CODEC", "OTAA", "UPLINK_F_CNT_RESET", "UPLINK_MIC",
        "UPLINK_F_CNT_RETRANSMISSION", "DOWNLINK_GATEWAY", "RELAY_NEW_END_DEVICE", "F_CNT_DOWN", "EXPIRED",
    ];

    private static readonly ProtoField CodeRate = new("codeRate", Choice, Names: CodeRates);
    private static readonly ProtoField Frequency = new("frequency", Unsigned);

    private static readonly ProtoField DeviceInfo = Of("deviceInfo",
        new("tenantId", Text), new("tenantName", Text), new("applicationId", Text), new("applicationName", Text),
        new("deviceProfileId", Text), new("deviceProfileName", Text), new("deviceName", Text), new("devEui", Text, Wanted: Wanted.Device),
        new("deviceClassEnabled", Choice, Names: ["CLASS_A", "CLASS_B", "CLASS_C"]), new("tags", TextMap));

    private static readonly ProtoField Location = Of("location",
        new("latitude", Number), new("longitude", Number), new("altitude", Number),
        new("source", Choice, Names: ["UNKNOWN", "GPS", "CONFIG", "GEO_RESOLVER_TDOA", "GEO_RESOLVER_RSSI", "GEO_RESOLVER_GNSS", "GEO_RESOLVER_WIFI"]),
        new("accuracy", Number));

    private static readonly ProtoField Modulation = Of("modulation",
        Of("lora", new("bandwidth", Unsigned), new("spreadingFactor", Unsigned), CodeRate, new("polarizationInversion", Truth),
            new("preamble", Unsigned), new("noCrc", Truth)),
        Of("fsk", new("frequencyDeviation", Unsigned), new("datarate", Unsigned)),
        Of("lrFhss", new("operatingChannelWidth", Unsigned), CodeRate, new("gridSteps", Unsigned)));

    private static readonly ProtoField RxInfo = new("rxInfo", Message, Repeated: true, Shape: new(
        new("gatewayId", Text), new("uplinkId", Unsigned), new("gwTime", Moment), new("nsTime", Moment),
        new("timeSinceGpsEpoch", Span), new("fineTimeSinceGpsEpoch", Span),
        new("rssi", Signed), new("snr", Number), new("channel", Unsigned), new("rfChain", Unsigned), new("board", Unsigned),
        new("antenna", Unsigned), Location, new("context", Bytes), new("metadata", TextMap),
        new("crcStatus", Choice, Names: ["NO_CRC", "BAD_CRC", "CRC_OK"])));

    private static readonly ProtoField RelayRxInfo = Of("relayRxInfo",
        new("devEui", Text), Frequency, new("dr", Unsigned), new("snr", Signed), new("rssi", Signed), new("worChannel", Unsigned));

    private static readonly ProtoField Timing = Of("timing",
        Of("immediately"), Of("delay", new ProtoField("delay", Span)), Of("gpsEpoch", new ProtoField("timeSinceGpsEpoch", Span)));

    private static readonly ProtoField DownlinkTxInfo = Of("txInfo",
        Frequency, new("power", Signed), Modulation, new("board", Unsigned), new("antenna", Unsigned), Timing, new("context", Bytes));

    private static readonly ProtoField DeduplicationId = new("deduplicationId", Text, Wanted: Wanted.Id);
    private static readonly ProtoField Time = new("time", Moment, Wanted: Wanted.SentAt);
    private static readonly ProtoField QueueItemId = new("queueItemId", Text);

    private static readonly ProtoField JoinServerContext = new("joinServerContext", Struct, Wanted: Wanted.Sealed);

    public static readonly IReadOnlyDictionary<string, ProtoShape> ByEvent = new Dictionary<string, ProtoShape>
    {
        ["up"] = new(DeduplicationId, Time, DeviceInfo, new("devAddr", Text, Wanted: Wanted.Session), new("adr", Truth), new("dr", Unsigned),
            new("fCnt", Unsigned, Wanted: Wanted.Counter), new("fPort", Unsigned, Wanted: Wanted.Port), new("confirmed", Truth), new("data", Bytes, Wanted: Wanted.Payload), new("object", Struct), RxInfo,
            Of("txInfo", Frequency, Modulation), RelayRxInfo, JoinServerContext, new("regionConfigId", Text)),
        ["join"] = new(DeduplicationId, Time, DeviceInfo, new("devAddr", Text), RelayRxInfo, JoinServerContext, new("regionConfigId", Text)),
        ["ack"] = new(DeduplicationId, Time, DeviceInfo, QueueItemId, new("acknowledged", Truth), new("fCntDown", Unsigned)),
        ["txack"] = new(new("downlinkId", Unsigned), Time, DeviceInfo, QueueItemId, new("fCntDown", Unsigned), new("gatewayId", Text), DownlinkTxInfo),
        ["log"] = new(Time, DeviceInfo, new("level", Choice, Names: ["INFO", "WARNING", "ERROR"]), new("code", Choice, Names: LogCodes),
            new("description", Text), new("context", TextMap)),
        ["status"] = new(DeduplicationId, Time, DeviceInfo, new("margin", Signed), new("externalPowerSource", Truth),
            new("batteryLevelUnavailable", Truth), new("batteryLevel", Number)),
        ["location"] = new(DeduplicationId, Time, DeviceInfo, Location),
        ["integration"] = new(DeduplicationId, Time, DeviceInfo, new("integrationName", Text), new("eventType", Text), new("object", Struct)),
    };

    private static ProtoField Of(string name, params ProtoField[] fields) => new(name, Message, Shape: new(fields));
}
