using Quartier.Wire;

namespace Quartier.Shelter
{
    /// <summary>One alarm of one kind: whether its condition holds, and whether the gateway has confirmed it.</summary>
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
        /// <summary>A confirmation has named its number: the gateway has it, whatever became of its end.</summary>
        public bool Heard;
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

        /// <summary>Takes the place of an alarm that is over: it goes on where that one was.</summary>
        public void Follow(AlarmEntry ended)
        {
            Active = false;
            Open = true;
            Heard = false;
            ToldActive = ended.ToldActive;
            Sequence = ended.Sequence;
            Value = ended.Value;
            EndedMs = ended.EndedMs;
            NextSendMs = ended.NextSendMs;
            RepeatMs = ended.RepeatMs;
        }
    }
}
