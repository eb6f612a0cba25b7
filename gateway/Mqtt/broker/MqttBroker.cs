using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Quartier.Mqtt;

/// <summary>MQTT 5 and 3.1.1 broker in the gateway's own process. Kestrel owns the sockets (<see cref="MqttConnectionHandler"/>);
/// sessions are kept in memory and end with the process; retained messages do not when there is a store for them.</summary>
public sealed class MqttBroker : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<LogIn, BrokerConnection> live = [];
    private readonly Dictionary<LogIn, Session> sessions = [];
    private readonly HashSet<BrokerConnection> connections = [];
    private readonly TakeoverLimit takeovers;
    private readonly ITimer sweep;
    private bool stopped;

    /// <param name="intake">Null routes and acknowledges at once: a plain broker.</param>
    /// <param name="retained">Null keeps retained messages in memory only.</param>
    public MqttBroker(
        BrokerOptions options, IMqttAuthenticator authenticator, IPublishIntake? intake, TimeProvider time, ILogger<MqttBroker> log, IRetainedStore? retained = null)
    {
        Options = options;
        Authenticator = authenticator;
        Intake = intake;
        Time = time;
        Log = log;
        Refusals = new RefusalLogs(log, time);
        Retained = new RetainedMessages(options, retained, time);
        takeovers = new TakeoverLimit(options, time);
        sweep = time.CreateTimer(_ => Sweep(), null, options.SweepPeriod, options.SweepPeriod);
    }

    public BrokerOptions Options { get; }

    internal IMqttAuthenticator Authenticator { get; }

    internal IPublishIntake? Intake { get; }

    internal TimeProvider Time { get; }

    internal ILogger Log { get; }

    internal SubscriptionTree Subscriptions { get; } = new();

    internal RefusalLogs Refusals { get; }

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
        var kept = Route(new InboundPublish("", null, TopicName.From(topic), payload) { Qos = qos, Retain = retain, ReceivedAt = Time.GetUtcNow() }, touched);
        touched.ForEach(link => link.Flush());
        _ = NoteWhenLostAsync(kept, topic);
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

    /// <param name="user">Null for a client that gave none.</param>
    /// <returns>Null when this user has no client of that id connected.</returns>
    public ConnectedClient? Client(string clientId, string? user = null)
    {
        lock (gate)
        {
            return live.TryGetValue(new LogIn(user, clientId), out var connection) && connection.IsAdmitted ? connection.Describe() : null;
        }
    }

    /// <summary>Ends every connection of a user at once, also those that are still logging in, and forgets the user's sessions.
    /// Who may log in from now on is the authenticator's decision, so its answers change first.</summary>
    /// <param name="keep">Log-ins with this proof stay, with their sessions; null: none does.</param>
    public void Revoke(string user, string? keep = null)
    {
        BrokerConnection[] open;
        lock (gate)
        {
            open = [.. connections];
        }

        foreach (var connection in open)
        {
            connection.Revoke(user, keep);
        }

        List<Session> over;
        lock (gate)
        {
            over = [.. sessions.Values.Where(session => session.Owner.User == user && !(live.TryGetValue(session.Owner, out var connection) && connection.Stays))];
            foreach (var session in over)
            {
                session.ExpirySeconds = 0;
                sessions.Remove(session.Owner);
            }
        }

        over.ForEach(session => _ = EndAsync(session));
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

    /// <summary>Ends an older connection of the same log-in (MQTT-3.1.4-2) with all it still has to do, then resumes or begins the session.</summary>
    /// <returns>Null when the newcomer went while it waited for its turn.</returns>
    internal async Task<(Session Session, bool Present)?> TakeSessionAsync(BrokerConnection connection, ConnectPacket connect)
    {
        var owner = new LogIn(connect.User, connect.ClientId);
        TimeSpan? pause = null;
        while (true)
        {
            BrokerConnection? older;
            Session? ended = null;
            (Session, bool)? taken = null;
            lock (gate)
            {
                if (!live.TryGetValue(owner, out older))
                {
                    live.Add(owner, connection);
                    taken = SessionFor(owner, connect, out ended);
                }
                else
                {
                    pause ??= takeovers.Count(owner);
                }
            }

            if (ended is not null)
            {
                await EndAsync(ended).ConfigureAwait(false);
            }

            if (taken is not null)
            {
                return taken;
            }

            if (pause > TimeSpan.Zero)
            {
                if (!await connection.PauseAsync(pause.Value).ConfigureAwait(false))
                {
                    return null;
                }

                pause = TimeSpan.Zero;
                continue;
            }

            older!.Close(CloseReason.TakenOver);
            await older.Ended.ConfigureAwait(false);
        }
    }

    internal void Leave(Session session)
    {
        Session? outdated = null;
        lock (gate)
        {
            live.Remove(session.Owner);
            session.AwaySince = Time.GetTimestamp();
            if (!session.Persistent)
            {
                outdated = session;
            }
            else if (sessions.Count - live.Count > Options.AwaySessionsMax)
            {
                outdated = sessions.Values.Where(kept => !live.ContainsKey(kept.Owner)).MinBy(kept => kept.AwaySince);
            }

            if (outdated is not null && sessions.GetValueOrDefault(outdated.Owner) == outdated)
            {
                sessions.Remove(outdated.Owner);
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
        var kept = Route(publish, touched);
        touched.ForEach(link => link.Flush());
        await NoteWhenLostAsync(kept, publish.Topic).ConfigureAwait(false);
    }

    /// <param name="touched">Gathers the links that the caller flushes, once each, when it has routed all it has.</param>
    /// <returns>Ends when a retained message is stored; has ended for any other.</returns>
    internal Task Route(InboundPublish publish, List<ClientLink> touched)
    {
        var kept = publish.Retain ? Retained.Keep(publish) : Task.CompletedTask;
        if (kept is null)
        {
            Refusals.Retained.Note(publish.ClientId, log => log.RetainedFull(publish.Topic, Options.RetainedMax, Options.RetainedBytesMax));
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

        return kept ?? Task.CompletedTask;
    }

    private async Task NoteWhenLostAsync(Task kept, string topic)
    {
        await kept.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!kept.IsCompletedSuccessfully)
        {
            Log.RetainedNotStored(kept.Exception?.InnerException, topic);
        }
    }

    private (Session Session, bool Present) SessionFor(LogIn owner, ConnectPacket connect, out Session? ended)
    {
        ended = null;
        if (sessions.TryGetValue(owner, out var kept))
        {
            if (!connect.CleanSession && !kept.HasExpired)
            {
                kept.ExpirySeconds = connect.SessionExpirySeconds;
                kept.Will = null;
                return (kept, true);
            }

            sessions.Remove(owner);
            ended = kept;
        }

        var session = new Session(owner, connect.SessionExpirySeconds, Options, Time);
        if (session.Persistent)
        {
            sessions.Add(owner, session);
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
        Refusals.Sweep();
    }

    /// <summary>Sessions whose time is over, and wills whose client did not come back.</summary>
    private void SweepAway()
    {
        var expired = new List<Session>();
        var due = new List<DelayedWill>();
        lock (gate)
        {
            foreach (var session in sessions.Values.Where(session => !live.ContainsKey(session.Owner)))
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

            expired.ForEach(session => sessions.Remove(session.Owner));
            takeovers.Forget();
        }

        expired.ForEach(session => _ = EndAsync(session));
        due.ForEach(will => _ = PublishWillAsync(will.Connect, will.Message));
    }
}
