using System.Globalization;
using Quartier.Board;
using Quartier.Gateway.Pages;
using Quartier.Wire;

namespace Quartier.Simulator.Window;

/// <summary>A pod in plain words.</summary>
internal static class PodWords
{
    public static string Truth(ReaderLanguage say, PodView pod) => (pod.People, pod.Asleep) switch
    {
        (0, _) => say.Text("leer", "empty"),
        (1, true) => say.Text("eine Person schläft", "one person asleep"),
        (1, false) => say.Text("eine Person ist drin", "one person inside"),
        (_, true) => say.Text($"{pod.People} Personen schlafen", $"{pod.People} people asleep"),
        _ => say.Text($"{pod.People} Personen sind drin", $"{pod.People} people inside"),
    };

    public static string Flap(ReaderLanguage say, PodView pod) =>
        pod.FlapOpen ? say.Text("Tür offen", "door open") : pod.Bolted ? say.Text("verriegelt", "locked") : say.Text("Tür zu", "door closed");

    public static string State(ReaderLanguage say, Occupancy state) => state switch
    {
        Occupancy.Free => say.Text("frei", "free"),
        Occupancy.Occupied => say.Text("belegt", "occupied"),
        _ => say.Text("unbekannt", "unknown"),
    };

    public static string Reason(ReaderLanguage say, OccupancyReason reason) => reason switch
    {
        OccupancyReason.Starting => say.Text("gerade gestartet", "has just started"),
        OccupancyReason.Locked => say.Text("von innen verriegelt", "locked from inside"),
        OccupancyReason.Motion => say.Text("Bewegung", "motion"),
        OccupancyReason.Co2Rising => say.Text("CO₂ steigt", "CO₂ is rising"),
        OccupancyReason.Co2High => say.Text("CO₂ bleibt hoch", "CO₂ stays high"),
        OccupancyReason.Humidity => say.Text("Luft wird feuchter", "air gets damper"),
        OccupancyReason.Aired => say.Text("Tür war offen, nichts bewegt sich, CO₂ wie draußen", "door was open, nothing moves, CO₂ as outdoors"),
        OccupancyReason.Settled => say.Text("lange ruhig, CO₂ wie draußen", "quiet for long, CO₂ as outdoors"),
        OccupancyReason.Disagree => say.Text("die Zeichen widersprechen sich noch", "the signs do not agree yet"),
        OccupancyReason.SensorFault => say.Text("ein Sensor ist gestört", "a sensor is faulty"),
        OccupancyReason.DoorLeftOpen => say.Text("die Tür steht offen", "the door stands open"),
        OccupancyReason.WarmingUp => say.Text("CO₂-Sensor wärmt sich auf", "the CO₂ sensor warms up"),
        _ => reason.ToString(),
    };

    public static string Alarm(ReaderLanguage say, AlarmKind kind) => kind switch
    {
        AlarmKind.Smoke => say.Text("Rauch", "smoke"),
        AlarmKind.Sos => say.Text("SOS", "SOS"),
        AlarmKind.Cold => say.Text("Kälte", "cold"),
        AlarmKind.Co2 => say.Text("schlechte Luft", "bad air"),
        AlarmKind.Heat => say.Text("Hitze", "heat"),
        _ => say.Text("Gehäuse offen", "housing open"),
    };

    public static string Lamp(ReaderLanguage say, LampSign lamp) => lamp switch
    {
        LampSign.Off => say.Text("Lampe aus", "lamp off"),
        LampSign.Sent => say.Text("Lampe blinkt: Ruf ist unterwegs", "lamp blinks: call is on its way"),
        _ => say.Text("Lampe leuchtet: Ruf ist angekommen", "lamp is lit: call has arrived"),
    };

    public static string Number(ReaderLanguage say, double value, string format)
    {
        var text = value.ToString(format, CultureInfo.InvariantCulture);
        return say.IsGerman ? text.Replace('.', ',').Replace("-", "−", StringComparison.Ordinal) : text.Replace("-", "−", StringComparison.Ordinal);
    }
}
