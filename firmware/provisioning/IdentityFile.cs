using Quartier.Board;
using Quartier.Wire;

namespace Quartier.Provisioning
{
    /// <summary>The device's identity on flash; read once at start by whoever builds the link or the modem.</summary>
    public sealed class IdentityFile
    {
        public const string Name = "identity";

        private readonly SafeFile file;
        private readonly byte[] content = new byte[PortFrames.PayloadBytesMax];

        public IdentityFile(IFlash flash)
        {
            file = new SafeFile(flash, Name, PortFrames.PayloadBytesMax);
        }

        /// <returns>False when the device has none, or none that can be read.</returns>
        public bool TryLoad(out DeviceIdentity identity)
        {
            int length;
            identity = null;
            return file.TryLoad(content, out length) && DeviceIdentity.TryDecode(content, length, out identity);
        }

        public bool Save(DeviceIdentity identity)
        {
            int length = identity.Encode(content);
            bool saved = length > 0 && file.Save(content, length);
            Clear();
            return saved;
        }

        public bool Erase()
        {
            return file.Erase();
        }

        private void Clear()
        {
            for (int i = 0; i < content.Length; i++)
            {
                content[i] = 0;
            }
        }
    }
}
