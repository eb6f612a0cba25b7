namespace Quartier.Simulator.Radio;

/// <summary>Time on air of a LoRa frame, after Semtech AN1200.13: 125 kHz, coding rate 4/5, explicit header, CRC, preamble 8.</summary>
public static class Airtime
{
    /// <summary>MAC header, address, control, counter, port and MIC around the payload.</summary>
    public const int FrameOverheadBytes = 13;

    /// <param name="spreadingFactor">7 to 12.</param>
    public static int Milliseconds(int payloadBytes, int spreadingFactor)
    {
        var symbolMs = Math.Pow(2, spreadingFactor) / 125.0;
        var lowRate = spreadingFactor >= 11 ? 1 : 0;
        var bits = (8 * (payloadBytes + FrameOverheadBytes)) - (4 * spreadingFactor) + 28 + 16;
        var symbols = 8 + (Math.Max(0, (int)Math.Ceiling(bits / (4.0 * (spreadingFactor - (2 * lowRate))))) * 5);
        return (int)Math.Ceiling((8 + 4.25 + symbols) * symbolMs);
    }
}
