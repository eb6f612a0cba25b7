using Quartier.Board;

namespace Quartier.Simulator.Boards;

/// <summary>The platform's store of roots: written at any time, read at boot.</summary>
public sealed class SimulatedRoots : IRootStore
{
    private byte[] stored = [];

    /// <summary>What TLS verifies against since the last start; empty: nothing.</summary>
    public byte[] InUse { get; private set; } = [];

    public bool Replace(byte[] der)
    {
        stored = der;
        return true;
    }

    public void Reset() => InUse = stored;
}
