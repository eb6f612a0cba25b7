using Quartier.Board;

namespace Quartier.Simulator.Boards;

/// <summary>A service port with no cable in it.</summary>
public sealed class SilentLine : ISerialLine
{
    public int Read(byte[] buffer, int offset, int count) => 0;

    public int Write(byte[] buffer, int offset, int count) => count;
}
