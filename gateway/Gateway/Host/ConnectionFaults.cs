using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host;

/// <summary>What is said while connections are cut because too many are open.</summary>
public static class ConnectionFaults
{
    private const string ToDoGerman = "Das Protokoll des Dienstes nennt den letzten Absender; ihn in der Firewall sperren, oder dem Dienst mehr offene Dateien erlauben (LimitNOFILE).";
    private const string ToDoEnglish = "The service's log names the last sender; block it in the firewall, or allow the service more open files (LimitNOFILE).";

    public static readonly Fault Pages = new(
        "connections pages", "Zu viele Verbindungen zu diesen Seiten: Weitere werden abgewiesen.", "Too many connections to these pages: further ones are turned away.", ToDoGerman, ToDoEnglish);

    public static readonly Fault Broker = new(
        "connections broker", "Zu viele Verbindungen von Geräten: Weitere werden abgewiesen.", "Too many connections from devices: further ones are turned away.", ToDoGerman, ToDoEnglish);
}
