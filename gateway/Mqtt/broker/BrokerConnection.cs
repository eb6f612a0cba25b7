using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Quartier.Mqtt;

/// <summary>One network connection from accept to its end: CONNECT, then packets as they come, then the will if it is due.</summary>
internal sealed class BrokerConnection(MqttBroker broker, ConnectionContext context)
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LogInProof proof = new();
    private readonly PipeReader input = context.Transport.Input;
    private readonly long acceptedAt = broker.Time.GetTimestamp();
    private long lastContact = broker.Time.GetTimestamp();
    private volatile PacketHandler? handler;
    private ConnectPacket? connect;
    private string detail = "";
    private int requestedEnd = -1;
    private ConnectPacket? asked;

    /// <summary>Completes after the will and everything else that this connection still had to do.</summary>
    public Task Ended => ended.Task;

    public bool IsAdmitted => handler is not null;

    public string ClientId => connect?.ClientId ?? "?";

    public string From { get; } = context.RemoteEndPoint?.ToString() ?? "?";

    public async Task RunAsync()
    {
        var reason = await HandshakeAsync().ConfigureAwait(false) ?? await ReadPacketsAsync().ConfigureAwait(false);
        if (requestedEnd >= 0 && reason == CloseReason.ClientWentAway)
        {
            reason = (CloseReason)requestedEnd;
        }

        if (handler is not null)
        {
            await EndSessionAsync(handler, reason).ConfigureAwait(false);
            broker.Log.Closed(ClientId, From, reason, detail);
        }
        else
        {
            broker.Refusals.Connections.Note(reason == CloseReason.Refused ? detail : reason.ToString(), log => log.NotAdmitted(ClientId, From, reason, detail));
        }

        ended.TrySetResult();
    }

    /// <summary>Ends the connection from outside; the first reason counts.</summary>
    public void Close(CloseReason reason)
    {
        if (Interlocked.CompareExchange(ref requestedEnd, (int)reason, -1) != -1)
        {
            return;
        }

        var told = TrySayWhy(reason);
        handler?.Link.Close();
        if ((reason.IsAbrupt() || handler is null) && !told)
        {
            context.Abort(new ConnectionAbortedException(reason.ToString()));
        }

        input.CancelPendingRead();
    }

    /// <summary>No end was asked for.</summary>
    public bool Stays => requestedEnd < 0;

    /// <summary>Ends the connection when it is this user's. One that is still logging in ends as soon as it has proven who it is.</summary>
    /// <param name="keep">The proof that still counts, or null.</param>
    public void Revoke(string user, string? keep)
    {
        if (connect?.User == user && proof.Revoke(keep))
        {
            Close(CloseReason.Revoked);
        }
    }

    /// <returns>False when the client went meanwhile, or is to go.</returns>
    public async Task<bool> PauseAsync(TimeSpan pause)
    {
        // Goes on where the timer fires or the connection ends: in virtual time that is one thread.
        var over = new TaskCompletionSource();
        await using var timer = broker.Time.CreateTimer(_ => over.TrySetResult(), null, pause, Timeout.InfiniteTimeSpan);
        await using var gone = context.ConnectionClosed.UnsafeRegister(waiting => ((TaskCompletionSource)waiting!).TrySetResult(), over);
        await over.Task.ConfigureAwait(false);
        return Stays && !context.ConnectionClosed.IsCancellationRequested;
    }

    /// <summary>Called by the broker's sweep.</summary>
    public void CloseWhenOverdue()
    {
        if (handler is null)
        {
            if (broker.Time.GetElapsedTime(acceptedAt) > broker.Options.ConnectWithin)
            {
                Close(CloseReason.NoConnectInTime);
            }
        }
        else if (connect!.KeepAliveSeconds > 0
            && broker.Time.GetElapsedTime(Volatile.Read(ref lastContact)) > TimeSpan.FromSeconds(connect.KeepAliveSeconds * 1.5))
        {
            Close(CloseReason.KeepAliveExpired);
        }
    }

    public ConnectedClient Describe()
    {
        var now = broker.Time.GetUtcNow();
        var session = handler!.Session;
        return new ConnectedClient(
            ClientId, connect!.User, From,
            Since: now - broker.Time.GetElapsedTime(acceptedAt),
            LastContact: now - broker.Time.GetElapsedTime(Volatile.Read(ref lastContact)),
            session.WaitingCount, session.Dropped, handler.PublishesWithoutRight);
    }

    /// <returns>Why the connection ends here, or null when the client was admitted.</returns>
    private async Task<CloseReason?> HandshakeAsync()
    {
        while (true)
        {
            var result = await ReadAsync().ConfigureAwait(false);
            if (result.IsCanceled)
            {
                return CloseReason.ClientWentAway;
            }

            var status = ReadConnect(result.Buffer, out var consumed, out var reading, out var end);
            input.AdvanceTo(consumed, status == FrameStatus.Complete ? consumed : result.Buffer.End);
            if (end is not null)
            {
                return end;
            }

            if (status == FrameStatus.Complete)
            {
                return await AnswerAsync(reading).ConfigureAwait(false);
            }

            if (result.IsCompleted)
            {
                return CloseReason.ClientWentAway;
            }
        }
    }

    private FrameStatus ReadConnect(ReadOnlySequence<byte> buffer, out SequencePosition consumed, out ConnectReading reading, out CloseReason? end)
    {
        var reader = new FrameReader(buffer, broker.Options.ConnectBytesMax);
        reading = ConnectReading.Malformed;
        end = null;
        if (buffer.Length > 0 && (buffer.FirstSpan[0] >> 4) != (int)PacketType.Connect)
        {
            end = CloseReason.FirstPacketNotConnect;
        }

        var status = reader.Next(out var frame);
        if (status == FrameStatus.Complete && end is null)
        {
            reading = frame.Flags == 0 ? ConnectPacket.Read(frame.Body, out connect) : ConnectReading.Malformed;
        }
        else if (status is FrameStatus.Malformed or FrameStatus.TooLarge)
        {
            end ??= status == FrameStatus.TooLarge ? CloseReason.PacketTooLarge : CloseReason.MalformedPacket;
        }

        consumed = reader.Consumed;
        return status;
    }

    private async Task<CloseReason?> AnswerAsync(ConnectReading reading)
    {
        switch (reading)
        {
            case ConnectReading.Malformed:
                return CloseReason.MalformedPacket;
            case ConnectReading.OtherVersion:
                return await RefuseAsync(ConnectCode.UnacceptableProtocolVersion).ConfigureAwait(false);
            case ConnectReading.MissingClientId:
                return await RefuseAsync(ConnectCode.IdentifierRejected).ConfigureAwait(false);
            case ConnectReading.Malformed5:
                return await Refuse5Async(ReasonCode.MalformedPacket).ConfigureAwait(false);
            case ConnectReading.ProtocolError5:
                return await Refuse5Async(ReasonCode.ProtocolError).ConfigureAwait(false);
            case ConnectReading.AuthenticationMethod5:
                return await Refuse5Async(ReasonCode.BadAuthenticationMethod).ConfigureAwait(false);
        }

        asked = connect!;
        connect = Bounded(asked);
        if (connect.ClientId.Length > broker.Options.ClientIdCharactersMax)
        {
            return await RefuseAsync(ConnectCode.IdentifierRejected).ConfigureAwait(false);
        }

        if (connect.PacketBytesMax < broker.Options.ClientPacketBytesMin)
        {
            return await Refuse5Async(ReasonCode.ImplementationSpecific).ConfigureAwait(false);
        }

        if (broker.IsFull)
        {
            return await RefuseAsync(ConnectCode.ServerUnavailable).ConfigureAwait(false);
        }

        var request = new ConnectRequest(connect.ClientId, connect.User, connect.Password, connect.CleanSession, connect.KeepAliveSeconds, context.RemoteEndPoint, CertifiedName(), IsEncrypted());
        var admission = await broker.Authenticator.AdmitAsync(request).ConfigureAwait(false);
        connect = connect with { Password = null };
        var rights = admission.Rights;
        if (rights is not null && !proof.Show(admission.Proof))
        {
            return await RefuseAsync(ConnectCode.BadUserNameOrPassword).ConfigureAwait(false);
        }

        if (rights is null || (connect.Will is { } will && !rights.MayPublish(will.Topic)))
        {
            return await RefuseAsync(rights is null ? admission.Code : ConnectCode.NotAuthorized).ConfigureAwait(false);
        }

        return await AdmitAsync(rights).ConfigureAwait(false);
    }

    private async Task<CloseReason?> AdmitAsync(ClientRights rights)
    {
        if (await broker.TakeSessionAsync(this, connect!).ConfigureAwait(false) is not var (session, present))
        {
            return CloseReason.ClientWentAway;
        }

        var link = new ClientLink(context.Transport.Output, connect!, broker.Time, session.Sync, session.SendWaiting);
        Volatile.Write(ref lastContact, broker.Time.GetTimestamp());
        handler = new PacketHandler(broker, this, connect!, rights, session, link);
        broker.Log.Connected(ClientId, From, present ? "resumed" : connect!.CleanSession ? "clean" : "new");
        session.Attach(link, ConnAck(present), connect!.ReceiveMaximum);
        return null;
    }

    /// <summary>What the client gets of what it asked for.</summary>
    private ConnectPacket Bounded(ConnectPacket wish)
    {
        var keepAliveMax = broker.Options.KeepAliveSecondsMax;
        return wish with
        {
            ClientId = wish.ClientId.Length == 0 ? LogIn.NewClientId() : wish.ClientId,
            SessionExpirySeconds = Math.Min(wish.SessionExpirySeconds, broker.Options.SessionExpirySecondsMax),
            KeepAliveSeconds = wish.Version == MqttVersion.V5 && (wish.KeepAliveSeconds == 0 || wish.KeepAliveSeconds > keepAliveMax) ? keepAliveMax : wish.KeepAliveSeconds,
        };
    }

    private byte[] ConnAck(bool present)
    {
        if (connect!.Version == MqttVersion.V311)
        {
            var accepted = new ArrayBufferWriter<byte>(4);
            PacketWriter.WriteConnAck(accepted, present, ConnectCode.Accepted);
            return accepted.WrittenSpan.ToArray();
        }

        return new ConnAckPacket(present, broker.Options.ReceiveMaximum, broker.Options.PacketBytesMax, broker.Options.TopicAliasMax)
        {
            AssignedClientId = asked!.ClientId.Length == 0 ? connect.ClientId : null,
            ServerKeepAliveSeconds = asked.KeepAliveSeconds == connect.KeepAliveSeconds ? null : connect.KeepAliveSeconds,
            SessionExpirySeconds = asked.SessionExpirySeconds == connect.SessionExpirySeconds ? null : connect.SessionExpirySeconds,
        }.ToBytes();
    }

    private bool IsEncrypted() => context.Features.Get<ITlsConnectionFeature>() is not null;

    private string? CertifiedName() =>
        context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    private async Task<CloseReason?> RefuseAsync(ConnectCode code)
    {
        if (connect?.Version == MqttVersion.V5)
        {
            return await Refuse5Async(code.InVersion5()).ConfigureAwait(false);
        }

        detail = code.ToString();
        PacketWriter.WriteConnAck(context.Transport.Output, sessionPresent: false, code);
        await context.Transport.Output.FlushAsync().ConfigureAwait(false);
        return CloseReason.Refused;
    }

    private async Task<CloseReason?> Refuse5Async(ReasonCode reason)
    {
        detail = reason.ToString();
        await context.Transport.Output.WriteAsync(ConnAckPacket.Refusal(reason)).ConfigureAwait(false);
        return CloseReason.Refused;
    }

    private async Task<CloseReason> ReadPacketsAsync()
    {
        while (requestedEnd < 0)
        {
            var result = await ReadAsync().ConfigureAwait(false);
            if (result.IsCanceled)
            {
                break;
            }

            var end = handler!.Take(result.Buffer, out var consumed);
            if (!consumed.Equals(result.Buffer.Start))
            {
                Volatile.Write(ref lastContact, broker.Time.GetTimestamp());
            }

            input.AdvanceTo(consumed, result.Buffer.End);
            if (end is not null || result.IsCompleted)
            {
                return end ?? CloseReason.ClientWentAway;
            }

            await handler.WhenReadyForMoreAsync().ConfigureAwait(false);
        }

        return CloseReason.ClientWentAway;
    }

    /// <summary>A lost connection reads as cancelled.</summary>
    private async ValueTask<ReadResult> ReadAsync()
    {
        try
        {
            return await input.ReadAsync().ConfigureAwait(false);
        }
        catch (IOException lost)
        {
            detail = lost.Message;
        }
        catch (OperationCanceledException aborted)
        {
            detail = aborted.Message;
        }

        return new ReadResult(default, isCanceled: true, isCompleted: true);
    }

    private async Task EndSessionAsync(PacketHandler admitted, CloseReason reason)
    {
        TrySayWhy(reason);
        var flushing = admitted.Link.Close();
        if (!flushing.IsCompleted)
        {
            context.Abort(new ConnectionAbortedException("The client does not read."));
        }

        await flushing.ConfigureAwait(false);
        await admitted.CommitsDrained.ConfigureAwait(false);
        admitted.Session.Detach(admitted.Link);
        if (reason == CloseReason.Revoked)
        {
            admitted.Session.ExpirySeconds = 0;
        }

        var will = reason is CloseReason.ClientDisconnected or CloseReason.BrokerStops ? null : connect!.Will;
        if (will is { DelaySeconds: > 0 } && admitted.Session.Persistent)
        {
            var due = broker.Time.GetTimestamp() + (will.DelaySeconds * broker.Time.TimestampFrequency);
            admitted.Session.Will = new DelayedWill(connect!, will, due);
        }
        else if (will is not null)
        {
            await broker.PublishWillAsync(connect!, will).ConfigureAwait(false);
        }

        broker.Leave(admitted.Session);
    }

    /// <summary>MQTT 5: the client learns why it is sent away. If it does not take even that in time, the connection is cut.</summary>
    /// <returns>False when it was not told.</returns>
    private bool TrySayWhy(CloseReason reason)
    {
        if (reason.Said() is not { } code || handler?.Link.TrySayLast(code) != true)
        {
            return false;
        }

        var cut = broker.Time.CreateTimer(_ => context.Abort(new ConnectionAbortedException("The client does not read.")), null, broker.Options.FarewellWithin, Timeout.InfiniteTimeSpan);
        context.ConnectionClosed.UnsafeRegister(timer => ((ITimer)timer!).Dispose(), cut);
        return true;
    }
}
