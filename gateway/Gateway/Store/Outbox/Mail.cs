namespace Quartier.Gateway.Store.Outbox;

/// <summary>A letter to one person.</summary>
/// <param name="Thread">Equal for letters that a mail program should show together; becomes References.</param>
public sealed record Mail(string To, string Subject, string Text, bool Urgent, string? Thread);
