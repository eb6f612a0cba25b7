using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Quartier.Mqtt;

/// <summary>A client as it is connected now. Times are the broker's <see cref="TimeProvider"/>'s.</summary>
/// <param name="Waiting">Messages sent and not acknowledged, or not yet sent.</param>
/// <param name="Dropped">Messages that found its queue full, since its session began.</param>
/// <param name="PublishesWithoutRight">Publishes that were acknowledged and dropped for want of a right, on this connection.</param>
public sealed record ConnectedClient(
    string ClientId, string? User, string From, DateTimeOffset Since, DateTimeOffset LastContact, int Waiting, long Dropped, long PublishesWithoutRight);

/// <summary>MQTT 5 and 3.1.1 broker in the gateway's own process. Kestrel owns the sockets (<see cref="MqttConnectionHandler"/>);
/// sessions and retained messages are kept in memory and end with the process.</summary>
public sealed class MqttBroker : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, BrokerConnection> live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Session> sessions = new(StringComparer.Ordinal);
    private readonly HashSet<BrokerConnection> connections = [];
    private readonly ITimer sweep;
    private long clientNumber;
    private bool stopped;

    /// <param name="intake">Null routes and acknowledges at once: a plain broker.</param>
    public MqttBroker(BrokerOptions options, IMqttAuthenticator authenticator, IPublishIntake? intake, TimeProvider time, ILogger<MqttBroker> log)
    {
        Options = options;
        Authenticator = authenticator;
        Intake = intake;
        Time = time;
        Log = log;
        Retained = new RetainedMessages(options.RetainedMax, time);
        sweep = time.CreateTimer(_ => Sweep(), null, options.SweepPeriod, options.SweepPeriod);
    }

    public BrokerOptions Options { get; }

    internal IMqttAuthenticator Authenticator { get; }

    internal IPublishIntake? Intake { get; }

    internal TimeProvider Time { get; }

    internal ILogger Log { get; }

    internal SubscriptionTree Subscriptions { get; } = new();

    internal RetainedMessages Retained { get; }

    internal bool IsFull
    {
        get
        {
            lock (gate)
            {
                return stopped || connections.Count > Options.ConnectionsMax;
            }
        }
    }

    /// <summary>Sends to every subscriber; the intake does not see it. Callable from any thread.</summary>
    public void Publish(string topic, byte[] payload, bool retain = false, Qos qos = Qos.AtLeastOnce)
    {
        var touched = new List<ClientLink>();
        Route(new InboundPublish("", null, TopicName.From(topic), payload) { Qos = qos, Retain = retain, ReceivedAt = Time.GetUtcNow() }, touched);
        touched.ForEach(link => link.Flush());
    }

    public IReadOnlyList<ConnectedClient> Clients()
    {
        BrokerConnection[] now;
        lock (gate)
        {
            now = [.. live.Values];
        }

        return [.. now.Where(connection => connection.IsAdmitted).Select(connection => connection.Describe())];
    }

    /// <returns>Null when no client of that id is connected.</returns>
    public ConnectedClient? Client(string clientId)
    {
        lock (gate)
        {
            return live.TryGetValue(clientId, out var connection) && connection.IsAdmitted ? connection.Describe() : null;
        }
    }

    /// <summary>Ends a client's connection at once and forgets its session. What it may do next is the authenticator's decision.</summary>
    /// <returns>False when it was not connected.</returns>
    public bool Revoke(string clientId)
    {
        BrokerConnection? connection;
        Session? session;
        lock (gate)
        {
            live.TryGetValue(clientId, out connection);
            sessions.Remove(clientId, out session);
        }

        if (session is not null)
        {
            session.ExpirySeconds = 0;
            _ = EndAsync(session);
        }

        connection?.Close(CloseReason.Revoked);
        return connection is not null;
    }

    /// <summary>Ends every connection and admits nobody any more. Wills stay unsaid: the clients did not go, the broker did.</summary>
    public void Stop()
    {
        BrokerConnection[] open;
        lock (gate)
        {
            stopped = true;
            open = [.. connections];
        }

        foreach (var connection in open)
        {
            connection.Close(CloseReason.BrokerStops);
        }
    }

    public void Dispose()
    {
        Stop();
        sweep.Dispose();
    }

    internal async Task RunAsync(ConnectionContext context)
    {
        var connection = new BrokerConnection(this, context);
        lock (gate)
        {
            connections.Add(connection);
        }

        try
        {
            await connection.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
            {
                connections.Remove(connection);
            }
        }
    }

    internal string NewClientId()
    {
        lock (gate)
        {
            string id;
            do
            {
                id = $"auto-{++clientNumber}";
            }
            while (live.ContainsKey(id) || sessions.ContainsKey(id));
            return id;
        }
    }

    /// <summary>Ends an older connection of the same client id (MQTT-3.1.4-2) with all it still has to do, then resumes or begins the session.</summary>
    internal async Task<(Session Session, bool Present)> TakeSessionAsync(BrokerConnection connection, ConnectPacket connect)
    {
        while (true)
        {
            BrokerConnection? older;
            Session? ended = null;
            (Session, bool)? taken = null;
            lock (gate)
            {
                if (!live.TryGetValue(connect.ClientId, out older))
                {
                    live.Add(connect.ClientId, connection);
                    taken = SessionFor(connect, out ended);
                }
            }

            if (ended is not null)
            {
                await EndAsync(ended).ConfigureAwait(false);
            }

            if (taken is not null)
            {
                return taken.Value;
            }

            older!.Close(CloseReason.TakenOver);
            await older.Ended.ConfigureAwait(false);
        }
    }

    internal void Leave(BrokerConnection connection, Session session)
    {
        Session? outdated = null;
        lock (gate)
        {
            live.Remove(connection.ClientId);
            session.AwaySince = Time.GetTimestamp();
            if (!session.Persistent)
            {
                outdated = session;
            }
            else if (sessions.Count - live.Count > Options.AwaySessionsMax)
            {
                outdated = sessions.Values.Where(kept => !live.ContainsKey(kept.ClientId)).MinBy(kept => kept.AwaySince);
            }

            if (outdated is not null && sessions.GetValueOrDefault(outdated.ClientId) == outdated)
            {
                sessions.Remove(outdated.ClientId);
            }
        }

        if (outdated is not null)
        {
            _ = EndAsync(outdated);
        }
    }

    internal async Task PublishWillAsync(ConnectPacket connect, MqttWill will)
    {
        var publish = new InboundPublish(connect.ClientId, connect.User, TopicName.From(will.Topic), will.Payload)
        {
            Qos = will.Qos, Retain = will.Retain, IsWill = true, ReceivedAt = Time.GetUtcNow(),
            Properties = will.Properties, ExpiresAt = InboundPublish.Expiry(will.Properties, Time),
        };
        var batch = new PublishBatch();
        batch.Add(publish, 0);
        batch.GiveTo(Intake);
        await batch.AnswerAsync().ConfigureAwait(false);
        if (batch.Failure is { } failure)
        {
            Log.IntakeFailed(failure, connect.ClientId);
            return;
        }

        var touched = new List<ClientLink>();
        Route(publish, touched);
        touched.ForEach(link => link.Flush());
    }

    /// <param name="touched">Gathers the links that the caller flushes, once each, when it has routed all it has.</param>
    internal void Route(InboundPublish publish, List<ClientLink> touched)
    {
        if (publish.Retain && !Retained.Keep(publish))
        {
            Log.RetainedFull(publish.Topic, Options.RetainedMax);
        }

        foreach (var matched in Subscriptions.Match(publish.Name).Sessions)
        {
            if (matched.GrantedTo(publish) is not { } granted)
            {
                continue;
            }

            var session = matched.Session;
            var wasDropping = session.IsDropping;
            var qos = publish.Qos < granted ? publish.Qos : granted;
            if (session.Deliver(new Delivery(publish, qos, publish.Retain && matched.RetainAsPublished)) is { } link)
            {
                touched.Add(link);
            }
            else if (session.IsDropping && !wasDropping)
            {
                Log.QueueFull(session.ClientId);
            }
        }
    }

    private (Session Session, bool Present) SessionFor(ConnectPacket connect, out Session? ended)
    {
        ended = null;
        if (sessions.TryGetValue(connect.ClientId, out var kept))
        {
            if (!connect.CleanSession && !kept.HasExpired)
            {
                kept.ExpirySeconds = connect.SessionExpirySeconds;
                kept.Will = null;
                return (kept, true);
            }

            sessions.Remove(connect.ClientId);
            ended = kept;
        }

        var session = new Session(connect.ClientId, connect.SessionExpirySeconds, Options, Time);
        if (session.Persistent)
        {
            sessions.Add(connect.ClientId, session);
        }

        return (session, false);
    }

    /// <summary>A session is over: nothing is routed to it any more, and what it left to be said is said.</summary>
    private async Task EndAsync(Session session)
    {
        foreach (var filter in session.Subscriptions.Values.ToArray())
        {
            Subscriptions.Remove(session, filter);
        }

        if (session.Will is { } will)
        {
            session.Will = null;
            await PublishWillAsync(will.Connect, will.Message).ConfigureAwait(false);
        }
    }

    private void Sweep()
    {
        BrokerConnection[] open;
        lock (gate)
        {
            open = [.. connections];
        }

        foreach (var connection in open)
        {
            connection.CloseWhenOverdue();
        }

        SweepAway();
    }

    /// <summary>Sessions whose time is over, and wills whose client did not come back.</summary>
    private void SweepAway()
    {
        var expired = new List<Session>();
        var due = new List<DelayedWill>();
        lock (gate)
        {
            foreach (var session in sessions.Values.Where(session => !live.ContainsKey(session.ClientId)))
            {
                if (session.HasExpired)
                {
                    expired.Add(session);
                }
                else if (session.Will is { } will && Time.GetTimestamp() >= will.Due)
                {
                    session.Will = null;
                    due.Add(will);
                }
            }

            expired.ForEach(session => sessions.Remove(session.ClientId));
        }

        expired.ForEach(session => _ = EndAsync(session));
        due.ForEach(will => _ = PublishWillAsync(will.Connect, will.Message));
    }
}
