// What the portable firmware uses of packages beside the core library; their public faces, to compile against only.
using System.Runtime.CompilerServices;

namespace System
{
    public static class Math
    {
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Min(int a, int b);

        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Max(int a, int b);

        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Abs(int value);
    }
}

namespace System.Text
{
    public abstract class Encoding
    {
        public static extern Encoding UTF8
        {
            [MethodImpl(MethodImplOptions.InternalCall)]
            get;
        }

        public abstract byte[] GetBytes(string text);

        public abstract string GetString(byte[] bytes, int offset, int count);
    }
}
