namespace Quartier.Gateway.Store;

/// <summary>The store's files are their owner's alone, whatever the rights of the folder they lie in: an operator may have made it for
/// a group, or for everybody.</summary>
public static class OwnerOnly
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    // What holds reports, hashes or keys. The settings are the operator's own file.
    private static readonly string[] Files = ["quartier.db", "quartier.db-wal", "quartier.db-shm", "releases.jsonl", "links.key"];

    /// <summary>A new folder is its owner's alone; in an existing one the store's own files are.</summary>
    public static void Prepare(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
            return;
        }

        Directory.CreateDirectory(directory, FolderMode);
        MakeFolder(Path.Combine(directory, "keys"));
        foreach (var path in Files.Select(name => Path.Combine(directory, name)).Where(File.Exists))
        {
            File.SetUnixFileMode(path, FileMode);
        }
    }

    /// <summary>A folder for keys: its owner's alone, also where it was there before.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, FolderMode);
        File.SetUnixFileMode(path, FolderMode);
    }

    /// <summary>Makes the file before anybody writes into it; SQLite gives its log the rights of its database.</summary>
    public static void Touch(string path)
    {
        var options = new FileStreamOptions { Mode = System.IO.FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode;
        }

        using var file = new FileStream(path, options);
    }
}
