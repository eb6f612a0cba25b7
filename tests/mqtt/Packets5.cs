using System.Text;

namespace Quartier.Tests.Mqtt;

/// <summary>MQTT 5 packets as hex, put together here and not by the broker's own writer. Bodies up to 127 bytes; properties are given as hex.</summary>
internal static class Packets5
{
    /// <summary>What our CONNACK says of every broker with default options.</summary>
    private const string Offered = "210400 2700040000 220020 2501 2801 2900 2a00";

    public static string Connect(
        string clientId, string properties = "", bool cleanStart = true, ushort keepAlive = 60, string? user = null, string? password = null, string? willFlags = null, string will = "")
    {
        var flags = (cleanStart ? 2 : 0) | (user is null ? 0 : 0x80) | (password is null ? 0 : 0x40) | (willFlags is null ? 0 : Convert.ToByte(willFlags, 16));
        return Whole("10", $"00044d515454 05 {flags:x2} {keepAlive:x4} {Sized(properties)} {Text(clientId)} {will} {(user is null ? "" : Text(user))} {(password is null ? "" : Text(password))}");
    }

    /// <summary>Properties, topic and payload of a will.</summary>
    public static string Will(string topic, string payload, string properties = "") => $"{Sized(properties)} {Text(topic)} {Text(payload)}";

    /// <param name="more">Properties that this client alone is told.</param>
    public static string ConnAck(bool sessionPresent = false, string more = "") => Whole("20", $"{(sessionPresent ? "01" : "00")} 00 {Sized(Offered + more)}");

    /// <param name="header">First byte: 30 is QoS 0, 32 is QoS 1, 34 is QoS 2; 1 more is retained.</param>
    /// <param name="id">At QoS 0 none is written.</param>
    public static string Publish(string header, string topic, string payload, string properties = "", ushort id = 1) =>
        Whole(header, $"{Text(topic)} {(header is "30" or "31" ? "" : $"{id:x4}")} {Sized(properties)} {Hex(payload)}");

    public static string Subscribe(string filter, byte options = 1, ushort id = 1) => Whole("82", $"{id:x4} 00 {Text(filter)} {options:x2}");

    /// <summary>A whole packet of at most 129 bytes.</summary>
    public static string Whole(string header, string body)
    {
        var hex = body.Replace(" ", "", StringComparison.Ordinal);
        return hex.Length / 2 < 128 ? $"{header}{hex.Length / 2:x2}{hex}" : throw new ArgumentException("A test's packet has at most 127 bytes of body.", nameof(body));
    }

    private static string Sized(string properties) => $"{properties.Replace(" ", "", StringComparison.Ordinal).Length / 2:x2}{properties}";

    private static string Text(string text) => $"{Encoding.UTF8.GetByteCount(text):x4}{Hex(text)}";

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));
}
