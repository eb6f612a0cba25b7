using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Provisioning
{
    /// <summary>The root certificate that the gateway's own hangs on, as DER. It lies beside the identity, which names it by its digest:
    /// a power cut between the two leaves the identity before with the root before.</summary>
    public sealed class RootFile
    {
        private readonly SafeFile file;
        private readonly byte[] content = new byte[DeviceIdentity.RootBytesMax];

        public RootFile(IFlash flash)
        {
            file = new SafeFile(flash, "root", DeviceIdentity.RootBytesMax);
        }

        /// <param name="kept">SHA-256 of the root in force, which is still there when this one is half written; empty: none is.</param>
        public bool Save(byte[] der, byte[] kept)
        {
            int length;
            bool newestIsKept = file.TryLoad(content, out length) && Is(content, length, kept);
            bool olderIsKept = !newestIsKept && file.TryLoadOlder(content, out length) && Is(content, length, kept);
            return olderIsKept ? file.SaveOverNewest(der, der.Length) : file.Save(der, der.Length);
        }

        /// <param name="digest">SHA-256 of the wanted one.</param>
        /// <param name="der">Null when it is not there.</param>
        public bool TryLoad(byte[] digest, out byte[] der)
        {
            int length;
            der = null;
            bool found = (file.TryLoad(content, out length) && Is(content, length, digest))
                || (file.TryLoadOlder(content, out length) && Is(content, length, digest));
            if (found)
            {
                der = new byte[length];
                for (int i = 0; i < length; i++)
                {
                    der[i] = content[i];
                }
            }

            return found;
        }

        public bool Erase()
        {
            return file.Erase();
        }

        internal static bool Is(byte[] bytes, int length, byte[] digest)
        {
            byte[] own = new byte[Sha256.DigestBytes];
            new Sha256().Compute(bytes, 0, length, own);
            return Sha256.AreEqual(own, digest);
        }
    }
}
