using System.Data.Common;
using Dapper;
using NodaTime;
using Quartier.Gateway.Store;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Registry;

/// <summary>Why a screen gave a root up that it was offered. In the order of the message's numbers.</summary>
public enum SwitchFault
{
    None,
    NoName,
    NoAnswer,
    NoConnection,
    NotVerified,
    Refused,
    Stopped,
}

/// <summary>How a screen reaches this gateway.</summary>
/// <param name="IsEncrypted">TLS ends here, at its last log-in; null: it has not logged in since that is noted.</param>
/// <param name="Said">The screen speaks TLS, to us or to something before us; null: it has not said, as old firmware does not.</param>
/// <param name="Host">The gateway as the screen calls it; empty: not said.</param>
/// <param name="Trials">With a root that it was offered, given up.</param>
/// <param name="Fault">Why the last.</param>
public sealed record ScreenTransportState(string Device, bool? IsEncrypted, bool? Said, string Host, int Trials, SwitchFault Fault)
{
    /// <summary>Nothing that is said by it can be read on the way.</summary>
    public bool HasSwitched => IsEncrypted == true || Said == true;
}

/// <summary>What the broker has seen of a screen's log-in, and what the screen says itself.</summary>
public static class ScreenTransports
{
    private const string Columns = "device, encrypted, said, host, trials, fault";

    public static ScreenTransportState? Find(DbConnection db, string device) =>
        db.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM screen_transports WHERE device = @device", new { device })?.State;

    public static IReadOnlyList<ScreenTransportState> All(DbConnection db) =>
        [.. db.Query<Row>($"SELECT {Columns} FROM screen_transports ORDER BY device").Select(row => row.State)];

    /// <summary>Screens in service, by name, each with what is known of its way; null: nothing.</summary>
    public static IReadOnlyList<(Device Screen, ScreenTransportState? State)> OfScreens(DbConnection db)
    {
        var states = All(db).ToDictionary(state => state.Device, StringComparer.Ordinal);
        return [.. RegistryTable.All(db).Where(device => device is { Kind: DeviceKind.Screen, Revoked: false }).Select(device => (device, states.GetValueOrDefault(device.Id)))];
    }

    /// <summary>Screens in service that are not known to speak TLS: those that the end of plain connections would cut off.</summary>
    public static int CountPlain(DbConnection db) => OfScreens(db).Count(row => row.State is not { HasSwitched: true });

    /// <summary>A screen has logged in. What it said of a session of the other kind is over.</summary>
    public static void NoteLogIn(DbConnection db, string device, bool isEncrypted, Instant now) =>
        db.Execute(
            """
            INSERT INTO screen_transports (device, encrypted, said, host, trials, fault, changed_at) VALUES (@device, @encrypted, NULL, '', 0, 0, @at)
            ON CONFLICT (device) DO UPDATE SET encrypted = excluded.encrypted, said = NULL, changed_at = excluded.changed_at
            """,
            new { device, encrypted = isEncrypted ? 1 : 0, at = now.ToMicros() });

    internal static void Take(DbConnection db, string device, ScreenTransport said, Instant now) =>
        db.Execute(
            """
            INSERT INTO screen_transports (device, encrypted, said, host, trials, fault, changed_at) VALUES (@device, NULL, @tls, @Host, @Trials, @Fault, @at)
            ON CONFLICT (device) DO UPDATE SET said = excluded.said, host = excluded.host, trials = excluded.trials, fault = excluded.fault, changed_at = excluded.changed_at
            """,
            new { device, tls = said.Tls ? 1 : 0, said.Host, said.Trials, said.Fault, at = now.ToMicros() });

    private sealed class Row
    {
        public string Device { get; init; } = "";

        public long? Encrypted { get; init; }

        public long? Said { get; init; }

        public string Host { get; init; } = "";

        public long Trials { get; init; }

        public long Fault { get; init; }

        public ScreenTransportState State =>
            new(Device, Encrypted is { } seen ? seen != 0 : null, Said is { } told ? told != 0 : null, Host, (int)Trials, (SwitchFault)Fault);
    }
}
