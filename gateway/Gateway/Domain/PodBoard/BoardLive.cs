using Quartier.Gateway.Store;

namespace Quartier.Gateway.Domain.PodBoard;

/// <summary>The board's pods, for all pages that have it open.</summary>
public sealed class BoardLive(Database database, TimeProvider time) : LiveList(database, time, Tables.Split(' '))
{
    /// <summary>What the board is read from.</summary>
    public const string Tables = "pods devices stays alerts";
}
