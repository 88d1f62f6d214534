using System.CommandLine;

namespace ModelBuild.Cli.Commands;

/// <summary>What somebody who mistyped the name of a command or an option may have meant.</summary>
internal static class Suggestions
{
    /// <summary>A line for each name that does not exist and is near to one that does; empty where there is none.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> arguments, ParseResult result)
    {
        var command = result.CommandResult.Command;
        var root = result.RootCommandResult.Command;
        if (command == root && arguments.FirstOrDefault(argument => !argument.StartsWith('-')) is { } name)
            return Line("command", name, root.Subcommands.Where(other => !other.Hidden).Select(other => other.Name));
        string[] known = [.. command.Options.Concat(root.Options.Where(option => option.Recursive)).SelectMany(option => option.Aliases.Append(option.Name))];
        return
        [
            .. arguments
                .TakeWhile(argument => argument != "--")
                .Where(argument => argument.StartsWith("--", StringComparison.Ordinal))
                .Select(argument => argument.Split('=', ':')[0])
                .Where(option => !known.Contains(option))
                .SelectMany(option => Line("option", option, known.Where(other => other.StartsWith("--", StringComparison.Ordinal)))),
        ];
    }

    // Dashes, which every option has, make no name near to another.
    private static string[] Line(string kind, string typed, IEnumerable<string> known)
    {
        var names = known.ToArray();
        var near = NearestName.Of(typed.TrimStart('-'), names.Select(name => name.TrimStart('-')));
        return near is null ? [] : [$"There is no {kind} '{typed}'. Did you mean '{names.First(name => name.TrimStart('-') == near)}'?"];
    }
}
