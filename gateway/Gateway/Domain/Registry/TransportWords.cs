using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Domain.Registry;

/// <summary>What people read of how a screen reaches this gateway, with what helps where something is in the way.</summary>
public static class TransportWords
{
    /// <param name="state">Null: nothing is known.</param>
    public static string Of(ReaderLanguage say, ScreenTransportState? state) => state switch
    {
        null or { IsEncrypted: null, Said: null } => say.Text(
            "hat sich nicht gemeldet, seit dieses Gateway TLS spricht", "not heard since this gateway speaks TLS"),
        { HasSwitched: true, Trials: > 0 } => say.Text("spricht TLS; die neue Wurzel hat er nicht angenommen: ", "speaks TLS; it has not taken the new root: ") + Why(say, state),
        { HasSwitched: true } => say.Text("spricht TLS", "speaks TLS"),
        { Said: null } => say.Text(
            "spricht ohne TLS; seine Firmware kann nicht von selbst umsteigen: neue aufspielen, oder am Kabel mit --mqtt-tls einrichten",
            "speaks without TLS; its firmware cannot switch by itself: install a new one, or set it up over the cable with --mqtt-tls"),
        { Trials: > 0 } => say.Text($"spricht ohne TLS; {Times(say, state.Trials)} versucht: ", $"speaks without TLS; tried {Times(say, state.Trials)}: ") + Why(say, state)
            + say.Text(" Er versucht es wieder, spätestens nach einem Tag; sofort, wenn man ihn aus- und einsteckt.", " It tries again after a day at the latest; at once when it is unplugged and plugged in."),
        _ => say.Text("spricht ohne TLS; steigt um, sobald eine Minute lang niemand davorsteht", "speaks without TLS; switches as soon as nobody has touched it for a minute"),
    };

    private static string Times(ReaderLanguage say, int trials) => trials == 1 ? say.Text("einmal", "once") : say.Text($"{trials}-mal", $"{trials} times");

    private static string Why(ReaderLanguage say, ScreenTransportState state) => state.Fault switch
    {
        SwitchFault.NoName => say.Text($"der Name {state.Host} ist dort nicht zu finden.", $"the name {state.Host} is not found there."),
        SwitchFault.NoAnswer => say.Text("das Gateway hat ihm über UDP nicht geantwortet. Lässt eine Firewall den Port durch?", "the gateway did not answer it over UDP. Does a firewall let the port through?"),
        SwitchFault.NoConnection => say.Text("der Port mit TLS war nicht zu erreichen. Lässt eine Firewall ihn durch?", "the port with TLS could not be reached. Does a firewall let it through?"),
        SwitchFault.NotVerified => say.Text(
            $"das Zertifikat galt ihm nicht. Er ruft das Gateway {state.Host}: steht dieser Name im Zertifikat (--host-name)?",
            $"the certificate did not hold for it. It calls the gateway {state.Host}: does the certificate bear that name (--host-name)?"),
        SwitchFault.Refused => say.Text("die Anmeldung wurde abgelehnt.", "the log-in was refused."),
        SwitchFault.Stopped => say.Text("er blieb beim Verbinden stehen. Antwortet dort ein anderer?", "it stood still while connecting. Does somebody else answer there?"),
        _ => say.Text("der Grund ist unbekannt.", "the reason is not known."),
    };
}
