using System;
using System.Net.Security;
using Quartier.Board;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>The platform's store of roots: one bundle, against which every TLS client on the chip verifies.</summary>
    public sealed class CertificateStore : IRootStore
    {
        // The first bundle of a chip is stored without its last eight bytes (the length of the block's own head is forgotten).
        // What follows a certificate in DER is not read, so that those may be any.
        private const int SpareBytes = 16;

        public bool Replace(byte[] der)
        {
            byte[] bundle = new byte[der.Length + SpareBytes];
            Array.Copy(der, bundle, der.Length);
            try
            {
                return CertificateManager.AddCaCertificateBundle(bundle);
            }
            catch (Exception)
            {
                // A full or broken flash; the platform says no more than that.
                return false;
            }
        }
    }
}
