namespace Quartier.Screen
{
    /// <summary>Error correction of QR codes: GF(256) with the polynomial x^8+x^4+x^3+x^2+1 (ISO/IEC 18004, 7.5).</summary>
    internal sealed class ReedSolomon
    {
        private const int Field = 0x11D;
        private readonly byte[] powers = new byte[255];
        private readonly byte[] logarithms = new byte[256];
        private readonly byte[] generator = new byte[QrCode.CorrectionPerBlockMax];
        private int degree;

        public ReedSolomon()
        {
            int value = 1;
            for (int i = 0; i < 255; i++)
            {
                powers[i] = (byte)value;
                logarithms[value] = (byte)i;
                value *= 2;
                if (value >= 256)
                {
                    value ^= Field;
                }
            }
        }

        /// <summary>Prepares the generator polynomial for this many correction bytes.</summary>
        public void Prepare(int correctionBytes)
        {
            if (degree == correctionBytes)
            {
                return;
            }

            degree = correctionBytes;
            for (int i = 0; i < degree; i++)
            {
                generator[i] = 0;
            }

            generator[degree - 1] = 1;
            for (int root = 0; root < degree; root++)
            {
                for (int i = 0; i < degree; i++)
                {
                    int next = i + 1 < degree ? generator[i + 1] : 0;
                    generator[i] = (byte)(Multiply(generator[i], powers[root]) ^ next);
                }
            }
        }

        /// <summary>Writes the correction bytes of one block.</summary>
        public void Correct(byte[] source, int offset, int count, byte[] into, int intoOffset)
        {
            for (int i = 0; i < degree; i++)
            {
                into[intoOffset + i] = 0;
            }

            for (int i = 0; i < count; i++)
            {
                int factor = source[offset + i] ^ into[intoOffset];
                for (int j = 0; j < degree; j++)
                {
                    int next = j + 1 < degree ? into[intoOffset + j + 1] : 0;
                    into[intoOffset + j] = (byte)(next ^ Multiply(generator[j], factor));
                }
            }
        }

        private int Multiply(int a, int b)
        {
            return a == 0 || b == 0 ? 0 : powers[(logarithms[a] + logarithms[b]) % 255];
        }
    }
}
