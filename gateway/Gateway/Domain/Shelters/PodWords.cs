using NodaTime;
using Quartier.Gateway.Pages;
using Quartier.Wire;

namespace Quartier.Gateway.Domain.Shelters;

/// <summary>A pod's state in a street worker's words.</summary>
public static class PodWords
{
    private static string Headline(ReaderLanguage say, PodState state) => state.Shown switch
    {
        Occupancy.Free => say.Text("Frei", "Free"),
        Occupancy.Occupied => say.Text("Belegt", "Occupied"),
        _ => say.Text("Unbekannt", "Unknown"),
    };

    /// <summary>Since when, why and by whose word.</summary>
    public static string Out(ReaderLanguage say, OutOfService state, Instant now) => say.Text(
        $"Außer Betrieb seit {say.Moment(state.Since, now)}, Grund: {state.Why} ({state.By})",
        $"Out of service since {say.Moment(state.Since, now)}, reason: {state.Why} ({state.By})");

    /// <summary>What an empty pod may be called: free only if somebody could sleep in it tonight.</summary>
    public static string Headline(ReaderLanguage say, PodState state, bool ready) => state.Shown == Occupancy.Free && !ready
        ? say.Text("Nicht bereit", "Not ready")
        : Headline(say, state);

    public static string Tone(PodState state, bool ready) => state.Shown == Occupancy.Free && !ready ? "unsure" : Tone(state);

    public static string Icon(PodState state, bool ready) => state.Shown == Occupancy.Free && !ready ? "unknown" : Icon(state);

    private static string Tone(PodState state) => state.Shown switch
    {
        Occupancy.Free => "good",
        Occupancy.Occupied => "busy",
        _ => "unsure",
    };

    private static string Icon(PodState state) => state.Shown switch
    {
        Occupancy.Free => "free",
        Occupancy.Occupied => "occupied",
        _ => "unknown",
    };

    /// <summary>Since when, and for a silent sensor that it is silence.</summary>
    public static string Since(ReaderLanguage say, PodState state, Instant now) => state switch
    {
        { Since: null } => say.Text("Der Sensor hat sich noch nie gemeldet.", "The sensor has never reported."),
        { Fresh: false, Since: { } since } => say.Text(
            $"Keine Meldung seit {say.Moment(since, now)}", $"No report since {say.Moment(since, now)}"),
        { Since: { } since } => say.Text($"seit {say.Moment(since, now)}", $"since {say.Moment(since, now)}"),
    };

    public static string Reason(ReaderLanguage say, OccupancyReason reason) => reason switch
    {
        OccupancyReason.Starting => say.Text("Der Sensor ist gerade angelaufen.", "The sensor has just started."),
        OccupancyReason.Locked => say.Text("Die Tür ist von innen verriegelt.", "The door is locked from inside."),
        OccupancyReason.Motion => say.Text("Es bewegt sich jemand.", "Somebody is moving."),
        OccupancyReason.Co2Rising => say.Text("Die Atemluft wird verbraucht: CO₂ steigt.", "Somebody is breathing: CO₂ is rising."),
        OccupancyReason.Co2High => say.Text("CO₂ ist hoch: jemand atmet darin.", "CO₂ is high: somebody is breathing inside."),
        OccupancyReason.Humidity => say.Text("Die Luft ist feucht wie bei einem Schlafenden.", "The air is humid as with somebody asleep."),
        OccupancyReason.Aired => say.Text("Gelüftet, und seitdem bewegt sich nichts.", "Aired, and nothing has moved since."),
        OccupancyReason.Settled => say.Text("Lange ruhig, Luft wie draußen.", "Quiet for long, air as outside."),
        OccupancyReason.Disagree => say.Text("Die Sensoren widersprechen sich. Bitte nachsehen.", "The sensors disagree. Please look."),
        OccupancyReason.SensorFault => say.Text("Ein Sensor ist gestört. Bitte nachsehen.", "A sensor is faulty. Please look."),
        OccupancyReason.DoorLeftOpen => say.Text("Die Tür steht offen.", "The door was left open."),
        _ => say.Text("Der CO₂-Sensor wird noch warm.", "The CO₂ sensor is still warming up."),
    };

    public static string Confidence(ReaderLanguage say, int confidence) => confidence switch
    {
        0 => say.Text("geraten", "a guess"),
        1 => say.Text("eher unsicher", "rather unsure"),
        2 => say.Text("ziemlich sicher", "fairly sure"),
        _ => say.Text("sicher", "sure"),
    };

    public static string Alarm(ReaderLanguage say, AlarmKind kind) => kind switch
    {
        AlarmKind.Smoke => say.Text("Rauch", "Smoke"),
        AlarmKind.Sos => say.Text("Hilferuf (SOS)", "Call for help (SOS)"),
        AlarmKind.Cold => say.Text("Zu kalt", "Too cold"),
        AlarmKind.Co2 => say.Text("Schlechte Luft (CO₂)", "Bad air (CO₂)"),
        AlarmKind.Heat => say.Text("Zu heiß", "Too hot"),
        _ => say.Text("Gehäuse geöffnet", "Housing opened"),
    };

    /// <summary>Alarm kinds to shout about: reported as alarms, or still set in the latest status.</summary>
    public static IReadOnlyList<AlarmKind> Alarms(Pod pod)
    {
        IEnumerable<(AlarmKind Kind, bool Holds)> inStatus = pod.Report?.Status is { } status
            ? [(AlarmKind.Smoke, status.Smoke), (AlarmKind.Sos, status.Sos), (AlarmKind.Tamper, status.Tamper)]
            : [];
        return [.. pod.Alarms.Concat(inStatus.Where(alarm => alarm.Holds).Select(alarm => alarm.Kind)).Distinct().Order()];
    }
}
