using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Host;
using Quartier.Gateway.Host.Commands;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway;

/// <summary>Accounts from the command line, on a folder of their own and beside a running gateway. In the commands' collection, since
/// they write to the process's own output.</summary>
[Collection(nameof(CommandTests))]
public sealed partial class AccountTests
{
    [Fact]
    public void An_account_is_added_listed_and_removed_and_every_change_is_in_the_audit_log()
    {
        using var store = new TestStore();
        var (code, lines, _) = Account(store, "add", "mia", "--role", "street", "--role", "editor");
        var password = lines[0].GetProperty("password").GetString()!;
        Assert.Equal(CommandLine.Done, code);
        Assert.Matches("^([2-9a-z]{4}-){3}[2-9a-z]{4}$", password);
        Assert.Equal(["street", "editor"], store.Database.Read(db => AccountsTable.Verify(db, "mia", password))!.RoleList);
        Assert.Equal("mia", Account(store, "list").Lines.Single().GetProperty("name").GetString());

        var next = Account(store, "password", "mia").Lines[0].GetProperty("password").GetString()!;
        Assert.Null(store.Database.Read(db => AccountsTable.Verify(db, "mia", password)));
        Assert.Equal(["street", "editor"], store.Database.Read(db => AccountsTable.Verify(db, "mia", next))!.RoleList);

        Assert.Equal(CommandLine.Done, Account(store, "remove", "mia").Code);
        Assert.Empty(Account(store, "list").Lines);
        var audit = store.Database.Read(db => AuditTable.Latest(db, 9));
        Assert.Equal(["account.removed", "account.password-renewed", "account.added"], audit.Select(entry => entry.Action));
        Assert.All(audit, entry => Assert.Equal(("command line", "mia"), (entry.Who, entry.Subject)));
        Assert.DoesNotContain(audit, entry => entry.Detail.Contains(password, StringComparison.Ordinal));
    }

    [Trait("Store", "own")]
    [Fact]
    public void The_store_holds_a_password_as_a_hash_only()
    {
        using var store = new TestStore();
        var password = Account(store, "add", "mia", "--role", "planner").Lines[0].GetProperty("password").GetString()!;
        using var copy = new SqliteConnection($"Data Source={Path.Combine(store.Folder, "quartier.db")};Pooling=False");
        copy.Open();
        using var command = copy.CreateCommand();
        command.CommandText = "SELECT name || password_hash || roles || stamp FROM accounts";
        var row = (string)command.ExecuteScalar()!;
        Assert.DoesNotContain(password, row, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("miaAQ", row, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fresh_store_is_its_owners_alone()
    {
        var parent = Directory.CreateTempSubdirectory("quartier-rights-").FullName;
        var folder = Path.Combine(parent, "store");
        Assert.Equal(CommandLine.Done, CommandTests.Run("account", "add", "mia", "--role", "planner", "--data", folder).Code);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(folder) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Directory.Delete(parent, recursive: true);
    }

    [Theory]
    [InlineData(CommandLine.RefusedInput, "name-taken", "add", "boss", "--role", "street")]
    [InlineData(CommandLine.RefusedInput, "name-taken", "add", "Boss", "--role", "street")]
    [InlineData(CommandLine.RefusedInput, "bad-name", "add", "a b", "--role", "street")]
    [InlineData(CommandLine.RefusedInput, "bad-name", "add", "<b>", "--role", "street")]
    [InlineData(CommandLine.RefusedInput, "unknown", "password", "nobody")]
    [InlineData(CommandLine.RefusedInput, "unknown", "remove", "nobody")]
    [InlineData(CommandLine.RefusedInput, "last-administrator", "remove", "boss")]
    [InlineData(CommandLine.WrongUsage, null, "add", "mia")]
    [InlineData(CommandLine.WrongUsage, null, "add", "mia", "--role", "king")]
    [InlineData(CommandLine.WrongUsage, null, "add")]
    [InlineData(CommandLine.WrongUsage, null, "dance")]
    public void A_change_that_cannot_be_made_says_why_and_changes_nothing(int expected, string? reason, params string[] arguments)
    {
        using var store = new TestStore();
        var password = Account(store, "add", "boss", "--role", "admin").Lines[0].GetProperty("password").GetString()!;
        var (code, lines, errors) = Account(store, arguments);
        Assert.Equal(expected, code);
        Assert.Equal(reason is null ? [] : new[] { reason }, lines.Select(line => line.GetProperty("reason").GetString()));
        Assert.NotEmpty(errors);
        Assert.Single(store.Database.Read(AccountsTable.All));
        Assert.NotNull(store.Database.Read(db => AccountsTable.Verify(db, "boss", password)));
        Assert.Single(store.Database.Read(db => AuditTable.Latest(db, 9)));
    }

    [Fact]
    public void A_mistyped_folder_does_not_become_a_store()
    {
        var nowhere = Path.Combine(Path.GetTempPath(), "quartier-no-such-folder");
        Assert.Equal(CommandLine.WrongUsage, CommandTests.Run("account", "list", "--data", nowhere).Code);
        Assert.Equal(CommandLine.RefusedInput, CommandTests.Run("account", "add", "a b", "--role", "street", "--data", nowhere).Code);
        Assert.False(Directory.Exists(nowhere));
    }

    /// <summary>Goal: the command may be given while the gateway works. Method: two writers on one file, neither sees an error.</summary>
    [Fact]
    public async Task Beside_a_running_gateway_an_account_works_at_once_and_a_new_password_ends_its_sessions()
    {
        var gateway = new GatewayUnderTest();
        await gateway.InitializeAsync();
        using var enough = new CancellationTokenSource();
        var busy = Task.Run(async () =>
        {
            var commits = 0;
            using var pause = gateway.Browser();
            for (; !enough.IsCancellationRequested; commits++)
            {
                await pause.GetAsync("/healthz");
                await gateway.Database.WriteAsync(db => AuditTable.Add(db, gateway.Time.Now, "busy", "test.write", ""));
            }

            return commits;
        });
        var password = Beside(gateway, "add", "mia", "--role", "street").GetProperty("password").GetString()!;
        using var browser = gateway.Browser();
        var entered = await GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", "mia"), ("password", password));
        Assert.Equal("/now", entered.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/now")).StatusCode);

        Beside(gateway, "password", "mia");
        Assert.StartsWith("/log-in", (await browser.GetAsync("/now")).Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", "mia"), ("password", password))).StatusCode);
        await enough.CancelAsync();
        Assert.True(await busy > 0);
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task A_store_without_accounts_gets_one_administrator_whose_password_is_printed_once()
    {
        var folder = Directory.CreateTempSubdirectory("quartier-first-").FullName;
        using var first = await Serve(folder);
        var password = LogInLine().Match(first.Said).Groups[1].Value;
        using (var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = first.Console })
        {
            var entered = await GatewayUnderTest.Post(browser, "/log-in", "/log-in", ("name", "admin"), ("password", password));
            Assert.Equal(HttpStatusCode.Redirect, entered.StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/audit")).StatusCode);
        }

        Assert.Contains($"./quartier account add NAME --role street|facility|editor|planner|admin|provider --data {folder}", first.Said, StringComparison.Ordinal);
        first.Dispose();
        using (var store = Database.Open(folder, Tables.All))
        {
            Assert.Null(store.Write(db => AccountChanges.AddFirst(db, TestStore.Evening, "gateway")));
            Assert.Single(store.Read(AccountsTable.All));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static (int Code, IReadOnlyList<JsonElement> Lines, string Errors) Account(TestStore store, params string[] arguments) =>
        CommandTests.Run(["account", .. arguments, "--json", "--data", store.Folder]);

    private static JsonElement Beside(GatewayUnderTest gateway, params string[] arguments)
    {
        var (code, lines, errors) = CommandTests.Run(["account", .. arguments, "--json", "--data", gateway.Folder]);
        Assert.Equal((CommandLine.Done, ""), (code, errors));
        return lines[0];
    }

    private static async Task<Served> Serve(string folder)
    {
        var process = GatewayProcess.Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Quartier.Gateway.dll"), "serve", "--data", folder, "--http-port", "0", "--mqtt-port", "-1"]);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(GatewayProcess.Patience);
        var said = new StringBuilder();
        Uri? console = null;
        // "ready" comes last, after what there is to say about a first log-in.
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line && line != "ready")
        {
            said.AppendLine(line);
            console ??= line.StartsWith("console ", StringComparison.Ordinal) ? new Uri(line["console ".Length..]) : null;
        }

        return new Served(process, console!, said.ToString());
    }

    [GeneratedRegex("log-in admin password (\\S+)")]
    private static partial Regex LogInLine();

    private sealed record Served(Process Process, Uri Console, string Said) : IDisposable
    {
        private bool ended;

        public void Dispose()
        {
            if (!ended)
            {
                ended = true;
                Process.Kill(entireProcessTree: true);
                Process.WaitForExit();
                Process.Dispose();
            }
        }
    }
}
