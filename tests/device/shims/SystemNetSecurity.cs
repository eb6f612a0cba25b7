using System.Buffers.Binary;
using System.Formats.Asn1;

namespace System.Net.Security
{
    /// <summary>The part of nanoFramework.System.Net 1.11.54 that stores roots, over <see cref="Quartier.Tests.Device.TrustPlatform"/>.</summary>
    public static class CertificateManager
    {
        public static bool AddCaCertificateBundle(byte[] ca) => Quartier.Tests.Device.TrustPlatform.Current.Store(ca);
    }
}

namespace Quartier.Tests.Device
{
    /// <summary>The block of roots in the platform's configuration: written as the native part does it, faults and all, and read by
    /// TLS as it stands in the list that is made at boot.</summary>
    public sealed class TrustPlatform
    {
        private const int HeadBytes = 8;
        private byte[] file = [];
        private bool listed;

        public TrustPlatform() => Current = this;

        public static TrustPlatform Current { get; private set; } = new();

        public int Writes { get; private set; }

        public bool Refuses { get; set; }

        public TrustPlatform Boot() => new() { file = file, listed = file.Length > 0 };

        public bool Store(byte[] bundle)
        {
            if (Refuses)
            {
                throw new InvalidOperationException("CLR_E_FAIL");
            }

            Writes++;
            byte[] block = [.. "X5C1"u8, 0, 0, 0, 0, .. bundle];
            BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(4), bundle.Length);
            // The first one is written as long as the certificate alone; a later one whole, but it is in no list until the next boot.
            file = listed ? block : block[..bundle.Length];
            listed = !listed;
            return true;
        }

        /// <summary>DER of the root that a TLS client would verify against; null when it has none.</summary>
        public byte[] Trusted()
        {
            if (!listed)
            {
                return null;
            }

            // Behind the file's end lies whatever the heap held.
            byte[] heap = [.. file, .. Enumerable.Repeat((byte)0xA5, HeadBytes)];
            var said = BinaryPrimitives.ReadInt32LittleEndian(heap.AsSpan(4));
            try
            {
                return new AsnReader(heap.AsMemory(HeadBytes, said), AsnEncodingRules.BER).ReadEncodedValue().ToArray();
            }
            catch (AsnContentException)
            {
                return null;
            }
        }
    }
}
