using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Provisioning
{
    /// <summary>Brings the identity's root to where the platform's TLS looks for it. The platform reads its store at boot and cannot
    /// be asked what is in it, so a note says which root was put there last.</summary>
    public static class TrustedRoot
    {
        private const string NoteName = "root-in-use";

        /// <returns>True when the store was changed: it counts from the next restart on.</returns>
        public static bool Install(IFlash flash, IRootStore store, DeviceIdentity identity)
        {
            byte[] der;
            if (identity.RootDigest.Length == 0 || IsNoted(flash, identity.RootDigest) || !new RootFile(flash).TryLoad(identity.RootDigest, out der)
                || !store.Replace(der))
            {
                return false;
            }

            // Noted only afterwards: a power cut between the two puts it there once more.
            return flash.Write(NoteName, identity.RootDigest, identity.RootDigest.Length) == FlashStatus.Ok;
        }

        private static bool IsNoted(IFlash flash, byte[] digest)
        {
            byte[] note = new byte[Sha256.DigestBytes];
            int length;
            bool noted = flash.Read(NoteName, note, out length) == FlashStatus.Ok && length == digest.Length;
            for (int i = 0; noted && i < length; i++)
            {
                noted = note[i] == digest[i];
            }

            return noted;
        }
    }
}
