namespace Quartier.Gateway.Store;

/// <summary>The section Store of appsettings.json.</summary>
/// <param name="PostgreSql">How to reach a PostgreSQL database, as Npgsql reads it: "Host=/run/postgresql;Database=quartier;Username=quartier".
/// Null: SQLite in the data folder.</param>
public sealed record StoreOptions(string? PostgreSql = null);
