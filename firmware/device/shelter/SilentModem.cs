using Quartier.Board;

namespace Quartier.Shelter.Esp32
{
    /// <summary>The radio of a board that has no keys yet: it says so and never transmits.</summary>
    internal sealed class SilentModem : ILoRaModem
    {
        public ModemState Step(long uptimeMs)
        {
            return ModemState.Off;
        }

        public SendStatus Send(int port, byte[] payload, int length, bool confirmed)
        {
            return SendStatus.NotJoined;
        }

        public bool TryReceive(byte[] into, out int port, out int length)
        {
            port = 0;
            length = 0;
            return false;
        }
    }
}
