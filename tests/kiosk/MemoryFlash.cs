using Quartier.Simulator.Boards;

namespace Quartier.Tests.Kiosk;

/// <summary>The simulated board's flash on the desk: it can be copied as it is, to cut its power in many places.</summary>
internal sealed class MemoryFlash(int bytes = SimulatedFlash.PartitionOf16Mb) : SimulatedFlash(bytes)
{
    public MemoryFlash Copy()
    {
        var copy = new MemoryFlash(Blocks.Count * FlashBlocks.BlockBytes) { ClaimedBytes = ClaimedBytes };
        CopyTo(copy);
        return copy;
    }
}
