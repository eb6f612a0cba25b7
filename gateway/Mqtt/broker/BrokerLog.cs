using Microsoft.Extensions.Logging;

namespace Quartier.Mqtt;

/// <summary>Every line the broker logs. Client ids and topics may appear, passwords and payloads never.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(1, LogLevel.Information, "MQTT client {ClientId} connected from {From} (session {Session})")]
    public static partial void Connected(this ILogger log, string clientId, string from, string session);

    [LoggerMessage(2, LogLevel.Information, "MQTT client {ClientId} from {From} closed: {Reason} ({Detail})")]
    public static partial void Closed(this ILogger log, string clientId, string from, CloseReason reason, string detail);

    [LoggerMessage(3, LogLevel.Warning, "MQTT client {ClientId} from {From} was not admitted, connection closed: {Reason} ({Detail})")]
    public static partial void NotAdmitted(this ILogger log, string clientId, string from, CloseReason reason, string detail);

    [LoggerMessage(10, LogLevel.Warning, "MQTT: {Count} more {What} in the last minute: {Causes}")]
    public static partial void MoreRefused(this ILogger log, int count, string what, string causes);

    [LoggerMessage(4, LogLevel.Warning, "MQTT client {ClientId} has no right to publish to {Topic}; acknowledged and dropped")]
    public static partial void NoRightToPublish(this ILogger log, string clientId, string topic);

    [LoggerMessage(5, LogLevel.Warning, "MQTT client {ClientId} was not granted the subscription {Filter}: {Why}")]
    public static partial void NotGranted(this ILogger log, string clientId, string filter, string why);

    [LoggerMessage(6, LogLevel.Warning, "MQTT client {ClientId} is too slow: its queue is full, messages for it are dropped until it has caught up")]
    public static partial void QueueFull(this ILogger log, string clientId);

    [LoggerMessage(7, LogLevel.Warning, "MQTT topic {Topic} is not retained: the limit of {Limit} retained messages or of {Bytes} bytes is reached")]
    public static partial void RetainedFull(this ILogger log, string topic, int limit, long bytes);

    [LoggerMessage(9, LogLevel.Error, "MQTT topic {Topic}: the retained message could not be stored and is lost with the next restart")]
    public static partial void RetainedNotStored(this ILogger log, Exception? cause, string topic);

    [LoggerMessage(8, LogLevel.Error, "MQTT publishes of {ClientId} were not taken in; the connection is closed without acknowledging them")]
    public static partial void IntakeFailed(this ILogger log, Exception? cause, string clientId);
}
