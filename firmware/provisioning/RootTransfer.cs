using Quartier.Wire;

namespace Quartier.Provisioning
{
    /// <summary>A root certificate on its way over the cable, in parts and in order. It takes memory only while one is.</summary>
    internal sealed class RootTransfer
    {
        private byte[] der = Empty.Bytes;
        private int arrived;

        /// <returns>False for a part that does not follow; the first part begins afresh.</returns>
        public bool Take(int total, int offset, byte[] part)
        {
            if (offset == 0)
            {
                der = new byte[total];
                arrived = 0;
            }

            // A part whose answer was lost comes twice.
            if (total != der.Length || offset > arrived || offset + part.Length > total)
            {
                return false;
            }

            for (int i = 0; i < part.Length; i++)
            {
                der[offset + i] = part[i];
            }

            arrived = offset + part.Length > arrived ? offset + part.Length : arrived;
            return true;
        }

        /// <param name="digest">SHA-256 that the identity names.</param>
        public bool TryComplete(byte[] digest, out byte[] root)
        {
            root = der;
            return arrived == der.Length && arrived > 0 && RootFile.Is(der, der.Length, digest);
        }
    }
}
