using System.Data.Common;
using System.Threading.Channels;
using MQTTnet.Formatter;
using NodaTime;
using NodaTime.Extensions;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Broker;

/// <summary>Keeps one connection to one outside broker, for ever: MQTT 5 first, 3.1.1 where the broker refuses that, again after a pause
/// that grows. What it hands to the intake is acknowledged when it is stored. While the broker is not reached that is red in
/// <see cref="GatewayHealth"/>, and commands to devices wait.</summary>
public sealed partial class OutsideBroker(string name, OutsideOptions options, Intake intake, Database database, TimeProvider time, GatewayHealth health, ILogger log)
{
    public const int WaitingMax = 1_000;

    private static readonly Duration FirstPause = Duration.FromSeconds(1);
    private static readonly Duration LongestPause = Duration.FromSeconds(30);

    /// <summary>A connection that held this long was a good one: the next pause is short again.</summary>
    private static readonly Duration Holds = Duration.FromMinutes(1);

    private static readonly Duration Calms = Duration.FromSeconds(3);

    /// <summary>In a shorter time nobody puts in another broker.</summary>
    private static readonly Duration LongOutage = Duration.FromMinutes(10);

    private readonly Lock sync = new();
    private readonly Channel<Publication> commands = Channel.CreateBounded<Publication>(WaitingMax);
    private readonly PipelineOptions pipeline = intake.Pipeline with { TopicPrefix = options.Prefix, TakesScreens = false };
    private OutsideStatus status = new(name, options.ToString(), options.IsSecure);
    private MqttProtocolVersion version = MqttProtocolVersion.V500;
    private string? clientId = options.ClientId;
    private long lostAt = time.GetTimestamp();
    private int attempts;

    /// <summary>The status has changed. Be quick.</summary>
    public event Action? Changed;

    public OutsideStatus Status
    {
        get
        {
            lock (sync)
            {
                return status with { Waiting = commands.Reader.Count };
            }
        }
    }

    private Instant Now => time.GetUtcNow().ToInstant();

    /// <summary>Sends it now or when the broker is reached again; one too many is lost, counted and shown.</summary>
    public void Publish(Publication command)
    {
        if (!commands.Writer.TryWrite(command))
        {
            NotSent(OutsideTrouble.QueueFull);
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Suffer(await VisitAsync(stop), stop);
            attempts++;
            var pause = OutboxRules.Delay(FirstPause, LongestPause, $"{clientId}", attempts);
            await PauseAsync(pause, stop);
        }
    }

    /// <returns>Why the connection has ended, or did not come about.</returns>
    private async Task<OutsideTrouble> VisitAsync(CancellationToken stop)
    {
        try
        {
            clientId ??= await database.WriteAsync(db => OutsideTable.ClientId(db, name));
            await using var session = await OpenAsync(stop);
            var since = time.GetTimestamp();
            Greet(session);
            var trouble = await ServeAsync(session, stop);
            lostAt = time.GetTimestamp();
            attempts = Since(since) >= Holds ? 0 : attempts;
            return trouble;
        }
        catch (OutsideException known)
        {
            return known.Trouble;
        }
        catch (DbException)
        {
            return OutsideTrouble.NotStored;
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            Failed(log, name, fault);
            return OutsideTrouble.Unexpected;
        }
        catch (OperationCanceledException)
        {
            return OutsideTrouble.Closed;
        }
    }

    /// <summary>In the version that worked last; in the other where that is what the broker refuses.</summary>
    private async Task<OutsideSession> OpenAsync(CancellationToken stop)
    {
        version = Since(lostAt) >= LongOutage ? MqttProtocolVersion.V500 : version;
        try
        {
            return await OpenAsync(version, stop);
        }
        catch (OutsideException refused) when (refused.Trouble.IsOfVersion)
        {
            var other = version == MqttProtocolVersion.V500 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
            var session = await OpenAsync(other, stop);
            version = other;
            return session;
        }
    }

    private async Task<OutsideSession> OpenAsync(MqttProtocolVersion spoken, CancellationToken stop)
    {
        var session = new OutsideSession(name, options, clientId!, spoken, time, envelope => intake.TakeAsync(envelope, pipeline), Settled);
        try
        {
            await session.OpenAsync(stop);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends commands until the connection ends. One whose acknowledgement did not come goes out again over the next.</summary>
    private async Task<OutsideTrouble> ServeAsync(OutsideSession session, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var working = Task.WhenAll(SendAsync(session, over.Token), CalmAsync(over.Token));
        await ((Task)Task.WhenAny(session.Ended, working)).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await over.CancelAsync();
        await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!session.Ended.IsCompleted)
        {
            await working;
        }

        return await session.Ended;
    }

    private async Task SendAsync(OutsideSession session, CancellationToken cancel)
    {
        while (await commands.Reader.WaitToReadAsync(cancel))
        {
            while (commands.Reader.TryPeek(out var command))
            {
                if (await session.PublishAsync(command, cancel) is { } trouble)
                {
                    NotSent(trouble);
                }

                commands.Reader.TryRead(out _);
                Changed?.Invoke();
            }
        }
    }

    /// <summary>Not at once: a broker that takes us and throws us out in turns stays red.</summary>
    private async Task CalmAsync(CancellationToken cancel)
    {
        await PauseAsync(Calms, cancel);
        health.Clear(FaultName);
    }

    private async Task PauseAsync(Duration pause, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(pause.ToTimeSpan(), time);
        await timer.WaitForNextTickAsync(cancel);
    }

    private Duration Since(long moment) => Duration.FromTimeSpan(time.GetElapsedTime(moment));

    private void Greet(OutsideSession session)
    {
        Change(before => before with { ConnectedSince = Now, Version = OutsideStatus.Word(session.Version), IsAtMostOnce = session.IsAtMostOnce });
        Connected(log, name, options, OutsideStatus.Word(session.Version));
    }

    private void Settled(Instant now) => Change(before => before with { Messages = before.Messages + 1, LastMessageAt = now });

    private void NotSent(OutsideTrouble why) => Change(before => before with { NotSent = before.NotSent + 1, Trouble = why, TroubleAt = Now });

    // The end of a good connection is not red yet: a broker that restarts is back at the next attempt.
    private void Suffer(OutsideTrouble trouble, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return;
        }

        var wasGood = Status.ConnectedSince is not null && attempts == 0 && trouble != OutsideTrouble.NotStored;
        Change(before => before with { ConnectedSince = null, Trouble = trouble, TroubleAt = Now });
        if (wasGood || int.IsPow2(health.Raise(NotReached(trouble), Now).Count))
        {
            Lost(log, name, options, trouble.English);
        }
    }

    private void Change(Func<OutsideStatus, OutsideStatus> change)
    {
        lock (sync)
        {
            status = change(status);
        }

        Changed?.Invoke();
    }

    private string FaultName => "broker " + name;

    private Fault NotReached(OutsideTrouble trouble) => new(
        FaultName,
        $"Vom Broker „{name}“ kommt nichts an. {trouble.German}",
        $"Nothing arrives from the broker \"{name}\". {trouble.English}",
        $"Den Broker und die Einstellungen unter Brokers:{name} prüfen; das Gateway versucht es weiter.",
        $"Check the broker and the settings under Brokers:{name}; the gateway keeps trying.",
        Page: "/connections");

    [LoggerMessage(Level = LogLevel.Information, Message = "broker {Name} at {Address}: connected, {Version}")]
    private static partial void Connected(ILogger log, string name, OutsideOptions address, string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "broker {Name} at {Address}: {Trouble}")]
    private static partial void Lost(ILogger log, string name, OutsideOptions address, string trouble);

    [LoggerMessage(Level = LogLevel.Error, Message = "broker {Name}: a fault in the gateway; it is tried again.")]
    private static partial void Failed(ILogger log, string name, Exception fault);
}
