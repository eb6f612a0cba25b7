namespace Quartier.Mqtt;

/// <summary>Why a connection ended, as the log states it.</summary>
public enum CloseReason
{
    /// <summary>DISCONNECT: the only end by the client that keeps the will back.</summary>
    ClientDisconnected,

    /// <summary>MQTT 5: a DISCONNECT that gives another reason than a normal end.</summary>
    ClientDisconnectedWithWill,
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
    ProtocolError,
    ReceiveMaximumExceeded,
    TopicAliasInvalid,
    SubscriptionIdentifierNotOffered,
}

internal static class CloseReasons
{
    /// <summary>Ends in which the peer may not be reading any more, so that nothing is flushed to it.</summary>
    public static bool IsAbrupt(this CloseReason reason) => reason
        is CloseReason.ClientWentAway or CloseReason.KeepAliveExpired or CloseReason.TakenOver
        or CloseReason.Revoked or CloseReason.NoConnectInTime;

    /// <summary>The reason that DISCONNECT gives an MQTT 5 client; null when it is gone by itself.</summary>
    public static ReasonCode? Said(this CloseReason reason) => reason switch
    {
        CloseReason.ClientDisconnected or CloseReason.ClientDisconnectedWithWill or CloseReason.ClientWentAway => null,
        CloseReason.KeepAliveExpired => ReasonCode.KeepAliveTimeout,
        CloseReason.TakenOver => ReasonCode.SessionTakenOver,
        CloseReason.Revoked => ReasonCode.AdministrativeAction,
        CloseReason.BrokerStops => ReasonCode.ServerShuttingDown,
        CloseReason.MalformedPacket => ReasonCode.MalformedPacket,
        CloseReason.UnexpectedPacket or CloseReason.SecondConnect or CloseReason.ProtocolError => ReasonCode.ProtocolError,
        CloseReason.PacketTooLarge => ReasonCode.PacketTooLarge,
        CloseReason.TooManyUnreleased or CloseReason.ReceiveMaximumExceeded => ReasonCode.ReceiveMaximumExceeded,
        CloseReason.TopicNameInvalid => ReasonCode.TopicNameInvalid,
        CloseReason.TopicAliasInvalid => ReasonCode.TopicAliasInvalid,
        CloseReason.SubscriptionIdentifierNotOffered => ReasonCode.SubscriptionIdentifiersNotSupported,
        _ => ReasonCode.Unspecified,
    };

    /// <summary>The end that a packet makes which cannot be taken; null for one that can.</summary>
    public static CloseReason? Of(ReasonCode fault) => fault switch
    {
        ReasonCode.Success => null,
        ReasonCode.SubscriptionIdentifiersNotSupported => CloseReason.SubscriptionIdentifierNotOffered,
        ReasonCode.ProtocolError => CloseReason.ProtocolError,
        _ => CloseReason.MalformedPacket,
    };
}
