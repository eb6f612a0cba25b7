using System.Text.Json.Nodes;
using Quartier.Wire;

namespace Quartier.Tests.Wire;

/// <summary>The screen's messages with the names of their C# fields, to hold them against vectors.</summary>
public static class ScreenJson
{
    public static readonly string[] Messages = ["presence", "hello", "telemetry", "usage", "want", "transport", "manifest", "entry", "notice", "settings", "root"];

    /// <summary>What the C# codec makes of the bytes; null when it refuses them.</summary>
    public static JsonObject? Decode(string message, byte[] bytes, int length) => message switch
    {
        "presence" => ScreenPresence.TryDecode(bytes, length, out var presence) ? new() { ["online"] = presence.Online } : null,
        "hello" => ScreenHello.TryDecode(bytes, length, out var hello) ? Of(hello) : null,
        "telemetry" => ScreenTelemetry.TryDecode(bytes, length, out var telemetry) ? Of(telemetry) : null,
        "usage" => ScreenUsage.TryDecode(bytes, length, out var usage) ? Of(usage) : null,
        "want" => ScreenWant.TryDecode(bytes, length, out var want) ? new() { ["manifest"] = Hex(want.Manifest), ["entries"] = Hex(want.Entries) } : null,
        "transport" => ScreenTransport.TryDecode(bytes, length, out var transport) ? Of(transport) : null,
        "manifest" => CatalogueManifest.TryDecode(bytes, length, out var manifest) ? Of(manifest) : null,
        "entry" => CatalogueEntry.TryDecode(bytes, length, out var entry) ? Of(entry) : null,
        "notice" => ScreenNotice.TryDecode(bytes, length, out var notice) ? Of(notice) : null,
        "settings" => ScreenSettings.TryDecode(bytes, length, out var settings) ? Of(settings) : null,
        "root" => RootOffer.TryDecode(bytes, length, out var offer) ? Of(offer) : null,
        _ => throw new ArgumentOutOfRangeException(nameof(message), message, "no such message"),
    };

    /// <returns>Bytes written, or -1.</returns>
    public static int Encode(string message, JsonObject f, byte[] into) => message switch
    {
        "presence" => new ScreenPresence { Online = (bool)f["online"]! }.Encode(into),
        "hello" => new ScreenHello
        {
            Sequence = (long)f["sequence"]!, Firmware = (string)f["firmware"]!, WidthPixels = (int)f["widthPixels"]!, HeightPixels = (int)f["heightPixels"]!,
            PitchMicrometres = (int)f["pitchMicrometres"]!, Catalogue = Bytes(f["catalogue"]), ResetReason = (int)f["resetReason"]!,
            CapacityEntries = (int?)f["capacityEntries"] ?? 0, CapacityBytes = (int?)f["capacityBytes"] ?? 0,
        }.Encode(into),
        "telemetry" => new ScreenTelemetry
        {
            Sequence = (long)f["sequence"]!, UptimeSeconds = (long)f["uptimeSeconds"]!, Catalogue = Bytes(f["catalogue"]), Page = (string)f["page"]!,
            FreeHeapBytes = (long?)f["freeHeapBytes"] ?? ScreenTelemetry.HeapUnknown, RssiDbm = (int?)f["rssiDbm"] ?? ScreenTelemetry.SignalUnknown, ContentAgeSeconds = (long?)f["contentAgeSeconds"] ?? ScreenTelemetry.AgeUnknown, TimeKnown = (bool)f["timeKnown"]!,
        }.Encode(into),
        "usage" => Usage(f).Encode(into),
        "want" => new ScreenWant { Manifest = Bytes(f["manifest"]), Entries = Digests(f["entries"]) }.Encode(into),
        "transport" => new ScreenTransport
        {
            Sequence = (long)f["sequence"]!, Tls = (bool)f["tls"]!, Host = (string)f["host"]!, Root = Bytes(f["root"]), Offered = Bytes(f["offered"]),
            Trials = (int)f["trials"]!, Fault = (int)f["fault"]!,
        }.Encode(into),
        "manifest" => new CatalogueManifest
        {
            Digest = Bytes(f["digest"]), Base = Bytes(f["base"]), EntryCount = (int)f["entryCount"]!, IssuedUnixSeconds = (long)f["issuedUnixSeconds"]!,
            Part = (int)f["part"]!, Parts = (int)f["parts"]!, Add = Digests(f["add"]), Drop = Digests(f["drop"]),
        }.Encode(into),
        "entry" => Entry(f).Encode(into),
        "notice" => new ScreenNotice
        {
            Id = (long)f["id"]!, UntilUnixSeconds = (long)f["untilUnixSeconds"]!, Priority = (int)f["priority"]!,
            Languages = Keys(f["texts"]), Texts = [.. f["texts"]!.AsObject().Select(pair => (string)pair.Value!)],
        }.Encode(into),
        "settings" => new ScreenSettings
        {
            Languages = Texts(f["languages"]), Place = (string)f["place"]!, StandbyMinutes = (int)f["standbyMinutes"]!,
            EmergencyGerman = Column(f["emergency"], 0), EmergencyEnglish = Column(f["emergency"], 1), EmergencyNumbers = Column(f["emergency"], 2),
        }.Encode(into),
        // The digest is computed.
        "root" => new RootOffer { Port = (int)f["port"]!, TimePort = (int)f["timePort"]!, IssuedAt = (long)f["issuedAt"]!, Root = Bytes(f["root"]) }.Encode(into),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message, "no such message"),
    };

    /// <summary>A capacity that was not said has no field.</summary>
    private static JsonObject Of(ScreenHello m)
    {
        JsonObject fields = new()
        {
            ["sequence"] = m.Sequence, ["firmware"] = m.Firmware, ["widthPixels"] = m.WidthPixels, ["heightPixels"] = m.HeightPixels,
            ["pitchMicrometres"] = m.PitchMicrometres, ["catalogue"] = Hex(m.Catalogue), ["resetReason"] = m.ResetReason,
        };
        if (m.CapacityEntries != 0 || m.CapacityBytes != 0)
        {
            fields["capacityEntries"] = m.CapacityEntries;
            fields["capacityBytes"] = m.CapacityBytes;
        }

        return fields;
    }

    private static JsonObject Of(ScreenTelemetry m) => new()
    {
        ["sequence"] = m.Sequence, ["uptimeSeconds"] = m.UptimeSeconds, ["catalogue"] = Hex(m.Catalogue), ["page"] = m.Page, ["freeHeapBytes"] = m.FreeHeapBytes == ScreenTelemetry.HeapUnknown ? null : m.FreeHeapBytes,
        ["rssiDbm"] = m.RssiDbm == ScreenTelemetry.SignalUnknown ? null : m.RssiDbm, ["contentAgeSeconds"] = m.ContentAgeSeconds == ScreenTelemetry.AgeUnknown ? null : m.ContentAgeSeconds, ["timeKnown"] = m.TimeKnown,
    };

    private static JsonObject Of(ScreenUsage m)
    {
        var counts = new JsonObject();
        for (var category = 0; category < m.Counts.Length; category++)
        {
            if (m.Counts[category] != 0)
            {
                counts[category.ToString()] = m.Counts[category];
            }
        }

        return new() { ["sequence"] = m.Sequence, ["unixHour"] = m.UnixHour, ["counts"] = counts };
    }

    private static JsonObject Of(ScreenTransport m) => new()
    {
        ["sequence"] = m.Sequence, ["tls"] = m.Tls, ["host"] = m.Host, ["root"] = Hex(m.Root), ["offered"] = Hex(m.Offered), ["trials"] = m.Trials, ["fault"] = m.Fault,
    };

    private static JsonObject Of(RootOffer m) => new()
    {
        ["port"] = m.Port, ["timePort"] = m.TimePort, ["issuedAt"] = m.IssuedAt, ["digest"] = Hex(m.Digest), ["root"] = Hex(m.Root),
    };

    private static JsonObject Of(CatalogueManifest m) => new()
    {
        ["digest"] = Hex(m.Digest), ["base"] = Hex(m.Base), ["entryCount"] = m.EntryCount, ["issuedUnixSeconds"] = m.IssuedUnixSeconds,
        ["part"] = m.Part, ["parts"] = m.Parts, ["add"] = Hex(m.Add), ["drop"] = Hex(m.Drop),
    };

    private static JsonObject Of(CatalogueEntry m)
    {
        var texts = new JsonObject();
        for (var i = 0; i < m.Languages.Length; i++)
        {
            texts[m.Languages[i]] = new JsonArray(m.Titles[i], m.Texts[i]);
        }

        var times = new JsonArray();
        for (var i = 0; i < m.StartUnixMinutes.Length; i++)
        {
            times.Add(new JsonArray(m.StartUnixMinutes[i], m.DurationMinutes[i], m.AllDay[i] ? 1 : 0));
        }

        return new()
        {
            ["id"] = m.Id, ["kind"] = (int)m.Kind, ["category"] = m.Category, ["texts"] = texts, ["place"] = m.Place, ["url"] = m.Url,
            ["phone"] = m.Phone, ["provider"] = m.Provider, ["times"] = times, ["flags"] = m.Flags,
        };
    }

    private static JsonObject Of(ScreenNotice m)
    {
        var texts = new JsonObject();
        for (var i = 0; i < m.Languages.Length; i++)
        {
            texts[m.Languages[i]] = m.Texts[i];
        }

        return new() { ["id"] = m.Id, ["untilUnixSeconds"] = m.UntilUnixSeconds, ["texts"] = texts, ["priority"] = m.Priority };
    }

    private static JsonObject Of(ScreenSettings m)
    {
        var emergency = new JsonArray();
        for (var i = 0; i < m.EmergencyNumbers.Length; i++)
        {
            emergency.Add(new JsonArray(m.EmergencyGerman[i], m.EmergencyEnglish[i], m.EmergencyNumbers[i]));
        }

        return new()
        {
            ["languages"] = new JsonArray([.. m.Languages.Select(text => (JsonNode)text)]), ["place"] = m.Place,
            ["standbyMinutes"] = m.StandbyMinutes, ["emergency"] = emergency,
        };
    }

    private static ScreenUsage Usage(JsonObject f)
    {
        var usage = new ScreenUsage { Sequence = (long)f["sequence"]!, UnixHour = (int)f["unixHour"]! };
        foreach (var (category, count) in f["counts"]!.AsObject())
        {
            usage.Counts[int.Parse(category)] = (int)count!;
        }

        return usage;
    }

    private static CatalogueEntry Entry(JsonObject f)
    {
        var times = f["times"]!.AsArray();
        return new()
        {
            Id = (string)f["id"]!, Kind = (EntryKind)(int)f["kind"]!, Category = (int)f["category"]!, Languages = Keys(f["texts"]),
            Titles = [.. f["texts"]!.AsObject().Select(pair => (string)pair.Value![0]!)], Texts = [.. f["texts"]!.AsObject().Select(pair => (string)pair.Value![1]!)],
            Place = (string)f["place"]!, Url = (string)f["url"]!, Phone = (string)f["phone"]!, Provider = (string)f["provider"]!, Flags = (int)f["flags"]!,
            StartUnixMinutes = [.. times.Select(time => (int)time![0]!)], DurationMinutes = [.. times.Select(time => (int)time![1]!)], AllDay = [.. times.Select(time => (int)time![2]! == 1)],
        };
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static JsonArray Hex(DigestList digests) => new([.. Enumerable.Range(0, digests.Count).Select(i => (JsonNode)Hex(digests.Get(i)))]);

    private static byte[] Bytes(JsonNode? hex) => Convert.FromHexString((string)hex!);

    private static DigestList Digests(JsonNode? array)
    {
        var digests = new DigestList(array!.AsArray().Count);
        foreach (var hex in array.AsArray())
        {
            digests.TryAdd(Bytes(hex), 0);
        }

        return digests;
    }

    private static string[] Keys(JsonNode? map) => [.. map!.AsObject().Select(pair => pair.Key)];

    private static string[] Texts(JsonNode? array) => [.. array!.AsArray().Select(text => (string)text!)];

    private static string[] Column(JsonNode? rows, int column) => [.. rows!.AsArray().Select(row => (string)row![column]!)];
}
