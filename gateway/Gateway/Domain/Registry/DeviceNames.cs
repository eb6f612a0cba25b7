namespace Quartier.Gateway.Domain.Registry;

/// <summary>How a LoRaWAN device is named; a screen's name is Quartier.Wire.ScreenTopics' business.</summary>
public static class DeviceNames
{
    /// <summary>16 lower-case hex digits.</summary>
    public static bool IsDevEui(string name) => name.Length == 16 && name.All(char.IsAsciiHexDigitLower);
}
