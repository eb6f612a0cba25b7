namespace Quartier.Wire
{
    public static class Hex
    {
        /// <param name="value">0..15.</param>
        /// <returns>0..9 or A..F.</returns>
        public static char Digit(int value)
        {
            return (char)(value < 10 ? '0' + value : 'A' + value - 10);
        }
    }
}
