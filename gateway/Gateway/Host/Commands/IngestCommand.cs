using System.CommandLine;
using System.Data.Common;
using NodaTime;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host.Commands;

/// <summary>ingest FILE…: saved events of the network server, a JSON file each, through the very pipeline of the broker.</summary>
public static class IngestCommand
{
    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("files") { Description = "JSON files, one event each.", Arity = ArgumentArity.OneOrMore };
        var data = CommandLine.DataOption();
        var register = new Option<bool>("--register") { Description = "Admit devices that nobody registered." };
        var json = CommandLine.JsonOption();
        var command = new Command("ingest", "Takes saved network-server events into the store. Exit code 1 when at least one was refused.") { files, data, register, json };
        command.SetAction(parsed => Ingest(parsed.GetRequiredValue(files), parsed.GetRequiredValue(data), parsed.GetValue(register), parsed.GetValue(json)));
        return command;
    }

    private static int Ingest(FileInfo[] files, string data, bool register, bool json)
    {
        if (files.FirstOrDefault(file => !file.Exists) is { } missing)
        {
            return CommandLine.Usage($"{missing}: no such file.");
        }

        using var database = Database.Open(data, Tables.All);
        var refused = false;
        foreach (var file in files)
        {
            var now = SystemClock.Instance.GetCurrentInstant();
            var envelope = new Envelope(Receive.TopicFromContent, Content(file), "file " + file.Name, now);
            var verdict = database.Write(db => Accept(db, envelope, now, register));
            refused |= verdict.Outcome == Outcome.Refused;
            Print(file, verdict, json);
        }

        return refused ? CommandLine.RefusedInput : CommandLine.Done;
    }

    /// <summary>One byte more than an event may have is enough to refuse it. A byte order mark is the editor's, not the event's.</summary>
    private static byte[] Content(FileInfo file)
    {
        using var stream = file.OpenRead();
        var bytes = new byte[Receive.EventBytesMax + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes.AsSpan(0, length).StartsWith("\uFEFF"u8) ? bytes[3..length] : bytes[..length];
    }

    // A saved event's downlinks are not sent: its device is not waiting for them now.
    private static Verdict Accept(DbConnection db, Envelope envelope, Instant now, bool register) =>
        Pipeline.Accept(db, [envelope], now, [], new PipelineOptions(AdmitUnknown: register))[0];

    private static void Print(FileInfo file, Verdict verdict, bool json)
    {
        var outcome = verdict.Outcome.ToString().ToLowerInvariant();
        var reason = verdict.Reason?.Slug();
        if (json)
        {
            CommandLine.WriteJson(new { file = file.ToString(), outcome, reason, device = verdict.Device, @event = verdict.Event, fields = verdict.Fields, detail = verdict.Detail, odd = verdict.Odd });
            return;
        }

        Console.WriteLine($"{file}: {outcome}{(reason is null ? "" : $", {reason} ({verdict.Detail})")}{(verdict.Device is null ? "" : $", device {verdict.Device}")}{(verdict.Odd is { } odd ? $", odd: {string.Join("; ", odd)}" : "")}");
    }
}
