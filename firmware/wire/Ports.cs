namespace Quartier.Wire
{
    /// <summary>LoRaWAN FPorts. A port is one layout for ever: a changed layout takes a new number.</summary>
    public static class Ports
    {
        public const int ShelterStatus = 1;
        public const int ShelterAlarm = 2;
        public const int AlarmConfirmation = 11;
    }
}
