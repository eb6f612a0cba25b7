using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Registry;

/// <summary>What a screen said about itself last. Sizes are 0 and texts empty until it did.</summary>
/// <param name="CatalogueDigest">Hex of the catalogue it shows; empty: none.</param>
public sealed record ScreenState(
    string Device, bool Online, int WidthPixels, int HeightPixels, int PitchMicrometres, string CatalogueDigest, string Page,
    int RssiDbm, long? ContentAgeSeconds, bool TimeKnown, Instant ReportedAt);

public static class ScreensTable
{
    public static void Take(DbConnection db, ScreenHeard heard)
    {
        db.Execute(
            """
            INSERT INTO screens (device, online, width, height, pitch_um, catalogue, page, rssi, content_age_s, time_known, reported_at)
            VALUES (@Device, 1, 0, 0, 0, '', '', 0, NULL, 0, @at)
            ON CONFLICT (device) DO UPDATE SET online = 1, reported_at = excluded.reported_at
            """,
            new { heard.Device, at = heard.At.ToMicros() });
        switch (heard.Message)
        {
            case ScreenPresence presence:
                db.Execute("UPDATE screens SET online = @online WHERE device = @Device", new { heard.Device, online = presence.Online ? 1 : 0 });
                break;
            case ScreenHello hello:
                RegistryTable.SetFirmware(db, heard.Device, hello.Firmware);
                db.Execute(
                    "UPDATE screens SET width = @WidthPixels, height = @HeightPixels, pitch_um = @PitchMicrometres, catalogue = @catalogue WHERE device = @Device",
                    new { heard.Device, hello.WidthPixels, hello.HeightPixels, hello.PitchMicrometres, catalogue = Convert.ToHexStringLower(hello.Catalogue) });
                break;
            case ScreenTelemetry telemetry:
                db.Execute(
                    """
                    UPDATE screens SET catalogue = @catalogue, page = @Page, rssi = @RssiDbm, content_age_s = @age, time_known = @known
                    WHERE device = @Device
                    """,
                    new
                    {
                        heard.Device,
                        catalogue = Convert.ToHexStringLower(telemetry.Catalogue),
                        telemetry.Page,
                        // 0 stands for "not known", as before the first telemetry.
                        RssiDbm = telemetry.RssiDbm == ScreenTelemetry.SignalUnknown ? 0 : telemetry.RssiDbm,
                        age = telemetry.ContentAgeSeconds == ScreenTelemetry.AgeUnknown ? (long?)null : telemetry.ContentAgeSeconds,
                        known = telemetry.TimeKnown ? 1 : 0,
                    });
                break;
            default:
                break;
        }
    }

    public static IReadOnlyList<ScreenState> All(DbConnection db) =>
        [.. db.Query<Row>(
                """
                SELECT device, online, width, height, pitch_um AS Pitch, catalogue, page, rssi, content_age_s AS ContentAge,
                       time_known AS TimeKnown, reported_at AS ReportedAt
                FROM screens ORDER BY device
                """)
            .Select(row => new ScreenState(
                row.Device, row.Online != 0, (int)row.Width, (int)row.Height, (int)row.Pitch, row.Catalogue, row.Page, (int)row.Rssi,
                row.ContentAge, row.TimeKnown != 0, row.ReportedAt.ToInstant()))];

    private sealed class Row
    {
        public string Device { get; init; } = "";

        public long Online { get; init; }

        public long Width { get; init; }

        public long Height { get; init; }

        public long Pitch { get; init; }

        public string Catalogue { get; init; } = "";

        public string Page { get; init; } = "";

        public long Rssi { get; init; }

        public long? ContentAge { get; init; }

        public long TimeKnown { get; init; }

        public long ReportedAt { get; init; }
    }
}
