using Quartier.Board;

namespace Quartier.Simulator.Boards;

/// <summary>A link to the gateway that tells when something arrived.</summary>
public interface IWakingLink : IMqttLink
{
    event Action? Arrived;
}

/// <summary>What leads from the screen to its gateway.</summary>
/// <param name="Time">Datagrams to where the gateway tells the time.</param>
public sealed record ScreenLines(IWakingLink Link, ITimeLine Time);
