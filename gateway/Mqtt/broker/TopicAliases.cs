namespace Quartier.Mqtt;

/// <summary>The numbers that one MQTT 5 connection uses in place of topics, §3.3.2.3.4.</summary>
internal sealed class TopicAliases(ushort aliasesMax)
{
    private readonly Dictionary<uint, TopicName> byNumber = [];

    /// <returns>Why the connection ends, or null with the topic that is meant.</returns>
    public CloseReason? Resolve(PublishPacket packet, TopicNames names, out TopicName? name)
    {
        name = null;
        if (packet.TopicAlias is { } number)
        {
            if (number == 0 || number > aliasesMax)
            {
                return CloseReason.TopicAliasInvalid;
            }

            if (packet.TopicUtf8.IsEmpty)
            {
                return byNumber.TryGetValue(number, out name) ? null : CloseReason.ProtocolError;
            }
        }

        if (!names.TryGet(packet.TopicUtf8, out name))
        {
            return CloseReason.TopicNameInvalid;
        }

        if (packet.TopicAlias is { } defined)
        {
            byNumber[defined] = name;
        }

        return null;
    }
}
