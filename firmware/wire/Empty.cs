namespace Quartier.Wire
{
    /// <summary>Arrays of length zero, made once for everyone.</summary>
    public static class Empty
    {
        public static readonly byte[] Bytes = new byte[0];
        public static readonly string[] Texts = new string[0];
        public static readonly int[] Numbers = new int[0];
        public static readonly bool[] Flags = new bool[0];
    }
}
