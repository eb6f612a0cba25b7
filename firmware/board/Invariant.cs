using System;

namespace Quartier.Board
{
    /// <summary>A programmer's mistake. On the device it ends in the watchdog's reset, in a simulation it fails the run.</summary>
    public sealed class InvariantException : Exception
    {
        public InvariantException(string why)
            : base(why)
        {
        }
    }

    public static class Invariant
    {
        public static void Require(bool condition, string why)
        {
            if (!condition)
            {
                throw new InvariantException(why);
            }
        }
    }
}
