using Quartier.Wire;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>The largest catalogue that a screen can keep: both limits hold. Screens that say the same share a catalogue.</summary>
/// <param name="Bytes">Sum of the payloads' lengths.</param>
public readonly record struct ScreenCapacity(int Entries, int Bytes)
{
    /// <summary>Of a screen that does not say: three catalogues of so many lie side by side in the 57 files that the old firmware has on
    /// the module with 4 MB (decision 0123). Payloads up to 4,092 bytes take one block.</summary>
    public static readonly ScreenCapacity Unsaid = new(18, 18 * 4_092);

    /// <summary>No screen says more; what the gateway keeps ready.</summary>
    public static readonly ScreenCapacity Greatest = new(ScreenHello.CapacityEntriesMax, ScreenHello.CapacityBytesMax);

    /// <returns>Null: not said.</returns>
    public static ScreenCapacity? Of(ScreenHello hello) => hello.CapacityEntries == 0 ? null : new(hello.CapacityEntries, hello.CapacityBytes);
}
