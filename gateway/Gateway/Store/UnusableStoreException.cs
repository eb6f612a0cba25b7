namespace Quartier.Gateway.Store;

/// <summary>A store that this program must not work on: newer than it, damaged, full, or open elsewhere. The message is for operators: what,
/// where, and what to do.</summary>
public sealed class UnusableStoreException(string message, Exception? cause = null) : IOException(message, cause);
