using Quartier.Gateway.Pages;

namespace Quartier.Gateway.Ingest;

/// <summary>Reasons in words for staff.</summary>
public static class RefusalWords
{
    public static string Reason(ReaderLanguage say, string slug) => slug switch
    {
        "too-large" => say.Text("zu groß", "too large"),
        "unknown-topic" => say.Text("unbekanntes Thema", "unknown topic"),
        "invalid-json" => say.Text("kein gültiges JSON", "not valid JSON"),
        "unknown-event" => say.Text("unbekanntes Ereignis", "unknown event"),
        "missing-device" => say.Text("kein Gerät genannt", "no device named"),
        "invalid-device" => say.Text("ungültiger Gerätename", "invalid device name"),
        "device-mismatch" => say.Text("Thema und Inhalt nennen verschiedene Geräte", "topic and content name different devices"),
        "invalid-field" => say.Text("ungültiges Feld", "invalid field"),
        "invalid-base64" => say.Text("Nutzdaten nicht lesbar (Base64)", "payload not readable (base64)"),
        "unknown-device" => say.Text("Gerät nicht registriert", "device not registered"),
        "revoked-device" => say.Text("Gerät gesperrt", "device revoked"),
        "wrong-kind" => say.Text("passt nicht zur Geräteart", "does not fit the device's kind"),
        "unknown-port" => say.Text("unbekannter Port", "unknown port"),
        "sealed-payload" => say.Text("verschlüsselt, der Netzwerkserver hat keinen Schlüssel", "encrypted, the network server has no key"),
        "invalid-payload" => say.Text("Nutzdaten nicht lesbar", "payload not readable"),
        _ => say.Text("Fehler im Gateway", "fault in the gateway"),
    };
}
