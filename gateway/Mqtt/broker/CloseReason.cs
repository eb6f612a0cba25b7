namespace Quartier.Mqtt;

/// <summary>Why a connection ended, as the log states it.</summary>
public enum CloseReason
{
    /// <summary>DISCONNECT: the only end that keeps the will back.</summary>
    ClientDisconnected,
    ClientWentAway,
    NoConnectInTime,
    KeepAliveExpired,
    TakenOver,
    Refused,
    Revoked,
    BrokerStops,
    FirstPacketNotConnect,
    SecondConnect,
    MalformedPacket,
    UnexpectedPacket,
    PacketTooLarge,
    TooManyUnreleased,
    TopicNameInvalid,
    IntakeFailed,
    TooManyConnections,
}

internal static class CloseReasons
{
    /// <summary>Ends in which the peer may not be reading any more, so that nothing is flushed to it.</summary>
    public static bool IsAbrupt(this CloseReason reason) => reason
        is CloseReason.ClientWentAway or CloseReason.KeepAliveExpired or CloseReason.TakenOver
        or CloseReason.Revoked or CloseReason.NoConnectInTime;
}
