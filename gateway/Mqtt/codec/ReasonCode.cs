namespace Quartier.Mqtt;

/// <summary>Why something was or was not done, MQTT 5 §2.4. From 0x80 on it is a refusal. A SUBACK's granted QoS is a number below 3.</summary>
public enum ReasonCode : byte
{
    Success = 0x00,
    DisconnectWithWill = 0x04,
    NoSubscriptionExisted = 0x11,
    Unspecified = 0x80,
    MalformedPacket = 0x81,
    ProtocolError = 0x82,
    ImplementationSpecific = 0x83,
    UnsupportedProtocolVersion = 0x84,
    ClientIdentifierNotValid = 0x85,
    BadUserNameOrPassword = 0x86,
    NotAuthorized = 0x87,
    ServerUnavailable = 0x88,
    ServerShuttingDown = 0x8B,
    BadAuthenticationMethod = 0x8C,
    KeepAliveTimeout = 0x8D,
    SessionTakenOver = 0x8E,
    TopicFilterInvalid = 0x8F,
    TopicNameInvalid = 0x90,
    PacketIdentifierNotFound = 0x92,
    ReceiveMaximumExceeded = 0x93,
    TopicAliasInvalid = 0x94,
    PacketTooLarge = 0x95,
    QuotaExceeded = 0x97,
    AdministrativeAction = 0x98,
    SharedSubscriptionsNotSupported = 0x9E,
    SubscriptionIdentifiersNotSupported = 0xA1,
}

/// <summary>Protocol level of CONNECT. A connection speaks one from its CONNECT to its end.</summary>
public enum MqttVersion : byte
{
    V311 = 4,
    V5 = 5,
}

public static class ReasonCodes
{
    public static bool IsRefusal(this ReasonCode code) => code >= ReasonCode.Unspecified;

    /// <summary>How MQTT 5 says what MQTT 3.1.1 says by a CONNACK return code.</summary>
    public static ReasonCode InVersion5(this ConnectCode code) => code switch
    {
        ConnectCode.Accepted => ReasonCode.Success,
        ConnectCode.UnacceptableProtocolVersion => ReasonCode.UnsupportedProtocolVersion,
        ConnectCode.IdentifierRejected => ReasonCode.ClientIdentifierNotValid,
        ConnectCode.ServerUnavailable => ReasonCode.ServerUnavailable,
        ConnectCode.BadUserNameOrPassword => ReasonCode.BadUserNameOrPassword,
        ConnectCode.NotAuthorized => ReasonCode.NotAuthorized,
        _ => ReasonCode.Unspecified,
    };
}
