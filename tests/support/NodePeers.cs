namespace Quartier.Tests.Support;

/// <summary>npm's foreign peers (tests/support/peers/package.json), installed once a checkout into artifacts/peers.</summary>
public static class NodePeers
{
    private static readonly Lazy<string> Installed = new(() => NpmFolder.Install("tests/support/peers", "peers", "--ignore-scripts"));

    /// <summary>Folder whose node_modules holds the peers; run node with this as working directory or NODE_PATH = {Folder}/node_modules.</summary>
    public static string Folder => Installed.Value;
}
