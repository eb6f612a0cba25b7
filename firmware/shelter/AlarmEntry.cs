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
        /// <summary>Raised or ended, and that not confirmed: it is sent again and again.</summary>
        public bool Open;
        /// <summary>The frame sent last said that the condition holds; its end is then still to be told.</summary>
        public bool ToldActive;
        public int Sequence;
        public int Value;
        /// <summary>The condition was last seen to hold; counted from the first look after a reset.</summary>
        public long HeldMs;
        public bool Seen;
        public long EndedMs;
        public long NextSendMs;
        public long RepeatMs;
    }
}
