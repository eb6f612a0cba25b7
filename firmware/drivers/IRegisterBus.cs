using Quartier.Board;

namespace Quartier.Drivers
{
    /// <summary>One part on a two-wire bus. Device: I2cDevice; tests: a register map made of the datasheet's examples.</summary>
    public interface IRegisterBus
    {
        /// <returns>Ok, or NoAcknowledge when the part did not answer its address.</returns>
        ReadStatus Write(byte[] buffer, int count);

        ReadStatus Read(byte[] buffer, int count);
    }
}
