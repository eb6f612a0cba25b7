using Quartier.Simulator.Boards;
using Quartier.Simulator.Faults;

namespace Quartier.Simulator;

/// <summary>The gateway's name, looked up once for all who call it, while the board stands still; its address is kept until connecting
/// to it fails.</summary>
internal sealed class GatewayName(SimulatedChip chip, LineConditions line)
{
    private const long LookUpMs = 40;
    /// <summary>The IP stack gives a name server that does not answer four chances.</summary>
    private const long SilentMs = 7_000;

    private bool kept;

    /// <summary>The answer is there when the interpreter goes on.</summary>
    /// <returns>False when no name server answers.</returns>
    public bool TryFind()
    {
        if (!kept)
        {
            chip.Interpreter.Stop(line.IsNameServerSilent ? SilentMs : LookUpMs);
            kept = !line.IsNameServerSilent;
        }

        return kept;
    }

    public void Forget() => kept = false;
}
