namespace Quartier.Mqtt;

/// <summary>CONNACK of version 5, §3.2. What the broker does not offer is said here, so that no client builds on it.</summary>
internal sealed record ConnAckPacket(bool SessionPresent, ushort ReceiveMaximum, int PacketBytesMax, ushort TopicAliasMaximum)
{
    /// <summary>Said when the client gave none.</summary>
    public string? AssignedClientId { get; init; }

    /// <summary>Said when it differs from what the client asked for.</summary>
    public ushort? ServerKeepAliveSeconds { get; init; }

    /// <summary>Said when it differs from what the client asked for.</summary>
    public uint? SessionExpirySeconds { get; init; }

    /// <summary>A refusal: nothing follows it but the end.</summary>
    public static byte[] Refusal(ReasonCode reason) => [0x20, 3, 0, (byte)reason, 0];

    public byte[] ToBytes()
    {
        var properties = new BodyWriter();
        properties.Property(PropertyId.ReceiveMaximum, ReceiveMaximum);
        properties.Property(PropertyId.MaximumPacketSize, (uint)PacketBytesMax);
        properties.Property(PropertyId.TopicAliasMaximum, TopicAliasMaximum);
        properties.Property(PropertyId.RetainAvailable, true);
        properties.Property(PropertyId.WildcardSubscriptionAvailable, true);
        properties.Property(PropertyId.SubscriptionIdentifierAvailable, false);

        // ChirpStack subscribes to $share/… for its commands unless this says no, and would never hear a confirmation.
        properties.Property(PropertyId.SharedSubscriptionAvailable, false);
        if (AssignedClientId is not null)
        {
            properties.Byte((byte)PropertyId.AssignedClientId);
            properties.Text(AssignedClientId);
        }

        if (ServerKeepAliveSeconds is { } keepAlive)
        {
            properties.Property(PropertyId.ServerKeepAlive, keepAlive);
        }

        if (SessionExpirySeconds is { } expiry)
        {
            properties.Property(PropertyId.SessionExpiry, expiry);
        }

        var body = new BodyWriter();
        body.Byte(SessionPresent ? (byte)1 : (byte)0);
        body.Byte((byte)ReasonCode.Success);
        body.Append(properties);
        return body.ToPacket(0x20);
    }
}
