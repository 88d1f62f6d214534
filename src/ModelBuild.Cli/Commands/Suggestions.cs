using System.CommandLine;

namespace ModelBuild.Cli.Commands;

/// <summary>Suggests names of commands and options for a mistyped name.</summary>
internal static class Suggestions
{
    /// <summary>Returns a line for each unknown name that is near to a known one; empty if there is none.</summary>
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

    // Returns the line of suggestions for a mistyped name. Names are compared without their dashes, because every option starts with dashes.
    private static string[] Line(string kind, string typed, IEnumerable<string> known)
    {
        var names = known.ToArray();
        var near = NearestName.Of(typed.TrimStart('-'), names.Select(name => name.TrimStart('-')));
        return near is null ? [] : [$"There is no {kind} '{typed}'. Did you mean '{names.First(name => name.TrimStart('-') == near)}'?"];
    }
}
