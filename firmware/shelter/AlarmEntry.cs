using Quartier.Wire;

namespace Quartier.Shelter
{
    /// <summary>One kind of alarm: whether its condition holds, and whether the gateway has confirmed it.</summary>
    public sealed class AlarmEntry
    {
        public readonly AlarmKind Kind;

        public AlarmEntry(AlarmKind kind)
        {
            Kind = kind;
        }

        public bool Active;
        /// <summary>Raised and not confirmed: it is sent again and again.</summary>
        public bool Open;
        public bool EverSent;
        public int Sequence;
        public int Value;
        public long EndedMs;
        public long NextSendMs;
        public long RepeatMs;
    }
}
