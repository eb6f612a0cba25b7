namespace Quartier.Mqtt;

/// <summary>Sends PINGREQ once in three quarters of the keep alive (§3.1.2.10) and ends the connection when the broker
/// leaves one unanswered until the next is due.</summary>
internal sealed class KeepAlive : IDisposable
{
    private readonly ClientConnection connection;
    private readonly ITimer? timer;
    private int unanswered;

    public KeepAlive(ClientConnection connection, ushort seconds, TimeProvider time)
    {
        this.connection = connection;
        if (seconds > 0)
        {
            var period = TimeSpan.FromSeconds(seconds * 0.75);
            timer = time.CreateTimer(_ => Ping(), null, period, period);
        }
    }

    public void Answered() => Volatile.Write(ref unanswered, 0);

    public void Dispose() => timer?.Dispose();

    private void Ping()
    {
        if (Interlocked.Exchange(ref unanswered, 1) == 1)
        {
            connection.End(new MqttConnectionLostException("The broker did not answer PINGREQ."));
            return;
        }

        connection.Output.Write(PacketType.PingReq, PacketWriter.WriteEmpty);
    }
}
