namespace Quartier.Wire
{
    /// <summary>Passing over whole items: the one place that recurses, to a fixed depth.</summary>
    public sealed partial class CborReader
    {
        /// <summary>Nesting of <see cref="TrySkip"/>; our messages need four.</summary>
        public const int DepthMax = 8;

        /// <summary>Passes over one whole item of any type after checking that it is deterministic.</summary>
        public bool TrySkip()
        {
            int before = position;
            if (Skip(DepthMax))
            {
                return true;
            }

            position = before;
            return false;
        }

        private bool Skip(int depth)
        {
            ulong argument;
            int next;
            int ignored;
            switch (Peek())
            {
                case CborKind.Unsigned:
                    return TryReadUnsigned(out argument);
                case CborKind.Negative:
                    return TryReadNegative(out argument);
                case CborKind.Bytes:
                    return TryString(2, out next, out ignored);
                case CborKind.Text:
                    return TryString(3, out next, out ignored) && Utf8.IsValid(buffer, next, ignored);
                case CborKind.Array:
                    return depth > 0 && SkipArray(depth - 1);
                case CborKind.Map:
                    return depth > 0 && SkipMap(depth - 1);
                case CborKind.Tag:
                    if (depth == 0 || !TryHead(6, out argument, out next))
                    {
                        return false;
                    }

                    position = next;
                    return Skip(depth - 1);
                case CborKind.Bool:
                case CborKind.Null:
                    position++;
                    return true;
                case CborKind.Simple:
                    return SkipSimple();
                case CborKind.Float:
                    return TryReadFloatBits(out ignored, out argument);
                default:
                    return false;
            }
        }

        private bool SkipArray(int depth)
        {
            int count;
            if (!TryCount(4, 0, end, out count))
            {
                return false;
            }

            for (int i = 0; i < count; i++)
            {
                if (!Skip(depth))
                {
                    return false;
                }
            }

            return true;
        }

        private bool SkipMap(int depth)
        {
            int pairs;
            if (!TryCount(5, 0, end, out pairs))
            {
                return false;
            }

            int keyBefore = 0;
            int keyBeforeEnd = 0;
            for (int i = 0; i < pairs; i++)
            {
                int key = position;
                if (!Skip(depth))
                {
                    return false;
                }

                if (i > 0 && CompareBytes(keyBefore, keyBeforeEnd, key, position) >= 0)
                {
                    return false;
                }

                keyBefore = key;
                keyBeforeEnd = position;
                if (!Skip(depth))
                {
                    return false;
                }
            }

            return true;
        }

        private bool SkipSimple()
        {
            if ((buffer[position] & 31) != 24)
            {
                position++;
                return true;
            }

            // Values below 32 have a form of one byte or none at all.
            if (end - position < 2 || buffer[position + 1] < 32)
            {
                return false;
            }

            position += 2;
            return true;
        }

        private int CompareBytes(int a, int aEnd, int b, int bEnd)
        {
            while (a < aEnd && b < bEnd)
            {
                if (buffer[a] != buffer[b])
                {
                    return buffer[a] - buffer[b];
                }

                a++;
                b++;
            }

            return (aEnd - a) - (bEnd - b);
        }
    }
}
