using System.CommandLine;
using NodaTime;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Host.Commands;

/// <summary>account add|list|remove|password: who may log in. Whoever can write the data folder may do this, also while the gateway
/// runs: it reads accounts at every request, and the two writers wait for each other.</summary>
public static class AccountCommand
{
    /// <summary>Who stands in the audit log: the command was given at the machine itself, by someone without a log-in.</summary>
    private const string Who = "command line";

    public static Command Create() =>
        new("account", "Who may log in: add, list, remove, and give a new password.") { Add(), List(), Remove(), Password(), NetworkServer() };

    private static Command Add()
    {
        var name = NameArgument();
        var roles = new Option<string[]>("--role") { Description = "What the person does; more than one by repeating it.", Required = true };
        roles.AcceptOnlyFromAmong([.. Roles.All]);
        var (data, json) = (CommandLine.DataOption(), CommandLine.JsonOption());
        var command = new Command("add", "Adds an account and prints its password, once. A folder without a store gets one.") { name, roles, data, json };
        command.SetAction(parsed =>
        {
            var (person, wanted) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(roles));
            if (AccountRules.CheckNew(person, wanted, []) is { } refusal)
            {
                return Refuse(refusal, person, parsed.GetValue(json));
            }

            using var database = Database.Open(parsed.GetRequiredValue(data), Tables.All);
            var change = database.Write(db => AccountChanges.Add(db, Now(), Who, person, wanted));
            return Tell(change, person, parsed.GetValue(json));
        });
        return command;
    }

    private static Command List()
    {
        var (data, json) = (CommandLine.DataOption(), CommandLine.JsonOption());
        var command = new Command("list", "Lists the accounts with their roles.") { data, json };
        command.SetAction(parsed => WithStore(parsed.GetRequiredValue(data), database =>
        {
            foreach (var account in database.Read(AccountsTable.All))
            {
                if (parsed.GetValue(json))
                {
                    CommandLine.WriteJson(new { name = account.Name, roles = account.RoleList });
                }
                else
                {
                    Console.WriteLine($"{account.Name,-20} {account.Roles}");
                }
            }

            return CommandLine.Done;
        }));
        return command;
    }

    private static Command Remove()
    {
        var name = NameArgument();
        var (data, json) = (CommandLine.DataOption(), CommandLine.JsonOption());
        var command = new Command("remove", "Removes an account and ends its sessions.") { name, data, json };
        command.SetAction(parsed => WithStore(parsed.GetRequiredValue(data), database =>
        {
            var person = parsed.GetRequiredValue(name);
            if (database.Write(db => AccountChanges.Remove(db, Now(), Who, person)) is { } refusal)
            {
                return Refuse(refusal, person, parsed.GetValue(json));
            }

            if (parsed.GetValue(json))
            {
                CommandLine.WriteJson(new { name = person, outcome = "removed" });
            }
            else
            {
                Console.WriteLine($"{person}: removed; open sessions have ended.");
            }

            return CommandLine.Done;
        }));
        return command;
    }

    private static Command Password()
    {
        var name = NameArgument();
        var (data, json) = (CommandLine.DataOption(), CommandLine.JsonOption());
        var command = new Command("password", "Gives an account a new password, prints it once, and ends its sessions.") { name, data, json };
        command.SetAction(parsed => WithStore(parsed.GetRequiredValue(data), database =>
        {
            var person = parsed.GetRequiredValue(name);
            return Tell(database.Write(db => AccountChanges.Renew(db, Now(), Who, person)), person, parsed.GetValue(json));
        }));
        return command;
    }

    /// <summary>Not a person: the name under which ChirpStack publishes its events to the embedded broker.</summary>
    private static Command NetworkServer()
    {
        var name = NameArgument();
        var (data, json) = (CommandLine.DataOption(), CommandLine.JsonOption());
        var command = new Command("network-server", "Gives a network server its log-in at the broker and prints the password, once. Again: a new password.") { name, data, json };
        command.SetAction(parsed =>
        {
            var server = parsed.GetRequiredValue(name);
            if (AccountRules.CheckNew(server, [Roles.Admin], []) is { } refusal)
            {
                return Refuse(refusal, server, parsed.GetValue(json));
            }

            using var database = Database.Open(parsed.GetRequiredValue(data), Tables.All);
            var secret = Credentials.NewSecret();
            var change = database.Write(db =>
            {
                if (!Credentials.TryPut(db, server, MqttRights.NetworkServer, secret))
                {
                    return AccountChange.Refused(AccountRefusal.NameTaken);
                }

                AuditTable.Add(db, Now(), Who, "network-server.log-in", server);
                return new AccountChange(secret);
            });
            return Tell(change, server, parsed.GetValue(json));
        });
        return command;
    }

    private static Argument<string> NameArgument() => new("name") { Description = "The name to log in with." };

    private static Instant Now() => SystemClock.Instance.GetCurrentInstant();

    // A mistyped folder must not become an empty store.
    private static int WithStore(string data, Func<Database, int> work)
    {
        if (!Database.Exists(data))
        {
            return CommandLine.Usage($"{data}: no store there. --data DIR names the folder that serve works on.");
        }

        using var database = Database.Open(data, Tables.All);
        return work(database);
    }

    private static int Tell(AccountChange change, string name, bool json)
    {
        if (change.Refusal is { } refusal)
        {
            return Refuse(refusal, name, json);
        }

        if (json)
        {
            CommandLine.WriteJson(new { name, password = change.Password });
        }
        else
        {
            Console.WriteLine($"log-in {name} password {change.Password}");
            Console.WriteLine("The password is shown this once; the store keeps only its hash.");
        }

        return CommandLine.Done;
    }

    private static int Refuse(AccountRefusal refusal, string name, bool json)
    {
        var (reason, sentence) = refusal switch
        {
            AccountRefusal.BadName => ("bad-name", $"a name has letters, digits and . _ - @, begins with a letter or digit, and is at most {AccountRules.NameMax} long."),
            AccountRefusal.BadRole => ("bad-role", $"a role is one of {string.Join(", ", Roles.All)}."),
            AccountRefusal.NameTaken => ("name-taken", "there is such an account (letter case does not count); a lost password: account password."),
            AccountRefusal.LastAdministrator => ("last-administrator", "is the last administrator who can log in; add another first."),
            _ => ("unknown", "no such account; account list shows them."),
        };
        if (json)
        {
            CommandLine.WriteJson(new { name, outcome = "refused", reason });
        }

        Console.Error.WriteLine($"{name}: {sentence}");
        return CommandLine.RefusedInput;
    }
}
