using Dapper;
using Microsoft.Data.Sqlite;

namespace Quartier.Gateway.Store;

/// <summary>A store's copy in one file, taken while it is in use by SQLite's online backup, whole and checked, its owner's alone.</summary>
public static class StoreCopy
{
    /// <summary>4 MB; between two steps the progress is told.</summary>
    private const int PagesAStep = 1_000;

    /// <param name="from">In a transaction, so that the copy is of one moment however long it takes.</param>
    /// <param name="to">The file; one that is there is replaced once the copy is whole.</param>
    /// <param name="progress">Told what part is done, 0 to 1.</param>
    /// <exception cref="SqliteException">The copy could not be written, or is damaged as the store is. Nothing is left of it.</exception>
    /// <exception cref="IOException">Likewise.</exception>
    public static void Make(SqliteConnection from, string to, Action<double>? progress = null)
    {
        var part = $"{to}.part";
        try
        {
            Forget(part);
            OwnerOnly.Touch(part);
            Write(from, part, progress);
            File.Move(part, to, overwrite: true);
        }
        catch
        {
            Forget(part);
            throw;
        }
    }

    /// <summary>Every page, index and relation.</summary>
    /// <exception cref="InvalidDataException">What is wrong.</exception>
    public static void Check(SqliteConnection store)
    {
        if (store.Query<string>("PRAGMA integrity_check(10)").AsList() is not ["ok"] and var faults)
        {
            throw new InvalidDataException(string.Join("; ", faults));
        }
    }

    private static void Write(SqliteConnection from, string part, Action<double>? progress)
    {
        using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = part, Pooling = false }.ToString());
        copy.Open();
        CopyPages(from, copy, progress);

        // Alone in its file, without a log beside it; what was deleted without being overwritten is left behind.
        copy.Execute("PRAGMA journal_mode=DELETE; PRAGMA secure_delete=ON");
        if (copy.ExecuteScalar<long>("PRAGMA user_version") == 0)
        {
            copy.Execute("VACUUM");
        }

        Check(copy);
    }

    private static void CopyPages(SqliteConnection from, SqliteConnection copy, Action<double>? progress)
    {
        using var backup = SQLitePCL.raw.sqlite3_backup_init(copy.Handle, "main", from.Handle, "main");
        SqliteException.ThrowExceptionForRC(backup.IsInvalid ? SQLitePCL.raw.sqlite3_errcode(copy.Handle) : SQLitePCL.raw.SQLITE_OK, copy.Handle);
        var answer = SQLitePCL.raw.SQLITE_OK;
        while (answer == SQLitePCL.raw.SQLITE_OK)
        {
            answer = SQLitePCL.raw.sqlite3_backup_step(backup, PagesAStep);
            var pages = SQLitePCL.raw.sqlite3_backup_pagecount(backup);
            progress?.Invoke(pages == 0 ? 1 : 1 - ((double)SQLitePCL.raw.sqlite3_backup_remaining(backup) / pages));
        }

        if (answer != SQLitePCL.raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(answer, copy.Handle);
        }
    }

    private static void Forget(string part)
    {
        foreach (var file in new[] { part, $"{part}-journal", $"{part}-wal", $"{part}-shm" })
        {
            File.Delete(file);
        }
    }
}
