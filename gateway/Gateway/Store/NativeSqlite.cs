using System.Reflection;
using System.Runtime.InteropServices;

namespace Quartier.Gateway.Store;

/// <summary>Loads the system's libsqlite3 where there is one: the copy inside the package is older and has known advisories.</summary>
public static class NativeSqlite
{
    private static readonly string[] SystemNames = ["libsqlite3.so.0", "libsqlite3.dylib", "libsqlite3.so"];
    private static readonly Lock Gate = new();
    private static bool loaded;

    public static void Load()
    {
        lock (Gate)
        {
            if (loaded)
            {
                return;
            }

            NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Resolve);
            SQLitePCL.Batteries_V2.Init();
            // Each connection has one user at a time (Database), so SQLite need not lock each call, nor count each allocation.
            SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
            SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);
            loaded = true;
        }
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != "e_sqlite3")
        {
            return IntPtr.Zero;
        }

        foreach (var candidate in SystemNames)
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
            {
                return handle;
            }
        }

        return IntPtr.Zero;
    }
}
