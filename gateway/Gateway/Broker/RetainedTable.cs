using Dapper;
using NodaTime.Extensions;
using Quartier.Gateway.Store;
using Quartier.Mqtt;

namespace Quartier.Gateway.Broker;

/// <summary>The broker's retained messages in the gateway's store, so that they outlive a restart and a power cut. The broker bounds them.</summary>
public sealed class RetainedTable(Database database) : IRetainedStore
{
    public IReadOnlyList<RetainedMessage> Load() => database.Read(db => db.Query<Row>("SELECT topic, payload, qos, properties, expires_at AS ExpiresAt FROM retained_messages")
        .Select(row => new RetainedMessage(row.Topic, row.Payload, (Qos)row.Qos, row.Properties, row.ExpiresAt.ToInstant()?.ToDateTimeOffset())).ToList());

    public Task PutAsync(RetainedMessage message) => database.WriteAsync(db => db.Execute(
        """
        INSERT INTO retained_messages (topic, payload, qos, properties, expires_at) VALUES (@Topic, @Payload, @Qos, @Properties, @expiresAt)
        ON CONFLICT (topic) DO UPDATE SET payload = excluded.payload, qos = excluded.qos, properties = excluded.properties, expires_at = excluded.expires_at
        """,
        new { message.Topic, message.Payload, Qos = (long)message.Qos, message.Properties, expiresAt = message.ExpiresAt?.ToInstant().ToMicros() }));

    public Task RemoveAsync(string topic) => database.WriteAsync(db => db.Execute("DELETE FROM retained_messages WHERE topic = @topic", new { topic }));

    private sealed class Row
    {
        public string Topic { get; init; } = "";

        public byte[] Payload { get; init; } = [];

        public long Qos { get; init; }

        public byte[] Properties { get; init; } = [];

        public long? ExpiresAt { get; init; }
    }
}
