namespace Quartier.Mqtt;

/// <summary>Identifiers of MQTT 5 properties, §2.2.2.2.</summary>
public enum PropertyId : byte
{
    PayloadFormat = 1,
    MessageExpiry = 2,
    ContentType = 3,
    ResponseTopic = 8,
    CorrelationData = 9,
    SubscriptionIdentifier = 11,
    SessionExpiry = 17,
    AssignedClientId = 18,
    ServerKeepAlive = 19,
    AuthenticationMethod = 21,
    AuthenticationData = 22,
    RequestProblemInformation = 23,
    WillDelay = 24,
    RequestResponseInformation = 25,
    ResponseInformation = 26,
    ServerReference = 28,
    ReasonString = 31,
    ReceiveMaximum = 33,
    TopicAliasMaximum = 34,
    TopicAlias = 35,
    MaximumQos = 36,
    RetainAvailable = 37,
    UserProperty = 38,
    MaximumPacketSize = 39,
    WildcardSubscriptionAvailable = 40,
    SubscriptionIdentifierAvailable = 41,
    SharedSubscriptionAvailable = 42,
}

/// <summary>How the value of a property is written.</summary>
internal enum PropertyShape
{
    Unknown,

    /// <summary>One byte that is 0 or 1.</summary>
    Flag,
    TwoBytes,
    FourBytes,

    /// <summary>A number of one to four bytes, §1.5.5.</summary>
    Variable,
    Text,
    Binary,

    /// <summary>A name and a value; the one property that may repeat.</summary>
    TextPair,
}

/// <summary>Sets of properties, one bit each: which packet may carry which.</summary>
internal static class PropertySets
{
    public static readonly ulong Connect = Of(
        PropertyId.SessionExpiry, PropertyId.AuthenticationMethod, PropertyId.AuthenticationData, PropertyId.RequestProblemInformation,
        PropertyId.RequestResponseInformation, PropertyId.ReceiveMaximum, PropertyId.TopicAliasMaximum, PropertyId.UserProperty, PropertyId.MaximumPacketSize);

    /// <summary>What a message carries from its publisher to its subscribers, unread.</summary>
    public static readonly ulong Travelling = Of(
        PropertyId.PayloadFormat, PropertyId.ContentType, PropertyId.ResponseTopic, PropertyId.CorrelationData, PropertyId.UserProperty);

    public static readonly ulong Will = Travelling | Of(PropertyId.WillDelay, PropertyId.MessageExpiry);

    /// <summary>A client's PUBLISH: a subscription identifier is the broker's to add (MQTT-3.3.4-6).</summary>
    public static readonly ulong Publish = Travelling | Of(PropertyId.MessageExpiry, PropertyId.TopicAlias);

    public static readonly ulong Acknowledgement = Of(PropertyId.ReasonString, PropertyId.UserProperty);

    public static readonly ulong Subscribe = Of(PropertyId.SubscriptionIdentifier, PropertyId.UserProperty);

    public static readonly ulong Unsubscribe = Of(PropertyId.UserProperty);

    /// <summary>A client's DISCONNECT.</summary>
    public static readonly ulong Disconnect = Of(PropertyId.SessionExpiry, PropertyId.ReasonString, PropertyId.UserProperty);

    public static bool Holds(this ulong set, PropertyId id) => (set & (1UL << (int)id)) != 0;

    public static PropertyShape ShapeOf(PropertyId id) => id switch
    {
        PropertyId.PayloadFormat or PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation or PropertyId.MaximumQos
            or PropertyId.RetainAvailable or PropertyId.WildcardSubscriptionAvailable or PropertyId.SubscriptionIdentifierAvailable
            or PropertyId.SharedSubscriptionAvailable => PropertyShape.Flag,
        PropertyId.ServerKeepAlive or PropertyId.ReceiveMaximum or PropertyId.TopicAliasMaximum or PropertyId.TopicAlias => PropertyShape.TwoBytes,
        PropertyId.MessageExpiry or PropertyId.SessionExpiry or PropertyId.WillDelay or PropertyId.MaximumPacketSize => PropertyShape.FourBytes,
        PropertyId.SubscriptionIdentifier => PropertyShape.Variable,
        PropertyId.ContentType or PropertyId.ResponseTopic or PropertyId.AssignedClientId or PropertyId.AuthenticationMethod
            or PropertyId.ResponseInformation or PropertyId.ServerReference or PropertyId.ReasonString => PropertyShape.Text,
        PropertyId.CorrelationData or PropertyId.AuthenticationData => PropertyShape.Binary,
        PropertyId.UserProperty => PropertyShape.TextPair,
        _ => PropertyShape.Unknown,
    };

    private static ulong Of(params ReadOnlySpan<PropertyId> ids)
    {
        var set = 0UL;
        foreach (var id in ids)
        {
            set |= 1UL << (int)id;
        }

        return set;
    }
}
